"""Run programs under CPython: what each prints, and what it warns of, by the program's own lines.

    python cpython_warnings.py FOLDER ARGUMENT...

Prints JSON: for each program of the folder its standard output, its standard error as CPython
writes it, and the same with the line of the program that was running where a warning names a file
of NumPy's, each message once a line.
"""

from __future__ import annotations

import io
import json
import linecache
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path


def run(path: str, arguments: list[str], *, by_line: bool) -> tuple[str, str]:
    """Standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    seen: set[tuple[str, int]] = set()
    sys.argv = [path, *arguments]

    def show(message: Warning, category: type, file: str, line: int, *_: object) -> None:
        frame = sys._getframe()
        while frame is not None and frame.f_code.co_filename != path:
            frame = frame.f_back
        key = str(message), frame.f_lineno
        if key not in seen:
            seen.add(key)
            text = linecache.getline(path, frame.f_lineno).strip()
            err.write(f"{path}:{frame.f_lineno}: {category.__name__}: {message}\n  {text}\n")

    with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings():
        warnings.resetwarnings()
        warnings.simplefilter("always" if by_line else "default")
        if by_line:
            warnings.showwarning = show
        code = compile(Path(path).read_text(), path, "exec")
        exec(code, {"__name__": "__main__", "__file__": path})
    return out.getvalue(), err.getvalue()


def main() -> None:
    folder, *arguments = sys.argv[1:]
    found = {}
    for path in sorted(Path(folder).glob("*.py")):
        out, raw = run(str(path), arguments, by_line=False)
        found[path.stem] = out, raw, run(str(path), arguments, by_line=True)[1]
    print(json.dumps(found))


if __name__ == "__main__":
    main()

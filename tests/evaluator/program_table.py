"""Small programs that CPython, the evaluator over NumPy, and the IR must agree on.

They are in programs/*.txt: a line `# sentence [arguments] [arguments]`, the program, an empty line.
`PROGRAMS` maps each sentence to (source, list of argument lists to run it with).
"""

from __future__ import annotations

from pathlib import Path

HEADER = "import math\nimport sys\nimport numpy as np\n"


def _parse(text: str) -> dict[str, tuple[str, list[list[str]]]]:
    programs: dict[str, tuple[str, list[list[str]]]] = {}
    for block in text.strip().split("\n\n# "):
        head, _, body = block.removeprefix("# ").partition("\n")
        name, *runs = head.split(" [")
        arguments = [run.rstrip().removesuffix("]").split() for run in runs]
        programs[name] = (HEADER + body + "\n", arguments or [[]])
    return programs


PROGRAMS = {
    name: program
    for path in sorted((Path(__file__).parent / "programs").glob("*.txt"))
    for name, program in _parse(path.read_text(encoding="utf-8")).items()
}

"""A random call by NumPy and by Fleet: value, dtype, shape; or the exception, with its words."""

from __future__ import annotations

import contextlib
import io
import random
import re
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import fleet.dialects  # noqa: F401  (declares what the interpreter executes)
from fleet.diagnostics import FleetError, ProgramError, ProgramExit
from fleet.driver import build
from fleet.emulation import emulate
from fleet.frontend import build_ir, run_ast
from fleet.host import Host
from fleet.ir.interpreter import Interpreter

from .arrays import Maker
from .filling import filled
from .templates import TEMPLATES

LENGTH = "99"
"""The program's argument: `[:N]` of everything is everything."""
HEAD = """import sys
import numpy as np
np.set_printoptions(linewidth=200)
N = int(sys.argv[1])
def show(r, depth=0):
    if isinstance(r, (tuple, list)):
        print(" " * depth + type(r).__name__, len(r))
        for part in r:
            show(part, depth + 1)
    elif isinstance(r, np.ndarray):
        print(" " * depth + "array", r.dtype, r.shape, repr(r))
    else:
        print(" " * depth + repr(r))
"""


@dataclass(frozen=True)
class Case:
    """What is called, and the program that does it."""

    template: str
    program: str

    @property
    def calls(self) -> str:
        return self.program.removeprefix(HEAD)


def case(seed: int, run_time: float = 0.0) -> Case:
    """A template's turn, with arrays of which some have lengths that only run time knows."""
    template = TEMPLATES[seed % len(TEMPLATES)]
    maker = Maker(random.Random(seed), run_time)
    statements = filled(maker, template).split("; ")
    body = [f"    {one}" for one in statements[:-1]]
    last = statements[-1]
    body.append(f"    show({last})")
    lines = [*maker.lines, "try:", *body, "except Exception as e:",
             "    print(type(e).__name__ + ':', e)"]  # fmt: skip
    return Case(template, HEAD + "\n".join(lines) + "\n")


def by_numpy(program: str) -> str:
    """What the program prints here."""
    shown, given = io.StringIO(), sys.argv
    sys.argv = ["program.py", LENGTH]
    try:
        with contextlib.redirect_stdout(shown), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with np.printoptions():
                exec(compile(program, "program.py", "exec"), {"__name__": "__main__"})
    finally:
        sys.argv = given
    return shown.getvalue()


def by_fleet(program: str, path: Path, on: str) -> str:
    """What it prints under an executor, then what Fleet says if it refuses it."""
    path.write_text(program, encoding="utf-8")
    host = Host([str(path), LENGTH], io.StringIO(), io.StringIO(), io.StringIO())
    said = ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if on == "ast":
                run_ast(path, [LENGTH], host)
            elif on == "ir":
                Interpreter(build_ir(path), host).run()
            else:
                elf = str(path.with_suffix(".elf"))
                build(str(path), elf)
                emulate(elf, [LENGTH], vlen=256, host=host)
    except (FleetError, ProgramError, ProgramExit) as error:
        said = f"{type(error).__name__}: {getattr(error, 'message', error)}"
    return host.stdout.getvalue() + said


_NUMBER = re.compile(r"(?<![\w.])-?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+)")


def agree(wanted: str, got: str) -> bool:
    """Whether texts are equal, floats up to the rounding of their dtype."""
    if wanted == got:
        return True
    a, b = (re.sub(r"\s+", " ", re.sub(r"(?<=[\[(])\s+|\s+(?=[\]),])", "", one))
            for one in (wanted, got))  # fmt: skip
    if _NUMBER.sub("#", a) != _NUMBER.sub("#", b):
        return False
    within = 2e-3 if "float16" in a else 2e-5 if re.search("float32|complex64", a) else 1e-10
    left, right = ([float(x) for x in _NUMBER.findall(one)] for one in (a, b))
    largest = max((abs(x) for x in left if abs(x) < 1e300), default=0.0)
    return all(abs(x - y) <= within * max(abs(x), 1e-3 * min(largest, 1e8))
               for x, y in zip(left, right, strict=True))  # fmt: skip

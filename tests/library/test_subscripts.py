"""Random subscripts (ints, slices, arrays, masks, None, ..., in any order), compared with CPython.

One program reads, writes and changes by many keys, with bounds, steps, positions and masks that
only run time knows.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from every_executor import Program, by_cpython

SHAPES = {"a": (3, 4, 2), "b": (3, 5), "c": (4,), "d": (2, 3, 2, 3)}
"""Names of arrays -> their shapes, in which 3 is a length of run time."""


def _array(r: random.Random, n: int) -> str:
    shape = r.choice([(2,), (1,), (2, 2), (2, 1), (0,)])
    numbers: object = [r.randint(-n, n - 1) for _ in range(shape[-1])]
    if len(shape) == 2:
        numbers = [[r.randint(-n, n - 1) for _ in range(shape[1])] for _ in range(shape[0])]
    return f"np.array({numbers}, dtype=int)" + r.choice(["", " + 0 * k"])


def _slice(r: random.Random, n: int) -> str:
    bounds = [r.choice(["", str(r.randint(-n - 1, n + 1)), f"k % {n}"]) for _ in range(2)]
    step = r.choice(["", "1", "-1", "2", "-2", "k % 3 + 1", "-(k % 2) - 1"])
    return ":".join([*bounds, step])


def _mask(r: random.Random, *shape: int) -> str:
    row = [r.random() < 0.6 for _ in range(shape[-1])]
    rows = row if len(shape) == 1 else [[*row[i:], *row[:i]] for i in range(shape[0])]
    return f"(np.array({rows}) & (k > 0))"


def _part(r: random.Random, n: int) -> str:
    kind = r.random()
    if kind < 0.2:
        return r.choice([str(r.randint(-n, n - 1)), f"k % {n}"])
    if kind < 0.45:
        return _slice(r, n)
    if kind < 0.7:
        return _array(r, n)
    return _mask(r, n) if kind < 0.8 else ":"


def _key(r: random.Random, shape: tuple[int, ...]) -> str:
    parts: list[str] = []
    axis = 0
    while axis < len(shape) and r.random() > 0.08:
        if r.random() < 0.1:
            parts.append("None")
        if r.random() < 0.08 and "..." not in parts:
            parts.append("...")
            axis += r.randint(0, len(shape) - axis)
        elif r.random() < 0.07 and axis + 1 < len(shape):
            parts.append(_mask(r, *shape[axis : axis + 2]))
            axis += 2
        else:
            parts.append(_part(r, shape[axis]))
            axis += 1
    return ", ".join(parts) or "..."


def _program(seed: int, count: int) -> str:
    r = random.Random(seed)
    lines = ["import sys", "import numpy as np", "n, k = int(sys.argv[1]), int(sys.argv[2])"]
    for name, shape in SHAPES.items():
        lengths = ", ".join("n" if length == 3 else str(length) for length in shape)
        total = " * ".join(map(str, shape))
        lines.append(f"{name}0 = (np.arange({total}) * k % 101).reshape({lengths})")
    for number in range(count):
        name = r.choice(list(SHAPES))
        key = _key(r, SHAPES[name])
        change = r.choice(["= 1000 + k", "+= k", "*= 2", f"= {name}0[{key}] * 3"])
        lines += [
            "try:", f"    v = {name}0[{key}]", "    print(v.shape, np.asarray(v).tolist())",
            "except IndexError as error:", "    print(error)",
            f"w{number} = {name}0.copy()",
            "try:", f"    w{number}[{key}] {change}", f"    print(w{number}.tolist())",
            "except (IndexError, ValueError) as error:", "    print(error)",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("executor", "seed"), [("ir", 21), ("ir", 25), ("emu", 26)])
def test_random_subscripts(executor: str, seed: int, tmp_path: Path) -> None:
    path = tmp_path / "subscripts.py"
    path.write_text(_program(seed, 12), encoding="utf-8")
    program = Program(executor, path)
    for arguments in (["3", "7"], ["3", "2"]):
        assert program.run(arguments) == by_cpython(path, arguments)

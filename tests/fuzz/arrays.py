"""Random uses of NumPy's arrays: subscripts, ufuncs with their options, and ufuncs' methods.

    python -m tests.fuzz.arrays --seed 1 --programs 20 --on ast,emu
    python -m tests.fuzz.arrays --family subscripts --cases 40

In: a seed. Out: a program of many cases, each of which prints what it made or raised under its
number, so that one build tries dozens of them. The one idea: a case that Fleet refuses is taken out
and the rest built again, so a refusal costs one case and is counted by what it says.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from fleet.diagnostics import FleetError
from fleet.driver import build
from fleet.emulation import emulate
from fleet.frontend import run_ast
from fleet.host import Host
from tests.evaluator.three_ways import Outcome, by_cpython, outcome_of

from .array_functions import call

INTEGERS = "int8 int16 int32 int64 uint8 uint16 uint32 uint64".split()
FLOATS = "float16 float32 float64".split()
DTYPES = ["bool", *INTEGERS, *FLOATS, "complex64", "complex128"]
OFTEN = ["bool", "int64", "int64", "float64", "float64", "int32", "uint8", "float32"]
SHAPES = [(3, 4, 2), (3, 5), (4,), (2, 3, 2), (3,), (1, 3), (3, 1), (0, 3), ()]
"""Of arrays, in which 3 is a length of run time."""

HEAD = """import sys
import numpy as np
np.seterr(all="ignore")
np.set_printoptions(precision=17, threshold=10**6, linewidth=10**6)
n, k = int(sys.argv[1]), int(sys.argv[2])
def made(count, shape, dtype, start):
    return ((np.arange(count) * (k + start) + start) % 13 - (5 if dtype[0] in "ifc" else 0)
            ).astype(dtype).reshape(shape)
def show(x):
    for one in x if isinstance(x, tuple | list) else (x,):
        if isinstance(one, np.ndarray | np.generic):
            print(type(one).__name__, one.dtype, one.shape, one)
        else:
            print(type(one).__name__, one)
"""
ARGUMENTS = ["3", "7"]


class Cases:
    """Makes cases: each a list of statements."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)

    def dtype(self) -> str:
        return self.r.choice(OFTEN if self.r.random() < 0.6 else DTYPES)

    def array(self, shape: tuple[int, ...], dtype: str) -> str:
        """An expression: an array that the run makes."""
        lengths = ", ".join("n" if length == 3 else str(length) for length in shape)
        lengths += "," if len(shape) == 1 else ""
        total = " * ".join(map(str, shape)) or "1"
        return f'made({total}, ({lengths}), "{dtype}", {self.r.randint(1, 9)})'

    def shape(self) -> tuple[int, ...]:
        return self.r.choice(SHAPES)

    # -- subscripts

    def positions(self, n: int) -> str:
        shape = self.r.choice([(2,), (1,), (2, 2), (2, 1), (0,), (3,)])
        low, high = (-n, n - 1) if n else (0, 0)
        if self.r.random() < 0.05:
            low, high = low - 1, high + 1
        rows = [[self.r.randint(low, high) for _ in range(shape[-1])]
                for _ in range(shape[0] if len(shape) == 2 else 1)]  # fmt: skip
        items: object = rows if len(shape) == 2 else rows[0]
        if self.r.random() < 0.2 and shape != (0,):
            return str(items)
        return f"np.array({items}, dtype=int)" + self.r.choice(["", " + 0 * k"])

    def slice(self, n: int) -> str:
        bounds = [self.r.choice(["", str(self.r.randint(-n - 1, n + 1)), f"k % {n + 1}",
                                 f"-(k % {n + 1})"]) for _ in range(2)]  # fmt: skip
        step = self.r.choice(["", "", "1", "-1", "2", "-2", "k % 3 + 1", "-(k % 2) - 1"])
        return ":".join([*bounds, step])

    def mask(self, *shape: int) -> str:
        row = [self.r.random() < 0.6 for _ in range(shape[-1])]
        rows = row if len(shape) == 1 else [[*row[i:], *row[:i]] for i in range(shape[0])]
        return f"(np.array({rows}, bool) & (k > 0))"

    def part(self, n: int, basic: bool) -> str:
        kind = self.r.random()
        if kind < 0.25:
            far = 1 if self.r.random() < 0.05 else 0
            return self.r.choice([str(self.r.randint(-n - far, max(n - 1 + far, -n))),
                                  f"k % {n or 1}", f"np.int64(-(k % {n or 1}))"])  # fmt: skip
        if kind < 0.5 or basic:
            return self.slice(n)
        if kind < 0.75:
            return self.positions(n)
        return self.mask(n) if kind < 0.85 else ":"

    def key(self, shape: tuple[int, ...], basic: bool = False) -> str:
        parts: list[str] = []
        axis = 0
        while axis < len(shape) and self.r.random() > 0.08:
            if self.r.random() < 0.1:
                parts.append(self.r.choice(["None", "np.newaxis"]))
            if self.r.random() < 0.08 and "..." not in parts:
                parts.append("...")
                axis += self.r.randint(0, len(shape) - axis)
            elif not basic and self.r.random() < 0.07 and axis + 1 < len(shape):
                parts.append(self.mask(*shape[axis : axis + 2]))
                axis += 2
            else:
                parts.append(self.part(shape[axis], basic))
                axis += 1
        if self.r.random() < 0.02:
            parts.append(self.part(3, basic))
        return ", ".join(parts) or self.r.choice(["...", "()"])

    def given(self, shape: tuple[int, ...], dtype: str) -> str:
        """What is written or is the other operand: a number or an array."""
        kind = self.r.random()
        if kind < 0.3:
            return self.r.choice(["1", "k", "-3", "300", "2.5", "True", "1j", "np.float32(1.5)"])
        if kind < 0.5:
            other = self.dtype()
            return f"np.{'bool_' if other == 'bool' else other}(k % 5)"
        other = dtype if self.r.random() < 0.5 else self.dtype()
        last = shape[-1:] if shape else ()
        return self.array(self.r.choice([shape, last, (1,), ()]), other)

    def subscripts(self) -> list[str]:
        shape, dtype = self.shape(), self.dtype()
        a, key = self.array(shape, dtype), self.key(shape)
        kind = self.r.random()
        if kind < 0.3:
            return [f"show({a}[{key}])"]
        lines = [f"a = {a}"]
        if kind < 0.55:
            lines.append(f"a[{key}] = {self.given(shape, dtype)}")
        elif kind < 0.65:
            lines.append(f"a[{key}] = a[{key}] * 2")
        elif kind < 0.85:
            sign = self.r.choice(["+", "-", "*", "//", "%", "/", "&", "|", "^", "<<", "**"])
            lines.append(f"a[{key}] {sign}= {self.given(shape, dtype)}")
        elif kind < 0.95:
            key = self.key(shape, basic=True)
            sign = self.r.choice(["+", "*"])
            lines += [f"v = a[{key}]", f"v {sign}= 2", "show(v)"]
        else:
            lines += [f"a[{self.key(shape, True)}] = a[{self.key(shape, True)}]"]
        return [*lines, "show(a)"]

    def overlapping(self) -> list[str]:
        shape, dtype = self.r.choice([(6,), (3, 4), (4, 3), (5,)]), self.dtype()
        first, second = self.r.choice([
            ("1:", ":-1"), (":-1", "1:"), ("::-1", ":"), (":", "::-1"), ("1::2", "::2"),
            ("k % 2:", ":n - k % 2 + 7"), ("2:", ":-2")])  # fmt: skip
        lines = [f"a = {self.array(shape, dtype)}"]
        name = self.r.choice(["add", "maximum", "multiply", "subtract"])
        lines.append(self.r.choice([
            f"a[{first}] = a[{second}]",
            f"a[{first}] += a[{second}]",
            f"np.{name}(a[{first}], a[{second}], out=a[{first}])",
            f"np.{name}(a[{second}], 2, out=a[{first}])",
            f"np.{name}.accumulate(a, out=a)",
            f"np.{name}(a, a[::-1], out=a)",
            f"np.negative(a[{second}], out=a[{first}])",
            f"b = a[{first}]\nb[...] = a[{second}]\nshow(b)",
        ]))  # fmt: skip
        return [*"\n".join(lines).split("\n"), "show(a)"]

    # -- ufuncs

    UNARY = """absolute negative positive sign square sqrt rint floor ceil trunc reciprocal
        logical_not isnan isfinite isinf signbit conjugate invert spacing fabs""".split()
    BINARY = """add subtract multiply divide floor_divide remainder fmod maximum minimum fmax fmin
        bitwise_and bitwise_or bitwise_xor left_shift right_shift equal not_equal less greater
        less_equal greater_equal logical_and logical_or logical_xor copysign gcd lcm heaviside
        nextafter power""".split()
    SEVERAL = ["modf", "frexp", "divmod"]

    def options(self, shape: tuple[int, ...], count: int) -> list[str]:
        """Of a call of a ufunc that makes this many arrays."""
        found = []
        if self.r.random() < 0.4:
            outs = [self.array(shape, self.dtype()) for _ in range(count)]
            found.append("out=" + (outs[0] if count == 1 else f"({', '.join(outs)})"))
            if self.r.random() < 0.5:
                found.append(f"where={self.condition(shape)}")
        if self.r.random() < 0.25:
            found.append(f'dtype="{self.dtype()}"')
        if self.r.random() < 0.25:
            casting = self.r.choice(["no", "equiv", "safe", "same_kind", "unsafe"])
            found.append(f'casting="{casting}"')
        return found

    def condition(self, shape: tuple[int, ...]) -> str:
        return self.r.choice(["k > 1", f'{self.array(shape, "bool")}',
                              f'{self.array(shape[-1:], "int64")} > 2'])  # fmt: skip

    def operand(self, shape: tuple[int, ...], dtype: str) -> str:
        """One that broadcasts with the shape, mostly."""
        if self.r.random() < 0.2:
            return self.r.choice(["2", "k", "-1", "0", "1.5", "True", "np.float32(3)", "300",
                                  "np.uint8(200)", "2j", "np.int64(k)"])  # fmt: skip
        if self.r.random() < 0.5:
            return self.array(shape, dtype)
        smaller = tuple(1 if self.r.random() < 0.3 else one for one in shape)
        smaller = smaller[self.r.randint(0, len(shape)) :] if shape else ()
        if self.r.random() < 0.04:
            smaller = self.shape()
        return self.array(smaller, self.dtype())

    def ufuncs(self) -> list[str]:
        shape, dtype = self.shape(), self.dtype()
        name = self.r.choice([*self.UNARY, *self.BINARY, *self.BINARY, *self.SEVERAL])
        count = 2 if name in self.SEVERAL else 1
        given = [self.array(shape, dtype)]
        if name in self.BINARY or name == "divmod":
            given.append(self.operand(shape, dtype))
            self.r.shuffle(given)
        return [f"show(np.{name}({', '.join([*given, *self.options(shape, count)])}))"]

    REDUCED = "add multiply maximum minimum logical_and logical_or bitwise_or bitwise_and".split()
    MORE = "subtract bitwise_xor fmax logical_xor divide floor_divide gcd".split()

    def axis(self, shape: tuple[int, ...], several: bool) -> str:
        rank = len(shape)
        kind = self.r.random()
        if several and kind < 0.15:
            return "None"
        if several and kind < 0.4 and rank > 1:
            return str(tuple(self.r.sample(range(-rank, 0), self.r.randint(0, 2))))
        far = 1 if self.r.random() < 0.05 else 0
        return str(self.r.randint(-rank - far, max(rank - 1 + far, -rank)))

    def methods(self) -> list[str]:
        shape, dtype = self.shape(), self.dtype()
        name = self.r.choice([*self.REDUCED, *self.REDUCED, *self.MORE])
        a, kind = self.array(shape, dtype), self.r.random()
        options = []
        if self.r.random() < 0.7:
            options.append(f"axis={self.axis(shape, kind < 0.4)}")
        if self.r.random() < 0.25 and kind < 0.75:
            options.append(f'dtype="{self.dtype()}"')
        if kind < 0.4:
            if self.r.random() < 0.3:
                options.append("keepdims=True")
            if self.r.random() < 0.3:
                options.append(f"initial={self.r.choice(['1', 'k', '2.5', '-1'])}")
            if self.r.random() < 0.2:
                options.append(f"where={self.condition(shape)}")
            return [f"show(np.{name}.reduce({', '.join([a, *options])}))"]
        if kind < 0.55:
            return [f"show(np.{name}.accumulate({', '.join([a, *options])}))"]
        if kind < 0.7:
            at = sorted(self.r.randint(0, 2) for _ in range(self.r.randint(1, 3)))
            at = at if self.r.random() < 0.7 else at[::-1]
            return [f"show(np.{name}.reduceat({', '.join([a, str(at), *options])}))"]
        if kind < 0.8:
            other = self.array(self.r.choice([(2,), (3,), (), (1, 2)]), self.dtype())
            return [f"show(np.{name}.outer({a}, {other}))"]
        key = self.positions(shape[0] if shape else 1)
        if self.r.random() < 0.3:
            key = f"np.s_[{self.key(shape)}]"
        if self.r.random() < 0.1:
            return [f"a = {a}", f"np.negative.at(a, {key})", "show(a)"]
        return [f"a = {a}", f"np.{name}.at(a, {key}, {self.given((), dtype)})", "show(a)"]

    # -- methods of arrays and functions with the same options

    TOTALS = "sum prod max min mean var std any all argmax argmin cumsum cumprod ptp".split()

    def totals(self) -> list[str]:
        shape, dtype = self.shape(), self.dtype()
        a, name = self.array(shape, dtype), self.r.choice(self.TOTALS)
        options = []
        if self.r.random() < 0.7:
            options.append(f"axis={self.axis(shape, name not in ('argmax', 'argmin'))}")
        if self.r.random() < 0.2 and name not in ("cumsum", "cumprod"):
            options.append("keepdims=True")
        if self.r.random() < 0.2 and name in ("sum", "prod", "mean", "cumsum"):
            options.append(f'dtype="{self.dtype()}"')
        if self.r.random() < 0.15 and name in ("sum", "prod", "max", "min"):
            options.append("initial=2")
        if self.r.random() < 0.15 and name in ("sum", "prod", "mean", "any", "all", "std"):
            options.append(f"where={self.condition(shape)}")
        if self.r.random() < 0.15 and name in ("var", "std"):
            options.append("ddof=1")
        if self.r.random() < 0.5 and name != "ptp":
            return [f"show({a}.{name}({', '.join(options)}))"]
        return [f"show(np.{name}({', '.join([a, *options])}))"]


def aliases(cases: Cases) -> list[str]:
    """Views of views, changed in turn: what one name does the others show."""
    r, names = cases.r, ["a"]
    lines = [f"a = {cases.array(r.choice([(3, 4), (4, 3), (2, 3, 2), (3, 3)]), cases.dtype())}"]
    for number in range(r.randint(2, 7)):
        name, new = r.choice(names), f"v{number}"
        kind, deep = r.random(), ""
        if r.random() < 0.25:
            lines.append(r.choice(["if k > 3:", "if k > 9:", "for i in range(2):",
                                   "for i in range(k % 3):", "while n > 9:"]))  # fmt: skip
            deep = "    "
        part = r.choice(["[0]", "[:, 1]", "[1:]", "[::-1]", "[:, ::2]", "[..., 0]", "[k % 2]",
                         "[:k % 3]", ".T", ".reshape(-1)", ".ravel()", ".copy()", ".real",
                         ".swapaxes(0, -1)", "[None]", "[[0, 1]]", ".flatten()", "[:]",
                         ".view()", ".squeeze()", ".diagonal()"])  # fmt: skip
        if kind < 0.45 and not deep:
            lines.append(f"{new} = {name}{part}")
            names.append(new)
        elif kind < 0.6:
            sign, by = r.choice(["+=", "*=", "-="]), r.choice(["1", "k", "2"])
            lines.append(f"{deep}{name} {sign} {by}")
        elif kind < 0.75:
            place = r.choice(["[0]", "[...]", "[1:]", "[-1:]"])
            lines.append(f"{deep}{name}{place} = {number + 7}")
        elif kind < 0.85:
            place = r.choice(["[0]", "[...]", "[:1]"])
            lines.append(f"{deep}{name}{place} += {r.choice(names)}.sum()")
        elif kind < 0.92:
            lines.append(f"{deep}{name} = {name} + 1")
        else:
            lines.append(f"{deep}np.add({name}, 1, out={name})")
    return [*lines, f"show(({', '.join(names)},))"]


FAMILIES: dict[str, Callable[[Cases], list[str]]] = {
    "subscripts": Cases.subscripts, "overlapping": Cases.overlapping, "ufuncs": Cases.ufuncs,
    "methods": Cases.methods, "totals": Cases.totals, "functions": call,
    "aliases": aliases,
}  # fmt: skip


def random_cases(seed: int, count: int, family: str | None = None) -> dict[int, list[str]]:
    """By number."""
    cases = Cases(seed)
    makers = [FAMILIES[family]] if family else list(FAMILIES.values())
    return {number: cases.r.choice(makers)(cases) for number in range(count)}


def program(cases: dict[int, list[str]]) -> tuple[str, dict[int, int]]:
    """The text, and for each line which case it is of."""
    lines, owner = HEAD.rstrip("\n").split("\n"), {}
    for number, case in cases.items():
        more = [f'print("#{number}")', "try:", *("    " + line for line in case),
                "except Exception as error:",
                "    print(type(error).__name__, error)"]  # fmt: skip
        for line in more:
            lines.append(line)
            owner[len(lines)] = number
    return "\n".join(lines) + "\n", owner


def printed(text: str) -> dict[int, str]:
    """What each case has printed."""
    parts = re.split(r"^#(\d+)\n", text, flags=re.MULTILINE)[1:]
    return {int(number): shown for number, shown in zip(parts[::2], parts[1::2], strict=True)}


def _on_ast(path: Path) -> Outcome:
    return outcome_of(path, ARGUMENTS, lambda host: run_ast(path, host.argv[1:], host))


def _on_emu(path: Path) -> Outcome:
    elf = str(path.with_suffix(".elf"))
    build(str(path), elf)

    def run(host: Host) -> None:
        emulate(elf, host.argv[1:], vlen=256, host=host)

    return outcome_of(path, ARGUMENTS, run)


LAYERS = {"ast": _on_ast, "emu": _on_emu}


def compare(
    cases: dict[int, list[str]], layer: str, folder: Path
) -> Iterator[tuple[str, list[str], str, str]]:
    """What differs: (what kind of thing it is, the case, what CPython prints, what Fleet does)."""
    cases = dict(cases)
    path = folder / "arrays.py"
    while cases:
        text, owner = program(cases)
        path.write_text(text, encoding="utf-8")
        wanted, said, _ = by_cpython(path, ARGUMENTS)
        assert not said, said
        try:
            got, said, status = LAYERS[layer](path)
        except FleetError as error:
            location = error.location
            number = owner.get(location.line if location is not None else 0)
            if number is None:  # it is in what all cases call
                yield from _one_by_one(cases, layer, folder, "refused", error.message)
                return
            yield "refused", cases.pop(number), "", error.message
            continue
        except Exception as error:
            at = traceback.extract_tb(error.__traceback__)[-1]
            message = f"{error!r} at {at.filename}:{at.lineno}"
            yield from _one_by_one(cases, layer, folder, "internal error", message)
            return
        shown = printed(got)
        for number, expected in printed(wanted).items():
            if number not in shown:
                yield "ended", cases[number], expected, said
                break
            if shown[number] != expected:
                ended = said if status else ""
                yield "differs", cases[number], expected, shown[number] + ended
        return


def _one_by_one(
    cases: dict[int, list[str]], layer: str, folder: Path, kind: str, message: str
) -> Iterator[tuple[str, list[str], str, str]]:
    """Both halves of the cases, as one of them is at fault; the case, where it is the only one."""
    if len(cases) == 1:
        yield kind, *cases.values(), "", message
        return
    items = list(cases.items())
    for half in (items[: len(items) // 2], items[len(items) // 2 :]):
        yield from compare(dict(half), layer, folder)


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.arrays",
                                     description=(__doc__ or "").partition("\n")[0])  # fmt: skip
    parser.add_argument("--seed", type=int, default=1, help="of the first program")
    parser.add_argument("--programs", type=int, default=10)
    parser.add_argument("--cases", type=int, default=30, help="in each program")
    parser.add_argument("--family", choices=list(FAMILIES))
    parser.add_argument("--on", default="ast,emu")
    options = parser.parse_args()
    refused: Counter[str] = Counter()
    wrong = 0
    for seed in range(options.seed, options.seed + options.programs):
        cases = random_cases(seed, options.cases, options.family)
        for layer in options.on.split(","):
            with tempfile.TemporaryDirectory() as folder:
                for kind, case, expected, got in compare(cases, layer, Path(folder)):
                    if kind == "refused":
                        refused[got] += 1
                        if refused[got] > 1:
                            continue
                    wrong += kind != "refused"
                    print(f"-- {layer} {seed}: {kind}", *case, sep="\n")
                    print(f"CPython: {expected}Fleet:   {got}", flush=True)
    for message, count in refused.most_common():
        print(count, "x refused:", message.split("\n")[0])
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(_main())

"""Writes one random program: indentation, names in scope, and which features may come next.

In: a seed and features. Out: a program's text. The one idea: a feature asks for a variable of a
kind, and the first to ask has it defined at the top of the function, so that every name is bound
wherever it is used, and every name is printed at the end.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MOST_TRIPS = 4000
"""Iterations of the innermost body, by nested loops together."""
DEEPEST = 3
SIZES = (3, 3, 4, 4, 5, 5, 6, 7, 9, 12)
"""Statements of a program: most are small, since what goes wrong takes few, and those are fast."""
MOST_N = 8
"""No run-time argument is larger, so `range(n)` counts as so many iterations."""


@dataclass(frozen=True)
class Feature:
    """A way to go on: `write` emits it.

    place: where it can stand: "" anywhere, "loop" in a loop's body, "top" in the module's own body,
    "module" outside functions, "untried" where no exception is being caught
    """

    name: str
    write: Callable[[Writer], None]
    weight: float
    compound: bool
    place: str


FEATURES: dict[str, Feature] = {}
"""All there are, by name."""


def feature(
    *, weight: float = 1, compound: bool = False, place: str = ""
) -> Callable[[Callable[[Writer], None]], Callable[[Writer], None]]:
    """Declares a feature, named after its function."""

    def declare(write: Callable[[Writer], None]) -> Callable[[Writer], None]:
        name = write.__name__.strip("_")
        FEATURES[name] = Feature(name, write, weight, compound, place)
        return write

    return declare


MAKERS: dict[str, list[str]] = {
    "int": ["0", "1", "n", "n + 2"],
    "float": ["0.5", "2.0", "n / 4"],
    "items": ["[3, 1, 2]", "[5, 8]", "[4, 0, 7, 1]"],
    "list": ["[1, 2, 3]", "[n, 4, 2]", "[7, 7, 0, 1]"],
    "dict": ['{"a": 1, "b": 2}', '{"a": n, "b": 0}'],
    "array": ["np.arange(5)", "np.array([1.5, 2.5, 3.5, 4.5, 5.5])", "np.zeros(5)"],
    "rng": ["np.random.default_rng(3)", "np.random.default_rng(11)"],
}
"""How a variable of a kind begins."""

ENDS = {"rng": "{}.random()"}
"""What of a kind is printed at the end, where it is not the variable itself."""


@dataclass
class Scope:
    """A function's body, or the module's."""

    function: str | None
    depth: int
    trips: int = 1
    loops: int = 0
    preamble: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=dict)
    readable: list[str] = field(default_factory=list)
    """Ints that can be read: parameters and loop variables."""


class Writer:
    """One program; the same seed and features make the same program."""

    def __init__(self, seed: int, enabled: list[str]) -> None:
        self.random = random.Random(seed)
        self.enabled = [FEATURES[name] for name in enabled]
        self.module = Scope(None, 0, readable=["n"])
        self.scope = self.module
        self.nesting = 0
        self.trying = 0
        self.left = self.random.choice(SIZES)
        self.functions: list[tuple[str, int]] = []
        self.objects: list[tuple[str, str]] = []
        """Pairs of objects of the module: of a class, and of one that inherits from it."""
        self.imports = {"import sys", "import numpy as np"}
        self.ends: list[str] = []
        self._numbers: dict[str, int] = {}

    def program(self) -> str:
        while self.left > 0:
            self.statement()
        self.print_all(self.module)
        header = [*sorted(self.imports), "n = int(sys.argv[1])"]
        return "\n".join([*header, *self.module.preamble, *self.module.lines]) + "\n"

    def print_all(self, scope: Scope) -> None:
        for kind, names in scope.names.items():
            for name in names:
                self.ends.append(ENDS.get(kind, "{}").format(name))
        for end in self.ends:
            self.emit(f"print({end})")

    # -- text

    def emit(self, text: str) -> None:
        self.scope.lines.append("    " * self.scope.depth + text)

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """What is emitted inside is indented under the header."""
        self.emit(header)
        self.scope.depth += 1
        self.nesting += 1
        yield
        self.nesting -= 1
        self.scope.depth -= 1

    @contextmanager
    def loop(self, header: str, trips: int, *variables: str) -> Iterator[None]:
        """A block that is repeated; its variables can be read inside."""
        scope = self.scope
        scope.trips *= trips
        scope.loops += 1
        scope.readable += variables
        with self.block(header):
            yield
        del scope.readable[len(scope.readable) - len(variables) :]
        scope.loops -= 1
        scope.trips //= trips

    @contextmanager
    def function(self, header: str, name: str, parameters: list[str]) -> Iterator[None]:
        """A function, in which other names are local."""
        outer, loops = self.scope, 0
        self.scope = Scope(name, outer.depth + 1, 40, loops, readable=["n", *parameters])
        self.nesting += 1
        yield
        self.nesting -= 1
        inner, self.scope = self.scope, outer
        self.emit(header)
        indent = "    " * (outer.depth + 1)
        outer.lines += [indent + line for line in inner.preamble] + inner.lines

    def body(self, most: int = 3) -> None:
        for _ in range(self.random.randint(1, most)):
            self.statement()

    def statement(self) -> None:
        """The next statement, of any feature that can stand here."""
        self.left -= 1
        fitting = [each for each in self.enabled if self._fits(each)]
        weights = [each.weight for each in fitting]
        self.random.choices(fitting, weights)[0].write(self)

    def _fits(self, each: Feature) -> bool:
        if each.compound and (self.nesting >= DEEPEST or self.left <= 0):
            return False
        scope = self.scope
        match each.place:
            case "loop":
                return scope.loops > 0
            case "top":
                return scope is self.module and self.nesting == 0
            case "module":
                return scope is self.module
            case "untried":
                return not self.trying
        return True

    # -- names

    def fresh(self, prefix: str) -> str:
        number = self._numbers.get(prefix, 0)
        self._numbers[prefix] = number + 1
        return f"{prefix}{number}"

    def variable(self, kind: str, make: str | None = None, prefix: str | None = None) -> str:
        """A variable of this scope."""
        return self._variable(self.scope, kind, make, prefix)

    def shared(self, kind: str, make: str | None = None, prefix: str | None = None) -> str:
        """An object that any function can reach, but only the module can give another."""
        return self._variable(self.module, kind, make, prefix)

    def _variable(self, scope: Scope, kind: str, make: str | None, prefix: str | None) -> str:
        names = scope.names.setdefault(kind, [])
        if not names or (len(names) < 2 and self.random.random() < 0.3):
            name = self.fresh(prefix or _PREFIXES.get(kind, kind))
            scope.preamble.append(f"{name} = {make or self.random.choice(MAKERS[kind])}")
            names.append(name)
            return name
        return self.random.choice(names)

    def choose(self, *texts: str) -> str:
        return self.random.choice(texts)

    # -- expressions

    def int_value(self, depth: int = 1) -> str:
        """An int of a few digits, perhaps known at run time only."""
        names = [*self.scope.readable, *self.scope.names.get("int", [])]
        kind = self.random.random()
        if depth == 0 or kind < 0.35:
            return self.random.choice([*names, str(self.random.randrange(9))])
        a, b = self.int_value(depth - 1), self.int_value(depth - 1)
        if kind < 0.75:
            return f"{a} {self.choose('+', '-', '*')} {b}"
        return self.choose(f"{a} // 2", f"max({a}, {b})", f"abs({a} - 5)", f"{a} % 5", f"-{a}")

    def small(self) -> str:
        """An int that stays small however often it is computed."""
        return f"({self.int_value(2)}) % 97"

    def index(self, length: int) -> str:
        return self.choose(str(self.random.randrange(length)), f"({self.int_value()}) % {length}")

    def run_time_test(self) -> str:
        """A condition that depends on the arguments; `n > 90` never holds."""
        value = self.int_value()
        return self.choose(
            "n > 2", "n % 2 == 0", "n > 90", "n == 7", "n >= 0", f"{value} < n",
            f"({value} + n) % 3 == 0", f"not n or {value} > 2", f"n > 1 and {value} % 2",
        )  # fmt: skip


_PREFIXES = {"int": "x", "float": "f", "list": "xs", "dict": "d", "array": "a"}

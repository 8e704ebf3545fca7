"""Features: exceptions at run time and what catches them, recursion that ends then, match."""

from __future__ import annotations

from .writer import MOST_N, Writer, feature

_CAUGHT = (
    "ZeroDivisionError", "ValueError", "IndexError", "(ValueError, KeyError)", "Exception",
    "ArithmeticError", "(IndexError, ZeroDivisionError)", "LookupError",
)  # fmt: skip
_FAILING = (
    "10 // ({} - {})", "[4, 5, 6][{}]", "int(str({}) + 'x' * ({} > 3))", "100 % (n - {})",
    "int([7, 8][{} // 2])", "1 / ({} - 1)", "int(np.arange(4)[{}])",
)  # fmt: skip
"""Values that raise for some arguments."""


def failing(w: Writer) -> str:
    value = w.random.choice(_FAILING)
    return value.format(*(w.small() for _ in range(value.count("{}"))))


def _fail(w: Writer) -> None:
    x = w.variable("int")
    match w.random.randrange(4):
        case 0:
            with w.block(f"if {w.run_time_test()}:"):
                w.emit(f"raise {w.choose('ValueError', 'KeyError', 'RuntimeError')}({w.small()})")
        case 1:
            w.emit(f"assert {w.int_value()} != {w.small()}, n")
        case _:
            w.emit(f"{x} = int({failing(w)}) % 97")


def _handlers(w: Writer, way_out: bool) -> None:
    x = w.variable("int")
    for kind in w.random.sample(_CAUGHT, w.random.randint(1, 2)):
        with w.block(f"except {kind} as error:"):
            w.emit(w.choose(f"{x} = ({x} + 2) % 97", "print(type(error).__name__, error)"))
            if way_out and w.scope.loops and w.random.random() < 0.3:
                w.emit(w.choose("break", "continue"))
            elif w.random.random() < 0.1:
                w.emit("raise")
            elif w.random.random() < 0.3:
                w.statement()


@feature(weight=2, compound=True)
def try_run_time(w: Writer) -> None:
    """The body fails here or there, or leaves the loop; then handlers, else and finally."""
    with w.block("try:"):
        if w.random.random() < 0.5:
            w.statement()
        _fail(w)
        if w.random.random() < 0.6:
            w.statement()
        if w.random.random() < 0.3:
            _fail(w)
        if w.scope.loops and w.random.random() < 0.2:
            with w.block(f"if {w.run_time_test()}:"):
                w.emit(w.choose("break", "continue"))
    if w.random.random() < 0.85:
        _handlers(w, True)
        if w.random.random() < 0.3:
            with w.block("else:"):
                w.statement()
        if w.random.random() < 0.7:
            return
    with w.block("finally:"):
        w.emit(f"print('finally', {w.int_value()})")


@feature(weight=1.5, compound=True, place="top")
def function_that_raises(w: Writer) -> None:
    """Called within try and without."""
    name, p = w.fresh("risky"), w.fresh("p")
    with w.function(f"def {name}({p}):", name, [p]):
        w.statement()
        with w.block("try:"):
            _fail(w)
            w.emit(f"return {w.choose(w.int_value(), failing(w))}")
        _handlers(w, False)
        w.emit(f"return {w.small()}")
    x = w.variable("int")
    with w.block("try:"):
        w.emit(f"{x} = int({name}({w.small()})) % 97")
    with w.block("except Exception as error:"):
        w.emit("print('raised', type(error).__name__, error)")


@feature(compound=True)
def with_run_time(w: Writer) -> None:
    """A context manager that sees an exception, and perhaps swallows it."""
    definition = [
        "class Guard:",
        "    def __init__(self, swallows):",
        "        self.swallows = swallows",
        "        self.seen = 0",
        "    def __enter__(self):",
        "        self.seen += 1",
        "        return self",
        "    def __exit__(self, kind, error, trace):",
        "        print('exit', kind is not None, self.seen)",
        "        return self.swallows",
    ]
    if definition[0] not in w.module.preamble:
        w.module.preamble += definition
    with w.block(f"with Guard({w.choose('True', 'False', 'n > 2')}) as guard:"):
        w.emit("guard.seen += 1")
        _fail(w)
        w.statement()


@feature(place="top")
def recursion_with_state(w: Writer) -> None:
    """A recursion that changes a name and an array outside of it, and may raise."""
    name, x, a = w.fresh("rec"), w.variable("int"), w.shared("array")
    with w.block(f"def {name}(k, cells):"):
        w.emit(f"global {x}")
        w.emit(f"{x} = ({x} + k) % 97")
        w.emit(f"cells[k % 5] {w.choose('+= 1', '= k', '*= 2')}")
        with w.block(f"if k {w.choose('== 9', '> 7', '< -1')}:"):
            w.emit("raise ValueError(k)")
        with w.block("if k < 1:"):
            w.emit(f"return {w.choose('k', x)}")
        w.emit(f"return {w.choose('1', 'k')} + {name}(k - {w.choose('1', '2')}, cells) % 97")
    with w.block("try:"):
        w.emit(f"print({name}({w.choose('n', 'n + 1', '3')}, {a}))")
    with w.block("except ValueError as error:"):
        w.emit(f"print('raised', error, {x})")


@feature(place="top")
def recursion_in_two(w: Writer) -> None:
    one, two = w.fresh("rec"), w.fresh("rec")
    with w.block(f"def {one}(k, x):"):
        w.emit(f"return x if k <= 0 else {two}(k - 1, x + n)")
    with w.block(f"def {two}(k, x):"):
        ends, step = w.choose("-x", "x"), w.choose("1", "2")
        w.emit(f"return {ends} if k <= 0 else {one}(k - {step}, x * 2)")
    w.emit(f"print({one}({w.choose('n', '4')}, {w.small()}))")


@feature(compound=True)
def match_run_time(w: Writer) -> None:
    x = w.variable("int")
    two = w.random.random() < 0.4
    subject = f"{w.int_value()} % 5, n % 3" if two else f"{w.int_value()} % 5"
    cases = (["(0, 0)", "(x, 1)", "(1, _) | (_, 2)", "(a, b) if a > b", "(int(a), b)"] if two else
             ["0", "1 | 2", "3 as m", "int(m) if m > n", "-1", "m if m % 2"])  # fmt: skip
    with w.block(f"match {subject}:"):
        for case in w.random.sample(cases, w.random.randint(1, 3)):
            with w.block(f"case {case}:"):
                w.emit(f"{x} = ({x} + {w.random.randrange(9)}) % 97")
                w.statement()
        with w.block("case _:"):
            w.emit("pass")


@feature(compound=True)
def loop_that_raises(w: Writer) -> None:
    i, x = w.fresh("i"), w.variable("int")
    over = w.choose("n", "n + 2", "5")
    with w.block("try:"), w.loop(f"for {i} in range({over}):", MOST_N, i):
        w.emit(f"{x} = ({x} + int({failing(w)})) % 97")
        w.statement()
    with w.block(f"except {w.choose('Exception', '(ArithmeticError, ValueError)')} as error:"):
        w.emit(f"print({i if w.random.random() < 0.1 else x}, error)")

"""Features: exceptions that run time raises, and the ways out of `try` and `with`."""

from __future__ import annotations

from .writer import MOST_N, Writer, feature

RAISING = [
    ("ValueError", "int(str({v}) + {t}) % 97"),
    ("ZeroDivisionError", "({v} + 7) // ({w} % 3)"),
    ("IndexError", "[4, 5, 6, 7][{v} % 6]"),
    ("KeyError", "{{0: 1, 1: 5, 2: 4}}[{v} % 4]"),
    ("ZeroDivisionError", "{v} % (n - 3)"),
    ("ValueError", "[1, 2, n].index({v} % 4)"),
    ("TypeError", "{v} + (None if {w} > n else 1)"),
    ("OverflowError", "int(1e30) // ({v} % 5 + 1)"),
]
"""(what may be raised, an int that may raise it)"""


def _risky(w: Writer) -> tuple[str, str]:
    kind, value = w.random.choice(RAISING[:7])
    text = w.choose('""', '"" if n > 2 else "x"', '"" if n % 2 else "-"')
    return kind, value.format(v=f"({w.int_value()})", w=f"({w.int_value()})", t=f"({text})")


@feature(weight=2)
def try_value(w: Writer) -> None:
    """A value that may raise, and what to take instead."""
    kind, value = _risky(w)
    x = w.variable("int")
    with w.block("try:"):
        w.emit(f"{x} = {value}")
    with w.block(
        f"except {w.choose(kind, kind, '(OSError, ' + kind + ')', 'Exception')} as error:"
    ):
        w.emit(w.choose(f"{x} = -1", "print(type(error).__name__, error)", "print(repr(error))"))


@feature(weight=2, compound=True)
def try_body(w: Writer) -> None:
    """Bodies of all kinds in every part of a `try`."""
    kind = w.choose("ValueError", "KeyError", "RuntimeError")
    with w.block("try:"):
        w.body(2)
        with w.block(f"if {w.run_time_test()}:"):
            w.emit(f"raise {kind}({w.choose('n', chr(34) + 'bad' + chr(34), '')})")
        w.body(1)
    with w.block(f"except {w.choose(kind, 'Exception', 'LookupError')} as error:"):
        w.emit("print(type(error).__name__, error.args)")
        w.body(1)
    if w.random.random() < 0.3:
        with w.block("except Exception:"):
            w.emit("print('another')")
    if w.random.random() < 0.4:
        with w.block("else:"):
            w.body(1)
    if w.random.random() < 0.5:
        with w.block("finally:"):
            w.body(1)


@feature(compound=True)
def try_in_loop(w: Writer) -> None:
    """break and continue leave a `try` whose `finally` is run."""
    i, x = w.fresh("i"), w.variable("int")
    kind, value = _risky(w)
    with w.loop(f"for {i} in {w.choose('range(n)', 'range(5)', '[3, 0, 2]')}:", MOST_N, i):
        with w.block("try:"):
            w.emit(f"{x} = ({x} + {value}) % 97")
            with w.block(f"if {i} == {w.choose('2', 'n - 1')}:"):
                w.emit(w.choose("break", "continue"))
        with w.block(f"except {kind}:"):
            w.emit(w.choose("continue", f"{x} += 1", "break"))
        if w.random.random() < 0.6:
            with w.block("finally:"):
                w.emit(f"{x} = ({x} * 3 + 1) % 97")


@feature(place="top", compound=True)
def try_returns(w: Writer) -> None:
    name, p = w.fresh("fun"), w.fresh("p")
    kind, value = _risky(w)
    with w.function(f"def {name}({p}):", name, [p]):
        with w.block("try:"):
            w.emit(f"return {value}")
        with w.block(f"except {kind}:"):
            w.emit(
                w.choose(f"return {p} + 100", f"{p} += 1", "raise RuntimeError('again') from None")
            )
        with w.block("finally:"):
            w.emit(f'print("left", {p})')
        w.emit(f"return -{p}")
    with w.block("try:"):
        w.emit(f"print({name}({w.small()}), {name}(n))")
    with w.block("except RuntimeError as error:"):
        w.emit('print("caught", error)')


@feature(place="top", compound=True)
def raises_deep_inside(w: Writer) -> None:
    """An exception of the program's own comes out of two calls."""
    own, inner, outer, p = w.fresh("Error"), w.fresh("fun"), w.fresh("fun"), w.fresh("p")
    with w.block(f"class {own}(Exception):"), w.block("def __init__(self, code, *rest):"):
        w.emit("super().__init__(code, *rest)")
        w.emit("self.code = code")
    with w.function(f"def {inner}({p}):", inner, [p]):
        with w.block(f"if {p} % {w.choose('2', '3')} == {w.choose('0', '1')}:"):
            w.emit(f"raise {own}({p}{w.choose('', ', 7')})")
        w.emit(f"return {p} * 2")
    with w.function(f"def {outer}({p}):", outer, [p]):
        w.emit(f"return {inner}({p}) + {inner}({p} + {w.choose('1', '2', 'n')})")
    with w.block(f"for v in {w.choose('range(n)', '(n, 4)', 'range(3)')}:"):
        with w.block("try:"):
            w.emit(f"print({outer}(v))")
        with w.block(f"except {own} as error:"):
            w.emit(w.choose("print(error.code, error)", "print(repr(error.args), error.code + 1)"))
    if w.random.random() < 0.2:
        w.emit(f"print({outer}(n))")


@feature(compound=True)
def with_block(w: Writer) -> None:
    definition = [
        "class Within:",
        "    def __init__(self, name):",
        "        self.name = name",
        "    def __enter__(self):",
        '        print("in", self.name)',
        "        return self",
        "    def __exit__(self, kind, error, trace):",
        '        print("out", self.name, kind is not None)',
        "        return kind is KeyError",
    ]
    if definition[0] not in w.module.preamble:
        w.module.preamble += definition
    with w.block(f"with Within({w.choose('n', '1')}) as inside:"):
        w.emit("inside.name += 1")
        if w.random.random() < 0.4:
            with w.block(f"if {w.run_time_test()}:"):
                w.emit("raise KeyError(n)")
        w.body(1)

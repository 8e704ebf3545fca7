"""Features: names whose type changes, names bound late, strings, tuples, exceptions."""

from __future__ import annotations

from .writer import MOST_N, Writer, feature


def _for(w: Writer) -> tuple[str, str]:
    """A loop's header and its variable."""
    i = w.fresh("i")
    return f"for {i} in {w.choose('range(n)', 'range(n)', 'range(30)', '[1, 5, 2]')}:", i


# -- types that settle


@feature(compound=True)
def int_then_float(w: Writer) -> None:
    acc, (header, i) = w.fresh("acc"), _for(w)
    w.emit(f"{acc} = 0")
    with w.loop(header, 30, i):
        w.emit(f"{acc} {w.choose('+= 0.5', f'+= {i} / 2', f'= {acc} + {i} * 0.5')}")
    w.emit(f"print({acc})")


@feature(compound=True)
def float_then_float64(w: Writer) -> None:
    """A Python float becomes an np.float64, which lists print differently."""
    acc, (header, i) = w.fresh("acc"), _for(w)
    a = w.shared("array")
    w.emit(f"{acc} = 0.0")
    with w.loop(header, 30, i):
        w.emit(f"{acc} += {a}[{i} % 5]")
    w.emit(f"print({w.choose(acc, f'[{acc}]', f'repr({acc})')})")


@feature(compound=True)
def none_then_value(w: Writer) -> None:
    best, (header, i) = w.fresh("best"), _for(w)
    w.emit(f"{best} = None")
    with w.loop(header, 30, i), w.block(f"if {best} is None or {i} > {best}:"):
        w.emit(f"{best} = {i}")
    w.emit(f"print({best}, {best} is None)")


@feature()
def none_or_value(w: Writer) -> None:
    v = w.fresh("v")
    w.emit(f"{v} = None")
    with w.block(f"if {w.run_time_test()}:"):
        w.emit(f"{v} = {w.choose('3', 'n', '2.5', '(1, n)')}")
    w.emit(f"print({v})")
    with w.block(f"if {v} is not None:"):
        w.emit(f'print("some", {v})')


@feature()
def int_or_float(w: Writer) -> None:
    v = w.fresh("v")
    w.emit(f"{v} = 1 if {w.run_time_test()} else 2.5")
    w.emit(f"print({v}, {v} + 1, {v} * 2.0)")


@feature()
def bool_or_int(w: Writer) -> None:
    v = w.fresh("v")
    w.emit(f"{v} = True if {w.run_time_test()} else {w.int_value()}")
    w.emit(f"print({v}, {v} + 1)")


@feature()
def and_or_values(w: Writer) -> None:
    w.emit(f"print({w.int_value()} and {w.int_value()}, {w.int_value()} or {w.choose('7', '0.5')})")


@feature()
def float_or_float64(w: Writer) -> None:
    v, a = w.fresh("v"), w.shared("array")
    w.emit(f"{v} = 1.5 if {w.run_time_test()} else {a}[1]")
    w.emit(f"print({v}, [{v}])")


@feature()
def list_of_mixed(w: Writer) -> None:
    ys = w.fresh("ys")
    w.emit(f"{ys} = [n, 2.5, None]")
    with w.block(f"if {w.run_time_test()}:"):
        w.emit(f"{ys}[{w.choose('0', '1', '2')}] = {w.choose('1', 'n / 2', '0.25')}")
    w.emit(f"print({ys})")


# -- texts and tuples


@feature()
def text_or_text(w: Writer) -> None:
    t = w.fresh("t")
    w.emit(f'{t} = "small"')
    with w.block(f"if {w.run_time_test()}:"):
        w.emit(f'{t} = {w.choose(chr(34) + "a longer one" + chr(34), "str(n)", "chr(34)")}')
    w.emit(f'print({t}, len({t}), {t} + "!", {t} == "small")')


@feature(compound=True)
def text_grows(w: Writer) -> None:
    t, (header, i) = w.fresh("t"), _for(w)
    w.emit(f'{t} = ""')
    with w.loop(header, 30, i):
        w.emit(f"{t} += {w.choose(chr(34) + 'ab' + chr(34), f'str({i})')}")
    w.emit(f"print({t}, len({t}))")


@feature()
def tuple_or_tuple(w: Writer) -> None:
    t = w.fresh("t")
    w.emit(f"{t} = (1, n) if {w.run_time_test()} else ({w.int_value()}, 2)")
    w.emit(f"print({t}, {t}[0], len({t}))")


@feature(compound=True)
def tuple_swap(w: Writer) -> None:
    a, b, (header, i) = w.fresh("p"), w.fresh("p"), _for(w)
    w.emit(f"{a}, {b} = 0, 1")
    with w.loop(header, 30, i):
        w.emit(f"{a}, {b} = {b}, ({a} + {b}) % 97")
    w.emit(f"print({a}, {b})")


@feature()
def comprehension(w: Writer) -> None:
    over = w.choose("range(n)", "range(4)", "[n, 2, 3]", w.shared("items"))
    value = w.choose("k", "k * 2 + n", "k % 3", "k / 2")
    w.emit(f"print({w.choose('sum', 'list', 'max')}([0] + [{value} for k in {over}]))")


@feature()
def comprehension_if(w: Writer) -> None:
    over = w.choose("range(n)", "range(12)", w.shared("items"))
    w.emit(f"print([k for k in {over} if {w.choose('k % 2', 'k > 1', 'k < n')}])")


@feature()
def dict_comprehension(w: Writer) -> None:
    w.emit(f"print({{k: k * n for k in {w.choose('range(4)', w.shared('items'))}}})")


# -- names bound late


@feature(compound=True)
def bound_in_loop(w: Writer) -> None:
    last, i = w.fresh("last"), w.fresh("i")
    with w.loop(f"for {i} in {w.choose('range(n + 1)', 'range(30)', 'range(1, n + 2)')}:", 30, i):
        w.emit(f"{last} = {w.choose(f'{i} * 2', f'{i} / 2', w.int_value())}")
    w.emit(f"print({last}, {i})")


@feature()
def bound_in_branch(w: Writer) -> None:
    late, test = w.fresh("late"), w.run_time_test()
    with w.block(f"if {test}:"):
        w.emit(f"{late} = {w.int_value()}")
    if w.random.random() < 0.5:
        with w.block("else:"):
            w.emit(f"{late} = {w.int_value()}")
        w.emit(f"print({late})")
    else:
        with w.block(f"if {test}:"):
            w.emit(f"print({late})")


@feature(weight=0.3, place="untried")
def unbound(w: Writer) -> None:
    late, i = w.fresh("late"), w.fresh("i")
    with w.block(w.choose(f"for {i} in range(n):", f"if {w.run_time_test()}:")):
        w.emit(f"{late} = n")
    w.emit(f"print({late})")


# -- exceptions


@feature(weight=0.4, compound=True, place="untried")
def index_error(w: Writer) -> None:
    i, x = w.fresh("i"), w.variable("int")
    w.shared("items")
    over = w.choose("[5, 8, 1, 0]", w.shared("items"), w.shared("array"), "'abc'")
    value = f"len({over}[{i}])" if over == "'abc'" else f"int({over}[{i}])"
    with w.loop(f"for {i} in range(n):", MOST_N, i):
        w.emit(f"{x} = ({x} + {value}) % 97")


@feature(weight=0.4, place="untried")
def zero_division(w: Writer) -> None:
    w.emit(f"{w.variable('int')} = 10 {w.choose('//', '%')} (n - {w.choose('3', '7', '90')})")


@feature(weight=0.4, place="untried")
def value_error(w: Writer) -> None:
    kind = w.choose("ValueError", "KeyError", "RuntimeError")
    with w.block(f"if {w.choose('n == 7', 'n == 0')} and {w.run_time_test()}:"):
        w.emit(f"raise {kind}({w.choose(BAD, 'n', F_BAD)})")


@feature(weight=0.4, place="untried")
def own_exception(w: Writer) -> None:
    definition = ["class Own(Exception):", "    pass"]
    if definition[0] not in w.module.preamble:
        w.module.preamble += definition
    with w.block(f"if n == {w.choose('3', '7', '90')}:"):
        w.emit(f'raise Own({w.choose("", chr(34) + "gone" + chr(34), "n, 2")})')


@feature(weight=0.4, place="untried")
def assertion(w: Writer) -> None:
    w.emit(f"assert {w.int_value()} < {w.choose('50', 'n + 9')}{w.choose('', ', n')}")


BAD, F_BAD = '"bad"', 'f"{n} is bad"'
_KNOWN_ERRORS = [
    ("[1, 2][5]", "IndexError"), ("{}['k']", "KeyError"), ("1 // 0", "ZeroDivisionError"),
    ("int('x')", "ValueError"), ("[].pop()", "IndexError"), ("None + 1", "TypeError"),
    ("np.ones(2) + np.ones(3)", "ValueError"), ("nothing", "NameError"), ("len([1])", "ValueError"),
    ("''.nothing", "AttributeError"),
]  # fmt: skip


@feature(weight=1.5)
def try_known(w: Writer) -> None:
    """What raises is known; around it, state changes and a finally."""
    text, kind = w.random.choice(_KNOWN_ERRORS)
    x = w.variable("int")
    w.trying += 1
    with w.block("try:"):
        if w.random.random() < 0.3:
            w.emit(f"{x} += 1")
        w.emit(text)
    w.trying -= 1
    with w.block(f"except {w.choose(kind, f'(OSError, {kind})', 'Exception')} as error:"):
        w.emit(w.choose(f"{x} += 2", "print(type(error).__name__, error)"))
    if w.random.random() < 0.3:
        with w.block("else:"):
            w.emit(f"{x} += 3")
    if w.random.random() < 0.3:
        with w.block("finally:"):
            w.emit(f"{x} += 4")

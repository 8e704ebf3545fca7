"""Features: branches, loops, ways out of them, functions."""

from __future__ import annotations

from .writer import MOST_N, MOST_TRIPS, Writer, feature

# -- branches


@feature(weight=3, compound=True)
def if_run_time(w: Writer) -> None:
    with w.block(f"if {w.run_time_test()}:"):
        w.body()
    if w.random.random() < 0.5:
        with w.block("else:"):
            w.body(2)


@feature(compound=True)
def if_known(w: Writer) -> None:
    with w.block(w.choose("if 2 > 1:", "if not []:", "if 3 in (1, 2):")):
        w.body(2)
    with w.block("else:"):
        w.body(2)


@feature(compound=True)
def if_chain(w: Writer) -> None:
    with w.block(f"if {w.run_time_test()}:"):
        w.body(2)
    for _ in range(w.random.randint(1, 3)):
        with w.block(f"elif {w.run_time_test()}:"):
            w.body(2)
    if w.random.random() < 0.7:
        with w.block("else:"):
            w.body(2)


# -- loops


def _loop(w: Writer, header: str, trips: int, *variables: str) -> None:
    if w.scope.trips * trips > MOST_TRIPS:
        header, trips = f"for {variables[0]} in range(2):", 2
        variables = variables[:1]
    with w.loop(header, trips, *variables):
        w.body()


@feature(weight=2, compound=True)
def for_range_n(w: Writer) -> None:
    i = w.fresh("i")
    over = w.choose("range(n)", "range(n)", "range(1, n + 1)", "range(n, 0, -1)")
    _loop(w, f"for {i} in {over}:", MOST_N, i)


@feature(compound=True)
def for_range_small(w: Writer) -> None:
    i = w.fresh("i")
    _loop(w, f"for {i} in {w.choose('range(3)', 'range(1, 3)', 'range(4, 0, -2)')}:", 3, i)


@feature(compound=True)
def for_range_long(w: Writer) -> None:
    i = w.fresh("i")
    _loop(w, f"for {i} in range({w.random.randint(20, 60)}):", 60, i)


@feature(compound=True)
def for_list(w: Writer) -> None:
    i = w.fresh("i")
    _loop(w, f"for {i} in {w.choose(w.shared('items'), '[2, 9]', '(1, 4, 6)')}:", 4, i)


@feature(compound=True)
def for_array(w: Writer) -> None:
    v = w.fresh("v")
    i = w.fresh("i")
    with w.loop(f"for {v} in {w.choose('np.arange(5)', 'np.arange(30)', 'np.arange(n)')}:", 30, i):
        w.emit(f"{i} = int({v})")
        w.body(2)


@feature(compound=True)
def for_enumerate(w: Writer) -> None:
    i, j = w.fresh("i"), w.fresh("i")
    over = w.choose(w.shared("items"), "range(n)", "[n, 2]")
    _loop(w, f"for {i}, {j} in enumerate({over}):", MOST_N, i, j)


@feature(compound=True)
def for_zip(w: Writer) -> None:
    i, j = w.fresh("i"), w.fresh("i")
    over = w.choose(f"{w.shared('items')}, [n, 1, 2]", "range(n), range(2, 40)", "[1, 2], (3, 4)")
    _loop(w, f"for {i}, {j} in zip({over}):", MOST_N, i, j)


@feature(compound=True)
def for_reversed(w: Writer) -> None:
    i = w.fresh("i")
    _loop(w, f"for {i} in reversed({w.choose(w.shared('items'), 'range(n)')}):", MOST_N, i)


@feature(compound=True)
def while_run_time(w: Writer) -> None:
    i = w.fresh("w")
    w.emit(f"{i} = 0")
    with w.loop(f"while {i} < {w.choose('n', 'n - 1', 'n // 2 + 1')}:", MOST_N, i):
        w.emit(f"{i} += 1")
        w.body(2)


@feature(compound=True)
def while_known(w: Writer) -> None:
    i = w.fresh("w")
    w.emit(f"{i} = 3")
    with w.loop(f"while {i}:", 3, i):
        w.emit(f"{i} -= 1")
        w.body(2)


@feature(compound=True)
def while_true(w: Writer) -> None:
    i = w.fresh("w")
    w.emit(f"{i} = 0")
    with w.loop("while True:", MOST_N + 3, i):
        w.emit(f"{i} += 1")
        with w.block(f"if {i} > {w.choose('n', '4', 'n + 2')}:"):
            w.emit("break")
        w.body(2)


@feature(compound=True)
def loop_else(w: Writer) -> None:
    i = w.fresh("i")
    with w.loop(f"for {i} in {w.choose('range(n)', 'range(4)', w.shared('items'))}:", MOST_N, i):
        with w.block(f"if {i} {w.choose('==', '>')} {w.choose('3', 'n - 1', 'n')}:"):
            w.emit("break")
        w.statement()
    with w.block("else:"):
        w.body(2)


@feature(place="loop")
def break_(w: Writer) -> None:
    with w.block(f"if {w.run_time_test()}:"):
        w.emit("break")


@feature(place="loop")
def continue_(w: Writer) -> None:
    with w.block(f"if {w.run_time_test()}:"):
        w.emit("continue")


# -- functions


def _call(w: Writer, name: str, parameters: int) -> None:
    arguments = ", ".join(w.small() for _ in range(parameters))
    w.emit(f"{w.variable('int')} = {name}({arguments}) % 97")


@feature(weight=1.5, compound=True, place="top")
def function(w: Writer) -> None:
    """With a body, perhaps an early return, and a call."""
    name, p, q = w.fresh("fun"), w.fresh("p"), w.fresh("p")
    with w.function(f"def {name}({p}, {q}):", name, [p, q]):
        w.body(2)
        if w.random.random() < 0.6:
            with w.block(f"if {w.choose(p, q)} > {w.choose('3', 'n')}:"):
                if w.random.random() < 0.3:
                    w.statement()
                w.emit(f"return {w.int_value()}")
            w.body(1)
        w.emit(f"return {w.small()}")
    w.functions.append((name, 2))
    _call(w, name, 2)


@feature(weight=1.5)
def call(w: Writer) -> None:
    if w.functions and w.scope is w.module and w.scope.trips < 100:
        _call(w, *w.random.choice(w.functions))
    else:
        w.emit(f"{w.variable('int')} = {w.small()}")


@feature(place="top", compound=True)
def early_return_in_loop(w: Writer) -> None:
    name, p, i = w.fresh("fun"), w.fresh("p"), w.fresh("i")
    with w.function(f"def {name}({p}):", name, [p]):
        over = w.choose(f"range({p})", "range(n)", "range(5)", "[1, 3, 5]")
        with w.loop(f"for {i} in {over}:", MOST_N, i):
            w.statement()
            with w.block(f"if {i} {w.choose('> 2', '== 3', f'* 2 > {p}')}:"):
                w.emit(f"return {w.choose(i, w.int_value())}")
        w.emit("return -1")
    w.functions.append((name, 1))
    _call(w, name, 1)


@feature(place="top")
def closure(w: Writer) -> None:
    """A counter in a cell, called wherever later calls go."""
    outer, inner, count = w.fresh("make"), w.fresh("bump"), w.fresh("count")
    with w.block(f"def {outer}({count}):"):
        with w.block(f"def {inner}(step):"):
            w.emit(f"nonlocal {count}")
            w.emit(f"{count} += step")
            w.emit(f"return {count}")
        w.emit(f"return {inner}")
    made = w.fresh("counter")
    w.emit(f"{made} = {outer}({w.choose('0', 'n')})")
    w.functions.append((made, 1))
    w.ends.append(f"{made}(0)")
    _call(w, made, 1)


@feature(place="top")
def default_arguments(w: Writer) -> None:
    name = w.fresh("fun")
    with w.block(f"def {name}(p, q={w.choose('3', 'n')}, *rest, scale=2, log=[]):"):
        w.emit("log.append(p)")
        w.emit("return p * scale + q + len(rest) + len(log)")
    w.functions.append((name, w.random.randint(1, 3)))
    w.emit(f"print({name}({w.small()}), {name}(1, 2, 3, scale={w.small()}))")


@feature(place="top")
def global_name(w: Writer) -> None:
    name, x = w.fresh("fun"), w.variable("int")
    with w.block(f"def {name}(p):"):
        w.emit(f"global {x}")
        w.emit(f"{x} = ({x} + p) % 97")
        w.emit(f"return {x}")
    w.functions.append((name, 1))
    w.emit(f"print({name}({w.small()}))")


@feature(place="top")
def recursion(w: Writer) -> None:
    name = w.fresh("rec")
    with w.block(f"def {name}(k, x):"):
        w.emit(f"return x if k < 1 else {w.choose('k', 'x')} + {name}(k - 1, x + 1)")
    w.emit(f"print({name}({w.random.randrange(6)}, {w.int_value()}))")


@feature(place="top", compound=True)
def instance(w: Writer) -> None:
    """A class whose method changes its instance, which a loop or branch then calls."""
    kind, made = w.fresh("Kind"), w.fresh("obj")
    with w.block(f"class {kind}:"):
        with w.block("def __init__(self, start):"):
            w.emit("self.total = start")
            w.emit("self.log = [start]")
        with w.block("def add(self, x):"):
            w.emit("self.total = (self.total + x) % 97")
            if w.random.random() < 0.3:
                w.emit("self.log.append(x)")
            w.emit("return self.total")
    w.emit(f"{made} = {kind}({w.choose('0', '5', 'n')})")
    w.functions.append((f"{made}.add", 1))
    w.ends += [f"{made}.total", f"{made}.log"]
    _call(w, f"{made}.add", 1)

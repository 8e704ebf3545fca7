"""Features: classes of the program, generators, higher functions."""

from __future__ import annotations

from .writer import MOST_N, Writer, feature


@feature(weight=1.5, place="top", compound=True)
def hierarchy(w: Writer) -> None:
    """A class, one that inherits from it, and objects that run time changes."""
    base, derived = w.fresh("Base"), w.fresh("Derived")
    with w.block(f"class {base}:"):
        w.emit("made = 0")
        with w.block("def __init__(self, size):"):
            w.emit("self.size = size")
            w.emit(f"{base}.made += 1")
        with w.block("def grow(self, by):"):
            w.emit(w.choose("self.size += by", "self.size = (self.size * 2 + by) % 97"))
            w.emit("return self")
        w.emit("@property")
        with w.block("def double(self):"):
            w.emit("return self.size * 2")
        with w.block("def __repr__(self):"):
            w.emit(
                w.choose(
                    'return f"<{type(self).__name__} {self.size}>"', 'return "o" + str(self.size)'
                )
            )
    with w.block(f"class {derived}({base}):"):
        with w.block("def grow(self, by):"):
            w.emit(w.choose("super().grow(by + 1)", "super().grow(by).size -= 1"))
            w.emit("return self")
        with w.block("def __eq__(self, other):"):
            w.emit("return self.size == other.size")
        with w.block("def __add__(self, other):"):
            w.emit(
                f"return {derived}(self.size + (other if isinstance(other, int) else other.size))"
            )
        with w.block("def __len__(self):"):
            w.emit("return self.size % 5")
        with w.block("def __getitem__(self, at):"):
            w.emit("return self.size * 10 + at")
        with w.block("def __call__(self, x, y=2):"):
            w.emit("return x * y + self.size")
    a, b = w.fresh("ob"), w.fresh("ob")
    w.emit(f"{a}, {b} = {base}({w.small()}), {derived}({w.choose('3', 'n')})")
    w.objects.append((a, b))
    w.ends += [a, b, f"{b}.double", f"{base}.made"]


@feature(weight=1.5)
def object_change(w: Writer) -> None:
    if not w.objects or w.scope is not w.module:
        w.emit(f"{w.variable('int')} = {w.small()}")
        return
    a, b = w.random.choice(w.objects)
    x = w.variable("int")
    w.emit(
        w.choose(
            f"{a}.grow({w.small()})",
            f"{b}.grow(1).grow({w.small()})",
            f"{x} = ({b} + {a}).size % 97",
            f"{x} = {b}[{w.index(3)}] % 97",
            f"{x} = {b}({w.small()}) % 97",
            f"{b}.size = {w.small()}",
            f"{x} = {b}.double % 97",
            f"print({b} == {a}, len({b}), {a})",
            f"{a}.size, {b}.size = {b}.size, {a}.size",
        )
    )


@feature()
def object_alias(w: Writer) -> None:
    if not w.objects or w.scope is not w.module:
        w.emit(f"{w.variable('int')} = {w.small()}")
        return
    a, b = w.random.choice(w.objects)
    alias = w.fresh("alias")
    w.emit(f"{alias} = {a} if {w.run_time_test()} else {b}")
    w.emit(
        w.choose(f"{alias}.size += 1", f"print({alias}.size, {alias}.double)", f"{alias}.grow(2)")
    )


@feature(place="top")
def data_class(w: Writer) -> None:
    w.imports.add("from dataclasses import dataclass, field")
    name = w.fresh("Data")
    w.emit(f"@dataclass{w.choose('', '(order=True)', '(frozen=True)')}")
    with w.block(f"class {name}:"):
        w.emit("x: int")
        w.emit(f"y: float = {w.choose('0.5', '2.0')}")
        with w.block("def total(self):"):
            w.emit("return self.x + self.y")
    w.emit(
        f"print({name}(n), {name}(1, 2.5).total(), {name}(n) == {name}(3), "
        f"{name}(x=n, y=1.5).total())"
    )


@feature(weight=1.5, place="top", compound=True)
def generator(w: Writer) -> None:
    name, p, i = w.fresh("gen"), w.fresh("p"), w.fresh("i")
    with w.function(f"def {name}({p}):", name, [p]):
        if w.random.random() < 0.3:
            w.emit(f"yield {w.int_value()}")
        with w.loop(f"for {i} in {w.choose(f'range({p})', 'range(3)', 'range(n)')}:", MOST_N, i):
            if w.random.random() < 0.4:
                with w.block(f"if {i} {w.choose('== 2', f'> {p} // 2', '% 2')}:"):
                    w.emit(w.choose("continue", "return", f"yield {i} * 10"))
            w.emit(f"yield {w.choose(i, f'{i} * {i}', f'{i} + {p}')}")
        if w.random.random() < 0.3:
            w.emit(f"yield from {w.choose('(7, 8)', '[n, 1]', 'range(2)')}")
    made = f"{name}({w.choose('n', '4', 'n // 2')})"
    v, x = w.fresh("v"), w.variable("int")
    match w.random.randrange(7):
        case 0:
            w.emit(f"print(sum({made}), max({made}, default=-1))")
        case 1:
            w.emit(f"print(list({made}))")
        case 2:
            with w.loop(f"for {v} in {made}:", MOST_N, v):
                w.body(2)
        case 3:
            with w.loop(f"for {v}, other in zip({made}, {name}(5)):", MOST_N, v):
                w.emit(f"{x} = ({x} + {v} * other) % 97")
        case 4:
            w.emit(f"print([{v} + 1 for {v} in {made} if {v} % 2 == 0])")
        case 5:
            it = w.fresh("it")
            w.emit(f"{it} = {made}")
            w.emit(f"print(next({it}, -1), next({it}, -1), sum({it}))")
        case 6:
            w.emit(f"print(sum({v} * {v} for {v} in {made}), any({v} > 3 for {v} in {made}))")


@feature(place="top")
def higher_function(w: Writer) -> None:
    name = w.fresh("apply")
    with w.block(f"def {name}(f, *args, times=1, **more):"):
        w.emit("result = f(*args, **more)")
        with w.block("for _ in range(times - 1):"):
            w.emit("result = f(result, **more)")
        w.emit("return result")
    w.emit(f"print({name}(lambda x, k=1: (x * 3 + k) % 97, n, times={w.choose('1', '3', 'n')}))")
    w.emit(f"print({name}(lambda x, k: x - k, {w.small()}, k={w.choose('2', 'n')}, times=2))")


@feature(place="top")
def decorated(w: Writer) -> None:
    deco, name = w.fresh("deco"), w.fresh("fun")
    with w.block(f"def {deco}(f):"):
        w.emit("calls = []")
        with w.block("def wrapper(*args):"):
            w.emit("calls.append(len(args))")
            w.emit(f"return f(*args) {w.choose('+ len(calls)', '* 2', '% 13')}")
        w.emit("return wrapper")
    w.emit(f"@{deco}")
    with w.block(f"def {name}(a, b=n):"):
        w.emit(f"return {w.choose('a + b', 'a * b', 'max(a, b)')}")
    w.emit(f"print({name}({w.small()}), {name}(1, 2))")
    i = w.fresh("i")
    with w.block(f"for {i} in range({w.choose('n', '3')}):"):
        w.emit(f"print({name}({i}))")


@feature(place="top", compound=True)
def mutual_recursion(w: Writer) -> None:
    a, b = w.fresh("fun"), w.fresh("fun")
    with w.block(f"def {a}(k, acc=0):"):
        with w.block("if k <= 0:"):
            w.emit("return acc")
        w.emit(f"return {b}(k - {w.choose('1', '2')}, acc + {w.choose('k', '1')})")
    with w.block(f"def {b}(k, acc):"):
        with w.block(f"if k {w.choose('<= 1', '< 0', '== 2')}:"):
            w.emit("return acc * 2")
        w.emit(f"return {a}(k - 1, acc + 1) {w.choose('', '% 50')}")
    w.emit(f"print({a}(n), {b}({w.choose('5', 'n')}, 1))")


@feature()
def match_value(w: Writer) -> None:
    x = w.variable("int")
    with w.block(f"match {w.choose(f'({w.int_value()}) % 5', '(n, 1)', '[n, 2, 3]', 'n')}:"):
        for pattern in w.random.sample(
            ["0", "1 | 3", "(0, y)", "(7, 1)", "[3, *rest]", "7 | 0"], 3
        ):
            with w.block(f"case {pattern}:"):
                w.emit(f"{x} = {w.small()}")
        with w.block("case other if n > 3:" if w.random.random() < 0.4 else "case _:"):
            w.emit(f"{x} = 90")

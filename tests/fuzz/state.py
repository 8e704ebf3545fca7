"""Features: what changes in place: lists, dicts, arrays and their views, generators, iterators."""

from __future__ import annotations

from .writer import ENDS, MAKERS, Writer, feature

# -- numbers


@feature(weight=3)
def assign_int(w: Writer) -> None:
    w.emit(f"{w.variable('int')} = {w.small()}")


@feature(weight=2)
def augment_int(w: Writer) -> None:
    w.emit(f"{w.variable('int')} {w.choose('+=', '-=')} {w.small()}")


@feature(weight=2)
def assign_float(w: Writer) -> None:
    f = w.variable("float")
    value = w.choose(f"{f} + 1.5", f"{w.int_value()} / 4", f"{w.int_value()} + {f}", f"-{f}")
    w.emit(f"{f} = ({value}) * 0.5")


@feature(weight=2)
def print_here(w: Writer) -> None:
    text = w.choose("here", "there", "")
    w.emit(f'print("{text}", {w.int_value()}, {w.variable("int")})')


@feature()
def print_formatted(w: Writer) -> None:
    w.emit(f'print(f"{{{w.variable("int")}:4d}}|{{{w.variable("float")}:.2f}}|{{n}}")')


# -- lists and dicts


@feature()
def list_set(w: Writer) -> None:
    w.emit(f"{w.shared('list')}[{w.index(3)}] = {w.small()}")


@feature()
def list_augment(w: Writer) -> None:
    w.emit(f"{w.shared('list')}[{w.index(3)}] += {w.choose('1', 'n')}")


@feature()
def list_append(w: Writer) -> None:
    w.emit(f"{w.shared('list')}.append({w.small()})")


@feature()
def list_grow(w: Writer) -> None:
    xs = w.shared("list")
    w.emit(f"{xs}.extend([{w.small()}, 1])")


@feature()
def list_shrink(w: Writer) -> None:
    xs = w.shared("list")
    with w.block(f"if len({xs}) > 3:"):
        w.emit(w.choose(f"{xs}.pop()", f"{xs}.pop(0)", f"del {xs}[0]"))


@feature()
def list_reorder(w: Writer) -> None:
    w.emit(f"{w.shared('list')}.{w.choose('sort()', 'reverse()', 'sort(reverse=True)')}")


@feature()
def list_alias(w: Writer) -> None:
    alias = w.fresh("alias")
    w.emit(f"{alias} = {w.shared('list')}")
    w.emit(f"{alias}[{w.index(3)}] = {w.small()}")


@feature()
def list_in_list(w: Writer) -> None:
    rows = w.shared("rows", "[[1, 2], [n, 3]]", "rows")
    w.emit(f"{rows}[{w.index(2)}][{w.index(2)}] += {w.choose('1', 'n')}")


@feature()
def list_rebind(w: Writer) -> None:
    """A list of the function's own is exchanged, so two names may or may not be one list."""
    ys = w.variable("own list", "[5, 6]", "ys")
    w.emit(f"{ys} = {w.choose(f'{ys} + [1]', '[0, n]', f'[y + 1 for y in {ys}]', f'{ys}[:2]')}")


@feature()
def dict_set(w: Writer) -> None:
    w.emit(f'{w.shared("dict")}["{w.choose("a", "b")}"] = {w.small()}')


@feature()
def dict_augment(w: Writer) -> None:
    w.emit(f'{w.shared("dict")}["{w.choose("a", "b")}"] += 1')


@feature()
def dict_add(w: Writer) -> None:
    w.emit(f'{w.shared("dict")}["{w.choose("c", "e")}"] = {w.choose("1", w.int_value())}')


@feature()
def dict_remove(w: Writer) -> None:
    w.emit(f'{w.shared("dict")}.pop("c", None)')


@feature()
def dict_alias(w: Writer) -> None:
    alias = w.fresh("alias")
    w.emit(f"{alias} = {w.shared('dict')}")
    w.emit(f'{alias}["a"] = {w.small()}')


@feature()
def set_add(w: Writer) -> None:
    seen = w.shared("set", "{1, 2}", "seen")
    w.emit(f"{seen}.{w.choose('add', 'discard')}({w.choose('1', '5')})")


# -- arrays


@feature()
def array_set(w: Writer) -> None:
    w.emit(f"{w.shared('array')}[{w.index(5)}] = {w.small()}")


@feature()
def array_augment(w: Writer) -> None:
    w.emit(f"{w.shared('array')}[{w.index(5)}] += {w.choose('1', 'n')}")


@feature()
def array_slice(w: Writer) -> None:
    a = w.shared("array")
    w.emit(f"{a}[{w.choose('1:3', ':2', '3:', '::2', ':')}] {w.choose('=', '+=')} {w.small()}")


@feature()
def array_view(w: Writer) -> None:
    view = w.fresh("view")
    w.emit(f"{view} = {w.shared('array')}[{w.choose('1:4', ':3', '::-1')}]")
    w.emit(w.choose(f"{view}[0] = {w.small()}", f"{view} += 1", f"{view}[:] = {w.small()}"))


@feature()
def array_read(w: Writer) -> None:
    w.emit(f"{w.variable('int')} = int({w.shared('array')}[{w.index(5)}]) % 97")


@feature()
def array_sum(w: Writer) -> None:
    w.emit(f"print({w.shared('array')}.{w.choose('sum()', 'max()', 'mean()')})")


@feature()
def array_rebind(w: Writer) -> None:
    b = w.variable("own array", "np.arange(4)", "b")
    w.emit(f"{b} = {w.choose(f'{b} + 1', f'{b} * 2 % 50', f'{b}[::-1]', f'{b}.copy()')}")


@feature()
def array_rebind_then_write(w: Writer) -> None:
    b = w.variable("own array", "np.arange(4)", "b")
    w.emit(f"{b} = {w.choose(f'{b} + 1', f'{b}[::-1]', f'{b}.copy()')}")
    w.emit(w.choose(f"{b}[0] = {w.small()}", f"{b} += 1"))


@feature()
def array_2d(w: Writer) -> None:
    m = w.shared("matrix", "np.arange(6).reshape(2, 3)", "m")
    place = w.choose(f"{w.index(2)}, {w.index(3)}", w.index(2), ":, 1", f"{w.index(2)}, 1:")
    w.emit(f"{m}[{place}] {w.choose('=', '+=')} {w.small()}")


# -- random numbers


@feature()
def legacy_random(w: Writer) -> None:
    if "np.random.seed(5)" not in w.module.preamble:
        w.module.preamble.append("np.random.seed(5)")
        w.ends.append("np.random.rand()")
    draw = w.choose("np.random.rand()", "np.random.random()", "np.random.normal()",
                    "np.random.uniform(1, 3)", "np.random.randn(2).sum()")  # fmt: skip
    w.emit(f"{w.variable('drawn', '0.5', 'u')} = {draw}")


@feature()
def legacy_integers(w: Writer) -> None:
    if "np.random.seed(5)" not in w.module.preamble:
        w.module.preamble.append("np.random.seed(5)")
        w.ends.append("np.random.rand()")
    draw = w.choose("np.random.randint(0, 9)", "np.random.choice([3, 1, 4])",
                    "np.random.permutation(4)[0]")  # fmt: skip
    w.emit(f"{w.variable('int')} = int({draw})")


def _draw(w: Writer, *draws: str) -> None:
    w.emit(f"{w.variable('drawn', '0.5', 'u')} = {w.shared('rng')}.{w.choose(*draws)}")


@feature()
def rng_random(w: Writer) -> None:
    _draw(w, "random()", "random(3).sum()", "uniform(1, 2)")


@feature()
def rng_normal(w: Writer) -> None:
    _draw(w, "normal()", "normal(1, 2)", "standard_normal(2).sum()")


@feature()
def rng_integers(w: Writer) -> None:
    w.emit(f"{w.variable('int')} = int({w.shared('rng')}.integers(0, {w.choose('9', '50')}))")


@feature()
def rng_choice(w: Writer) -> None:
    w.emit(f"{w.variable('int')} = int({w.shared('rng')}.choice([4, 2, 6]))")


@feature()
def rng_permutation(w: Writer) -> None:
    w.emit(f"print({w.shared('rng')}.permutation(4))")


@feature()
def rng_shuffle(w: Writer) -> None:
    w.emit(f"{w.shared('rng')}.shuffle({w.shared('array')})")


# -- iterators

ITERATORS = {
    "iter": ("iter([4, 3, 2, 1])", "0", "list({})"),
    "iter_range": ("iter(range(9))", "0", "list({})"),
    "zip": ("zip([1, 2, 3], [4, 5, 6])", "(0, 0)", "list({})"),
    "enumerate": ("enumerate([7, 8, 9])", "(0, 0)", "list({})"),
    "map": ("map(abs, [-1, 2, -3])", "0", "list({})"),
    "filter": ("filter(None, [1, 0, 3, 0, 5])", "0", "list({})"),
    "reversed": ("reversed([1, 2, 3])", "0", "list({})"),
    "dict_items": ('iter({"a": 1, "b": 2}.values())', "0", "list({})"),
    "generator_expression": ("(k * k for k in [1, 2, 3])", "0", "list({})"),
    "count": ("itertools.count(3, 2)", "0", "next({})"),
    "cycle": ("itertools.cycle([1, 2, 3])", "0", "next({})"),
    "chain": ("itertools.chain([1, 2], [3, 4])", "0", "list({})"),
    "islice": ("itertools.islice(itertools.count(), 5)", "0", "list({})"),
    "accumulate": ("itertools.accumulate([1, 2, 3, 4])", "0", "list({})"),
}
"""Name -> (how it is made, what `next` gives at the end, what is printed of it in the end)."""


def _iterator_feature(name: str, make: str, default: str, end: str) -> None:
    """Advance an iterator of this kind."""
    kind = f"{name} iterator"
    MAKERS[kind] = [make]
    ENDS[kind] = end

    def advance(w: Writer) -> None:
        if "itertools" in make:
            w.imports.add("import itertools")
        iterator = w.shared(kind, prefix="it")
        item = f"next({iterator}, {default})" + ("[1]" if default == "(0, 0)" else "")
        if default == "0" and w.scope is w.module and w.random.random() < 0.2:
            v = w.fresh("v")
            limit = w.choose("1", "n", "-1")
            with w.block(f"for {v} in {iterator}:"), w.block(f"if {v} > {limit}:"):
                w.emit("break")
        w.emit(f"{w.variable('int')} = {item}")

    advance.__name__ = f"next_{name}"
    feature(weight=0.5)(advance)


for _name, _row in ITERATORS.items():
    _iterator_feature(_name, *_row)

"""Features: loops over elements that become kernels, left by what the data says, over views that
overlap, with subscripts that fail."""

from __future__ import annotations

from collections.abc import Callable

from .writer import MOST_N, Writer, feature

_MAKE = (
    "np.arange(6)", "np.arange(6) * 1.5", "np.array([5, 3, 8, 1, 9, 2])",
    "np.array([n, 2, 7, n + 1, 4, 0])", "np.zeros(6)", "np.arange(6, dtype=np.float32)",
    "np.arange(6, dtype=np.int32)", "np.linspace(0, n, 6)", "np.full(6, n)",
    "np.arange(6, dtype=np.uint8)", "np.array([3, 1, 2, 0, 5, 4]) % (n + 1)",
)  # fmt: skip
"""Arrays of six elements."""


def _array(w: Writer) -> str:
    a = w.fresh("k")
    w.emit(f"{a} = {w.random.choice(_MAKE)}")
    return a


def _show(w: Writer, *values: str) -> None:
    w.emit(f"print({', '.join(values)})")


def _length(w: Writer, a: str) -> str:
    return w.choose(f"len({a})", f"{a}.shape[0]", f"{a}.size", "6")


def _guarded(w: Writer) -> bool:
    """Whether the next loop stands in a `try`; half of those that may fail do."""
    return w.random.random() < 0.5


def _caught(w: Writer, *shown: str) -> None:
    with w.block(f"except {w.choose('IndexError', 'Exception', 'LookupError')} as error:"):
        _show(w, "type(error).__name__", "error", *shown)


@feature(weight=1.5, compound=True)
def kernel_search(w: Writer) -> None:
    """A loop that ends where the data says; perhaps `else`."""
    a, i, found = _array(w), w.fresh("i"), w.fresh("found")
    w.emit(f"{found} = {w.choose('-1', '-1', 'None', '0.5')}")
    test = w.choose(f"{a}[{i}] > {w.choose('n', '3', '90')}", f"{a}[{i}] == {w.choose('n', '2')}",
                    f"{a}[{i}] % 3 == {w.choose('1', 'n % 3')}",
                    f"{a}[{i}] < {a}[{i} - 1]")  # fmt: skip
    with w.block(f"for {i} in range({_length(w, a)}):"):
        if w.random.random() < 0.4:
            with w.block(f"if {a}[{i}] {w.choose('== 3', '< 1', '> n + 3')}:"):
                w.emit(w.choose("continue", f"{a}[{i}] = 0", f"{a}[{i} - 1] += 1"))
        with w.block(f"if {test}:"):
            w.emit(f"{found} = {w.choose(i, f'{a}[{i}]', f'{i} * 2')}")
            w.emit("break")
    if w.random.random() < 0.5:
        with w.block("else:"):
            w.emit(f"{found} = {w.choose('99', 'n', '-2')}")
    _show(w, found, i, a)


@feature(weight=1.5, compound=True)
def kernel_sort(w: Writer) -> None:
    """Nested loops that move elements, as long as the data says."""
    a, i, j, key = _array(w), w.fresh("i"), w.fresh("j"), w.fresh("key")
    order = w.choose("<", ">")
    match w.random.randrange(3):
        case 0:
            with w.block(f"for {i} in range(1, {_length(w, a)}):"):
                w.emit(f"{key}, {j} = {a}[{i}], {i} - 1")
                with w.block(f"while {j} >= 0 and {key} {order} {a}[{j}]:"):
                    w.emit(f"{a}[{j} + 1] = {a}[{j}]")
                    w.emit(f"{j} -= 1")
                w.emit(f"{a}[{j} + 1] = {key}")
        case 1:
            w.emit(f"{key} = 0")
            with w.block(f"for {i} in range({_length(w, a)}):"):
                test = f"if {a}[{j} + 1] {order} {a}[{j}]:"
                with w.block(f"for {j} in range(0, 5 - {i}):"), w.block(test):
                    w.emit(f"{a}[{j}], {a}[{j} + 1] = {a}[{j} + 1], {a}[{j}]")
                    w.emit(f"{key} += 1")
            _show(w, key)
        case 2:
            with w.block(f"for {i} in range({w.choose('6', 'n % 6')}):"):
                w.emit(f"{key} = {i}")
                test = f"if {a}[{j}] {order} {a}[{key}]:"
                with w.block(f"for {j} in range({i} + 1, 6):"), w.block(test):
                    w.emit(f"{key} = {j}")
                w.emit(f"{a}[{i}], {a}[{key}] = {a}[{key}], {a}[{i}]")
    _show(w, a)


@feature(weight=1.5, compound=True)
def kernel_failing(w: Writer) -> None:
    """A subscript that is out of bounds in some turn; what was written before stays."""
    a, i, x = _array(w), w.fresh("i"), w.fresh("s")
    at = w.choose(f"{i} + n", f"{i} * 2", f"n - {i} * 3", f"{i} + 3", f"-{i} - n", f"{i}")
    guarded = _guarded(w)
    w.emit(f"{x} = 0")

    def loop() -> None:
        with w.block(f"for {i} in range({w.choose('6', 'n', '7', 'n + 2')}):"):
            w.emit(f"{x} += 1")
            w.emit(w.choose(f"{a}[{at}] = {i}", f"{a}[{i}] += {a}[{at}]", f"{x} += int({a}[{at}])",
                            f"{a}[{at}] += 1"))  # fmt: skip
            if w.random.random() < 0.3:
                with w.block(f"if {a}[{i}] {w.choose('> 6', '== n')}:"):
                    w.emit("break")

    if not guarded and w.trying:
        guarded = True
    if guarded:
        with w.block("try:"):
            loop()
        _caught(w, x, a)
    else:
        loop()
    _show(w, x, a)


@feature(weight=1.5, compound=True)
def kernel_views(w: Writer) -> None:
    """Views of one array that overlap, written through one and read through the other."""
    a, v, u, i = _array(w), w.fresh("view"), w.fresh("view"), w.fresh("i")
    slices = ("1:", ":-1", "::-1", "::2", "1:5", ":", "-4:", "4::-1")
    w.emit(f"{v}, {u} = {a}[{w.random.choice(slices)}], {a}[{w.random.choice(slices)}]")
    match w.random.randrange(4):
        case 0:
            with w.block(f"for {i} in range(min(len({v}), len({u}))):"):
                w.emit(f"{v}[{i}] {w.choose('=', '+=')} {u}[{i}]{w.choose('', ' + 1', ' * 2')}")
        case 1:
            with w.block(f"for {i} in range({w.choose('3', 'n % 4')}):"):
                w.emit(f"{v}[{i}:{i} + 2] = {u}[{w.choose('0', '1')}:{w.choose('2', '3')}]"
                       f"{w.choose('', '[0]', ' * 2')}")  # fmt: skip
        case 2:
            w.emit(f"{v}[:2] += {u}[:2]")
            w.emit(f"{u}[:] = {u}[::-1]")
        case 3:
            with w.block(f"for {i} in range({w.choose('2', 'n')}):"):
                w.emit(f"{v}[:2] = {u}[1:3]")
                w.emit(f"{a}[{i} % 6] += {v}[0]")
    _show(w, a, v, u)


@feature(weight=1.5, compound=True)
def kernel_grid(w: Writer) -> None:
    """Two subscripts, neighbours, rows, and an exit from both loops."""
    g, i, j, x = w.fresh("g"), w.fresh("i"), w.fresh("j"), w.fresh("s")
    make = w.choose("np.arange(12).reshape(3, 4)", "np.zeros((3, 4))", "np.ones((3, 4)) * n",
                    "np.arange(12).reshape(4, 3).T", "np.arange(12.0).reshape(3, 4) % (n + 2)",
                    "np.arange(24).reshape(3, 8)[:, ::2]")  # fmt: skip
    w.emit(f"{g} = {make}")
    w.emit(f"{x} = {w.choose('0', '0.0')}")
    rows = w.choose("3", "range", "n % 4")
    rows = f"{g}.shape[0]" if rows == "range" else rows
    with w.block(f"for {i} in range({rows}):"):
        with w.block(f"for {j} in range({w.choose('1, 3', '4', 'n % 5', f'{i} + 1')}):"):
            w.emit(w.choose(
                f"{g}[{i}, {j}] += {i} * {j}", f"{x} += {g}[{i}, {j}]",
                f"{g}[{i}, {j}] = {g}[{i} - 1, {j}] + {g}[{i}, {j} - 1]",
                f"{g}[{i}][{j}] = max({g}[{i}, {j}], n)", f"{g}[{i}, {j}] = {x}",
                f"{x} += {g}[-{i}, -{j}]",
            ))  # fmt: skip
            if w.random.random() < 0.5:
                with w.block(f"if {g}[{i}, {j}] {w.choose('> 4', '== n', '< 1')}:"):
                    w.emit(w.choose("break", "continue", f"{g}[{i}, {j}] = 7"))
        if w.random.random() < 0.4:
            with w.block(f"if {x} > {w.choose('5', 'n')}:"):
                w.emit("break")
        if w.random.random() < 0.3:
            w.emit(w.choose(f"{g}[{i}] += 1", f"{g}[{i}, 1:] = {g}[{i}, :-1]", f"{g}[:, 0] = {i}"))
    _show(w, x, g)


@feature(weight=1.5, compound=True, place="top")
def kernel_function(w: Writer) -> None:
    """A function over an array that returns from inside of its loops."""
    name, i, j = w.fresh("fun"), w.fresh("i"), w.fresh("j")
    with w.block(f"def {name}(cells, limit):"):
        w.emit(f"total = {w.choose('0', '0.0', 'cells[0]')}")
        with w.block(f"for {i} in range({w.choose('len(cells)', '6', 'limit')}):"):
            if w.random.random() < 0.5:
                with w.block(f"if cells[{i}] {w.choose('== limit', '> 4', '< 0')}:"):
                    w.emit(w.choose(f"return {i}", "return total", f"return cells[{i}]", "return"))
            w.emit(w.choose(f"total += cells[{i}]", f"total = total * 2 + {i}",
                            f"total = max(total, cells[{i}])"))  # fmt: skip
            if w.random.random() < 0.4:
                with w.block(f"for {j} in range({i}, {w.choose('6', 'limit')}):"):
                    w.emit(f"cells[{j}] {w.choose('= total', '+= 1', f'-= cells[{i}]')}")
                    with w.block(f"if cells[{j}] > {w.choose('20', 'limit')}:"):
                        w.emit(w.choose("break", f"return {j}"))
        w.emit(w.choose("return total", "return total, cells[-1]", "return -1"))
    a = _array(w)
    with w.block("try:"):
        _show(w, f"{name}({a}, {w.choose('n', '4', '6')})")
    _caught(w)
    _show(w, a, f"{name}({a}[{w.choose('::-1', '1:', ':')}], {w.choose('2', 'n % 5')})"
          if w.random.random() < 0.3 else "n")  # fmt: skip


@feature(weight=1.5, compound=True)
def kernel_while(w: Writer) -> None:
    """Scalars that a loop carries, until they meet."""
    a, lo, hi, x = _array(w), w.fresh("lo"), w.fresh("hi"), w.fresh("s")
    w.emit(f"{lo}, {hi}, {x} = 0, {_length(w, a)} - 1, {w.choose('0', '1', 'n')}")
    match w.random.randrange(3):
        case 0:
            with w.block(f"while {lo} <= {hi}:"):
                w.emit(f"mid = ({lo} + {hi}) // 2")
                with w.block(f"if {a}[mid] == {w.choose('n', '4')}:"):
                    w.emit(f"{x} = mid")
                    w.emit("break")
                with w.block(f"if {a}[mid] < {w.choose('n', '4')}:"):
                    w.emit(f"{lo} = mid + 1")
                with w.block("else:"):
                    w.emit(f"{hi} = mid - 1")
        case 1:
            with w.block(f"while {lo} < {hi}:"):
                w.emit(f"{a}[{lo}], {a}[{hi}] = {a}[{hi}], {a}[{lo}]")
                w.emit(f"{x} = ({x} * 3 + int({a}[{lo}])) % 97")
                w.emit(f"{lo} += {w.choose('1', '2')}")
                w.emit(f"{hi} -= 1")
        case 2:
            with w.block(f"while {x} < {w.choose('50', 'n * 10')}:"):
                w.emit(f"{x} = {x} * 2 + 1 + int({a}[{x} % 6])")
                with w.block(f"if {x} % {w.choose('7', '5')} == n % 5:"):
                    w.emit(w.choose(f"{a}[{lo}] = {x} % 50", "break"))
                w.emit(f"{lo} = ({lo} + 1) % 6")
    _show(w, lo, hi, x, a)


@feature(weight=1.2, compound=True)
def kernel_scalars(w: Writer) -> None:
    """Only numbers in a loop: divisions, shifts, floats, comparisons in a row."""
    i, x, y = w.fresh("i"), w.fresh("s"), w.fresh("s")
    w.emit(f"{x}, {y} = {w.choose('0', 'n', '1')}, {w.choose('1.0', '0.5', 'n', 'n / 3')}")
    with w.block(f"for {i} in range({w.choose('n', '30', '1, n + 2', 'n, -1, -1', '0, 20, 3')}):"):
        for _ in range(w.random.randint(1, 3)):
            w.emit(w.choose(
                f"{x} = ({x} * 31 + {i}) % 1009", f"{y} = {y} * 0.5 + {i}", f"{x} += {i} // 3 - n",
                f"{x} ^= {i} << 2", f"{x} = {x} & 255 | {i}", f"{y} += 1 / ({i} + 1)",
                f"{x} = {i} if {i} > {x} else {x} - 1", f"{y} = abs({y} - {x})",
                f"{x} = -{x} // 2 + {x} % 3", f"{y} = min({y}, {x} * 1.5)", f"{y} -= {y} // 4",
                f"{x} += 0 <= {i} - n < 3", f"{x} = {x} % 97 - (n if {x} & 1 else {i})",
                f"{y} = ({y} * {y} + {i}) % 10",
            ))  # fmt: skip
        if w.random.random() < 0.5:
            test = w.choose(f"{x} > {w.choose('40', 'n * 3')}", f"{y} > 6", f"{x} % 11 == 5")
            with w.block(f"if {test}:"):
                w.emit(w.choose("break", "continue", f"{x} = 0", f"{y} = 0"))
    _show(w, x, y)


@feature(compound=True)
def kernel_over_elements(w: Writer) -> None:
    """`for v in array`, enumerate and zip of arrays, with ways out."""
    a, b, v, u = _array(w), _array(w), w.fresh("v"), w.fresh("v")
    x = w.fresh("s")
    w.emit(f"{x} = {w.choose('0', '0.0')}")
    header = w.choose(f"{v}, {u} in zip({a}, {b})", f"{u}, {v} in enumerate({a})",
                      f"{v}, {u} in zip({a}[::-1], {b}[{w.choose('1:', ':n')}])")  # fmt: skip
    with w.loop(f"for {header}:", MOST_N):
        with w.block(f"if {v} {w.choose('== 3', f'> {u} + 2', '> n')}:"):
            w.emit(w.choose("break", "continue", f"{x} += 10"))
        w.emit(f"{x} += {w.choose(v, f'{v} * {u}', u)}")
        if w.random.random() < 0.3:
            w.emit(f"{a}[{w.random.randrange(6)}] = {w.choose('9', '0')}")
    _show(w, x, a)


_NARROW = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "bool")
_FLOATS = ("float16", "float32", "float64")


def _narrow(w: Writer, *dtypes: str) -> str:
    a = w.fresh("k")
    values = w.choose("np.arange(6)", "np.array([5, 3, 100, 1, 9, 2])", "np.arange(6) * 20 + n",
                      "np.array([n, 2, 7, n + 1, 4, 0])")  # fmt: skip
    w.emit(f"{a} = ({values}).astype(np.{w.random.choice(dtypes)})")
    return a


@feature(weight=1.5, compound=True)
def kernel_wrapping(w: Writer) -> None:
    """Elements of narrow dtypes, and numbers taken from them, beyond what these hold."""
    a, b, i, x = _narrow(w, *_NARROW), _narrow(w, *_NARROW), w.fresh("i"), w.fresh("s")
    w.emit(f"{x} = {w.choose(f'{a}[0]', f'{b}[1]', '0', 'np.int16(3)', 'np.uint8(n)')}")
    with w.block(f"for {i} in range({w.choose('6', 'n % 7', '1, 5')}):"):
        for _ in range(w.random.randint(1, 3)):
            w.emit(w.choose(
                f"{a}[{i}] = {a}[{i}] {w.choose('+', '*', '-')} {b}[{i}]", f"{a}[{i}] += {i}",
                f"{x} = {x} + {a}[{i}]", f"{x} = {a}[{i}] * {w.choose('3', 'n', '100')}",
                f"{a}[{i}] = {a}[{i}] {w.choose('//', '%')} {w.choose('3', 'max(n, 1)')}",
                f"{b}[{i}] = {a}[{i}] {w.choose('<<', '>>', '&', '^', '|')} {w.choose('1', '2')}",
                f"{x} = max({x}, {a}[{i}])", f"{a}[{i}] = ~{a}[{i}]", f"{x} = {a}[{i}] - {x}",
                f"{a}[{i}] = abs({a}[{i}])", f"{a}[{i}] = {x}", f"{x} = int({a}[{i}]) + 7",
            ))  # fmt: skip
        if w.random.random() < 0.3:
            with w.block(f"if {a}[{i}] {w.choose('> 50', '== n', f'< {b}[{i}]')}:"):
                w.emit(w.choose("break", "continue", f"{b}[{i}] = 0"))
    _show(w, x, f"type({x}).__name__", a, b)


@feature(weight=1.5, compound=True)
def kernel_halves(w: Writer) -> None:
    """float16 and float32: elements, and numbers of these types that a loop carries."""
    a, b = _narrow(w, *_FLOATS), _narrow(w, *_FLOATS, "int32", "int8")
    i, x = w.fresh("i"), w.fresh("s")
    w.emit(f"{x} = {w.choose(f'{a}[0]', '0.0', 'np.float32(0.1)', 'np.float16(n)', '0', '0.1')}")
    with w.block(f"for {i} in range({w.choose('6', 'n % 7', '1, 6')}):"):
        for _ in range(w.random.randint(1, 3)):
            w.emit(w.choose(
                f"{x} += {a}[{i}]", f"{x} = {x} * 0.3 + {a}[{i}]", f"{a}[{i}] = {a}[{i}] / 3",
                f"{a}[{i}] = {a}[{i}] * {b}[{i}] + 0.1", f"{x} = min({x}, {a}[{i}])",
                f"{a}[{i}] += {x}", f"{x} = {a}[{i}] * {a}[{i} - 1]", f"{x} = np.sqrt({a}[{i}])",
                f"{a}[{i}] = {a}[{i}] ** 2", f"{x} = {x} - {b}[{i}]", f"{b}[{i}] = {i} % 3",
                f"{a}[{i}] = abs({a}[{i}] - {i})", f"{x} = {x} + np.float32({i})",
            ))  # fmt: skip
        if w.random.random() < 0.3:
            with w.block(f"if {a}[{i}] {w.choose('> 50', '== n', f'<= {b}[{i}]')}:"):
                w.emit(w.choose("break", "continue", f"{x} = {x} * 2"))
    _show(w, f"repr({x})", a, b)


@feature(weight=1.5, compound=True)
def kernel_exits(w: Writer) -> None:
    """A `while` loop with several ways out, perhaps one in a loop, with `else`."""
    a, i, x, y = _array(w), w.fresh("i"), w.fresh("s"), w.fresh("s")
    w.emit(f"{i}, {x}, {y} = {w.choose('0', '1')}, {w.choose('0', 'n', '0.0')}, 0")
    test = w.choose("True", f"{i} < 6", f"{x} < 40", f"{i} < 6 and {a}[{i}] != n")
    with w.block(f"while {test}:"):
        w.emit(f"{y} += 1")
        with w.block(f"if {y} > {w.choose('9', '5', 'n + 2')}:"):
            w.emit("break")
        if w.random.random() < 0.5:
            with w.block(f"if {a}[{y} % 6] {w.choose('> 4', '== n', '< 2')}:"):
                w.emit(w.choose("break", f"{i} += 1", f"{x} += 2"))
                w.emit(w.choose("continue", "pass"))
        if w.random.random() < 0.4:
            with w.block(f"for {i}_in in range({w.choose('3', '6', 'n % 4')}):"):
                with w.block(f"if {a}[{i}_in] + {x} > {w.choose('8', 'n * 3')}:"):
                    w.emit("break")
                w.emit(w.choose(f"{x} += 1", f"{a}[{i}_in] += 1", f"{x} += {i}_in"))
            with w.block("else:"):
                w.emit(w.choose("break", f"{x} += 5", f"{y} += 1"))
        w.emit(w.choose(f"{x} += {a}[{i} % 6]", f"{a}[{i} % 6] = {x} % 50", f"{x} = {x} * 2 + 1"))
        w.emit(w.choose(f"{i} += 1", f"{i} = ({i} + 2) % 9"))
    if w.random.random() < 0.5:
        with w.block("else:"):
            w.emit(f"{x} = {x} - 100")
    _show(w, i, x, y, a)


@feature(weight=1.5, compound=True)
def kernel_failing_nest(w: Writer) -> None:
    """A subscript or a division that fails in a loop within a loop, caught at one of three places.
    """
    g, i, j, x = w.fresh("g"), w.fresh("i"), w.fresh("j"), w.fresh("s")
    w.emit(f"{g} = {w.choose('np.arange(12).reshape(3, 4)', 'np.arange(12.0).reshape(4, 3) + n')}")
    w.emit(f"{x} = {w.choose('0', '1.5')}")
    place = w.random.randrange(4)
    work = [w.choose(
        f"{x} += {g}[{i}, {j} + {i}]", f"{g}[{i}, {j}] = {g}[{j}, {i}] + 1",
        f"{x} += 7 // ({j} - {i} - 1)", f"{g}[{i} + {j} - 2, 1] += {i}",
        f"{x} = {x} + {g}[{i}][{j} * 2 - 1]", f"{g}[-{j} - 1, {i}] = {x}",
    ) for _ in range(w.random.randint(1, 2))]  # fmt: skip
    caught = w.choose(f"{x} -= 1", f"{g}[0, 0] += 1", "pass")

    def attempt(here: bool, body: Callable[[], None]) -> None:
        if not here:
            body()
            return
        with w.block("try:"):
            body()
        with w.block(f"except {w.choose('Exception', '(IndexError, ZeroDivisionError)')}:"):
            w.emit(caught)

    def inner() -> None:
        with w.block(f"for {j} in range({w.choose('3', '4', 'n % 5')}):"):
            attempt(place == 0, lambda: [w.emit(line) for line in work])
            w.emit(f"{x} += 1")

    def outer() -> None:
        with w.block(f"for {i} in range({w.choose('3', '4', 'n')}):"):
            attempt(place == 1, inner)

    attempt(place == 2 or w.trying, outer)
    _show(w, x, g)


@feature(weight=1.5, compound=True)
def kernel_overlapping(w: Writer) -> None:
    """Parts of an array that are assigned to other parts of it, which run faster or slower."""
    a, m, i = w.fresh("k"), w.fresh("g"), w.fresh("i")
    w.emit(f"{a} = np.arange(12){w.choose('', ' * 1.5', ' * n', '.astype(np.int8)')}")
    w.emit(f"{m} = np.arange(16){w.choose('', ' + n')}.reshape(4, 4){w.choose('', '.T')}")
    with w.block(f"for {i} in range({w.choose('4', 'n % 5', '1, 3')}):"):
        for _ in range(w.random.randint(1, 3)):
            w.emit(w.choose(
                f"{a}[{i}:{i} + 6:2] = {a}[{i} + 1:{i} + 4]", f"{a}[{i} + 2:{i} + 6] = {a}[1:9:2]",
                f"{a}[{i}:{i} + 4] = {a}[{i} + 6:{i} - 2 if {i} > 2 else None:-1][:4]",
                f"{a}[8:{i}:-2] = {a}[7:7 - len({a}[8:{i}:-2]):-1]", f"{m}[{i}] = {m}[:, {i} - 1]",
                f"{m}[:, {i}] = {m}[{w.choose('0', f'{i} - 2')}]", f"{m}[{i}, ::2] = {m}[1:3, 0]",
                f"{m}[{i}] = {m}[::-1, 1]", f"{m}[{i} % 3 + 1, 1:] = {m}.diagonal(1)",
                f"{a}[1:] = {a}[:-1]", f"{a}[::3] = {a}[{i}:{i} + 4]", f"{m}[:] = {m}.T",
                f"{m}.reshape(-1)[1:13:4] = {m}.reshape(-1)[{i}:{i} + 3]",
                f"np.copyto({a}[{i}:{i} + 4], {a}[{i}:{i} + 8:2])",
            ))  # fmt: skip
        w.emit(f"{a}[{i}] += {w.choose('1', 'n')}")
    _show(w, a, m)


@feature(weight=1.5, compound=True)
def kernel_lists(w: Writer) -> None:
    """Lists that a `while` lengthens and shortens: stacks, queues, and what a loop inside adds."""
    q, i, u, v, x = (w.fresh(name) for name in ("list", "i", "u", "v", "s"))
    w.emit(f"{q} = {w.choose('[0]', '[n, 1]', '[0] * n', 'list(range(n))', '[1, 2, 3]')}")
    w.emit(f"{x} = {i} = 0")
    way = w.random.randrange(4)

    def inside() -> None:
        test = w.choose(f"{u} + {i} < {w.choose('9', 'n * 2')}", f"{u} % 3 == {i} % 3")
        match w.random.randrange(4):
            case 0:
                loop = f"for {v} in range({w.choose('2', '3', 'n % 4', f'{u} % 3')}):"
                with w.block(loop), w.block(f"if {test}:"):
                    w.emit(f"{q}.append({u} + {v} + 1)")
            case 1:
                with w.block(f"if {test}:"):
                    w.emit(f"{q}.append({u} + 1)")
                    w.emit(w.choose(f"{q}.append({u} + 2)", "pass", f"{q}[0] = {u}"))
            case 2:
                with w.block(f"if len({q}) > 2 and {u} % 2 == 0:"):
                    w.emit(w.choose(f"{x} += {q}.pop()", f"del {q}[-1]", f"{q} = {q}[:-1]"))
                w.emit(f"{q}.append({u} // 2)")
            case 3:
                with w.block(f"if len({q}) > {w.choose('8', 'n')}:"):
                    w.emit(w.choose("break", f"{q}.pop()", f"{q}.clear()"))
                w.emit(f"{q} += [{u} % 5, {i}]")

    if way == 0:
        with w.loop(f"while {q}:", MOST_N):
            w.emit(f"{u} = {q}.pop({w.choose('', '', '0', '-1')})")
            w.emit(f"{i} += 1")
            with w.block(f"if {i} > 20:"):
                w.emit("break")
            inside()
    elif way == 1:
        with w.block(f"while {i} < len({q}) and {i} < {w.choose('12', 'n + 4')}:"):
            w.emit(f"{u} = {q}[{i}]")
            w.emit(f"{i} += 1")
            inside()
    elif way == 2:
        with w.block(f"for {u} in {q}:"):
            w.emit(f"{i} += 1")
            with w.block(f"if {i} > {w.choose('12', 'n + 3')}:"):
                w.emit("break")
            inside()
    else:
        with w.block(f"while {i} < {w.choose('9', 'n + 2')}:"):
            w.emit(f"{u} = {q}[-1] if {q} else {i}")
            w.emit(f"{i} += 1")
            inside()
    _show(w, q, f"len({q})", x, i)

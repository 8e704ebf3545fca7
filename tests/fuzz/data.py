"""Features: texts, lists, dictionaries and arrays whose values, keys and lengths run time knows."""

from __future__ import annotations

from .writer import Writer, feature


def _text(w: Writer) -> str:
    return w.choose(
        "str(n * 37)",
        '"a-b,c" * n',
        'f"{n}:{n * n:4d}"',
        '"Hello World"',
        '"x,y;n" + str(n)',
        "sys.argv[1]",
        '"é" + str(n)',
        f"str({w.int_value()})",
    )


@feature(weight=2)
def text_method(w: Writer) -> None:
    t = w.fresh("t")
    w.emit(f"{t} = {_text(w)}")
    w.emit(
        "print(repr("
        + w.choose(
            f"{t}.upper() + {t}.lower()",
            f"{t}.strip('0 a')",
            f"{t}.replace('a', 'bb')",
            f"{t}.split(',')",
            f"{t}.find('1')",
            f"{t}.startswith('a')",
            f"{t}[1:]",
            f"{t}[::-1]",
            f"{t}[-1]",
            f"{t} * 2",
            f"'1' in {t}",
            f"{t} < 'b'",
            f"{t}.count('1')",
            f"len({t})",
            f"{t}.isdigit()",
            f"{t}.zfill(6)",
            f"{t}.center(9, '*')",
            f"'-'.join({t})",
            f"sorted({t})",
            f"{t}.title()",
            f"{t}[n % 2]",
            f"{t}.partition('-')",
            f"{t}.rjust(n)",
            f"max({t})",
            f"{t}.index('l')",
            f"'%s|%5s' % ({t}, n)",
            f"{t}.encode()",
            f"ord({t}[0])",
            f"chr(65 + n) + {t}",
            f"{t}.rsplit('-', 1)",
            f"{t} == str(n)",
        )
        + "))"
    )


@feature(weight=1.5, compound=True)
def text_loop(w: Writer) -> None:
    c, x = w.fresh("c"), w.variable("int")
    with w.loop(f"for {c} in {_text(w)}:", 20):
        w.emit(
            w.choose(
                f"{x} = ({x} * 3 + ord({c})) % 97",
                f"{x} += {c}.isdigit()",
                f"{x} += {c} == '1'",
                f"{x} += {c} in 'aeiou1'",
                f"print({c}, end='.')",
            )
        )
        if w.random.random() < 0.3:
            letter = w.choose("'-'", "'l'")
            with w.block(f"if {c} {w.choose('==', '>')} {letter}:"):
                w.emit(w.choose("break", "continue"))


@feature()
def number_format(w: Writer) -> None:
    spec = w.choose(
        "", ":5d", ":<4}|{2", ":+d", ":x", ":08.3f", ":e", ":,", ":b", ":>6", ":%", ":.2f", ":g"
    )
    if "}" in spec:
        w.emit(f'print(f"{{n{spec}}}")')
        return
    w.emit(f'print(f"{{({w.int_value()}){spec}}} {{n}}")')


@feature(weight=1.5, compound=True)
def counting(w: Writer) -> None:
    """A dictionary whose keys run time knows."""
    d, i = w.fresh("counts"), w.fresh("i")
    w.emit(f"{d} = {w.choose('{}', '{0: 5}', '{1: 1, 2: 0}')}")
    key = w.choose(f"{i} % 3", f"{i} * n % 5", f"{i}", f"str({i} % 2)")
    with w.loop(f"for {i} in {w.choose('range(n)', 'range(9)', '[3, 1, n, 3]')}:", 9, i):
        match w.random.randrange(4):
            case 0:
                w.emit(f"{d}[{key}] = {d}.get({key}, 0) + 1")
            case 1:
                with w.block(f"if {key} in {d}:"):
                    w.emit(f"{d}[{key}] += {i}")
                with w.block("else:"):
                    w.emit(f"{d}[{key}] = 1")
            case 2:
                w.emit(f"{d}.setdefault({key}, n)")
            case 3:
                w.emit(f"{d}[{key}] = {i}")
    w.emit(
        w.choose(
            f"print({d})",
            f"print(list({d}.items()), len({d}))",
            f"print(sum({d}.values()))",
            f"print(max({d}.values(), default=0), 1 in {d})",
        )
    )
    if w.random.random() < 0.3:
        with w.block(f"for k, v in {d}.items():"):
            w.emit("print(k, v)")


@feature()
def set_at_run_time(w: Writer) -> None:
    s, i = w.fresh("s"), w.fresh("i")
    w.emit(f"{s} = {w.choose('set()', '{1, 2}', '{n}')}")
    with w.block(f"for {i} in {w.choose('range(n)', 'range(6)')}:"):
        w.emit(f"{s}.{w.choose('add', 'add', 'discard')}({w.choose(f'{i} % 3', f'{i} * n')})")
    shown = w.choose(
        f"sorted({s})", f"len({s})", f"sum({s})", f"3 in {s}", f"sorted({s} | {{9}})"
    )
    w.emit(f"print({shown})")


@feature(weight=1.5)
def list_method(w: Writer) -> None:
    xs = w.fresh("ys")
    make = w.choose(
        "list(range(n))",
        "[n, 3, 1, n]",
        "[4, 1, 3, 1]",
        "[k * k % 7 for k in range(n)]",
        "[0.5, n, 2]",
        "[str(n), 'b', 'a']",
        "[[n, 1], [2, 3]]",
    )
    w.emit(f"{xs} = {make}")
    w.emit(
        w.choose(
            f"{xs}.sort()",
            f"{xs}.reverse()",
            f"{xs}.insert(1, {xs}[0] if {xs} else 1)",
            f"{xs} *= 2",
            f"{xs}.extend({xs})",
            f"del {xs}[:1]",
            f"{xs} = {xs}[::-1]",
            f"{xs} = {xs}[1:] + {xs}[:1]",
            f"{xs}.append({xs}[-1] if {xs} else 7)",
            f"{xs} = sorted({xs}, reverse=True)",
            f"{xs}.clear()",
            f"{xs} = [x for x in {xs} if x != 1]",
            f"{xs} = list(reversed({xs}))",
            f"{xs}[:0] = {xs}[:1]",
        )
    )
    w.emit(
        "print("
        + w.choose(
            f"{xs}",
            f"len({xs}), {xs}[:2]",
            f"{xs}.count(1)",
            f"1 in {xs}",
            f"{xs} == [1, 2]",
            f"{xs}[-1:]",
            f"min({xs}, default=None)",
            f"[*{xs}, 0]",
            f"list(enumerate({xs}))",
            f"list(zip({xs}, {xs}[1:]))",
        )
        + ")"
    )


@feature()
def nested_lists(w: Writer) -> None:
    g, i = w.fresh("grid"), w.fresh("i")
    w.emit(f"{g} = [[0] * {w.choose('3', 'n')} for _ in range({w.choose('2', '3')})]")
    with w.block(f"for {i} in range({w.choose('n', '2')}):"), w.block(f"if {g}[{i} % 2]:"):
        w.emit(f"{g}[{i} % 2][{i} % len({g}[0])] += {w.choose('1', i, 'n')}")
    w.emit(w.choose(f"print({g})", f"print([sum(row) for row in {g}])", f"print(list(zip(*{g})))"))


@feature()
def collections_of_all_kinds(w: Writer) -> None:
    w.imports.add("from collections import Counter, defaultdict, deque")
    i, v = w.fresh("i"), w.fresh("v")
    make, change, show = w.random.choice(
        [
            ("deque([1, 2])", "{v}.append({i})", "list({v})"),
            ("deque(maxlen=3)", "{v}.appendleft({i})", "list({v})"),
            ("defaultdict(int)", "{v}[{i} % 3] += 1", "sorted({v}.items())"),
            ("Counter('abca')", "{v}['a'] += {i}", "{v}['a']"),
            ("defaultdict(list)", "{v}[{i} % 2].append({i})", "dict({v})"),
            ("Counter()", "{v}[{i} % 2] += 1", "{v}.most_common()"),
        ]
    )
    w.emit(f"{v} = {make}")
    with w.block(f"for {i} in range({w.choose('n', '4')}):"):
        w.emit(change.format(v=v, i=i))
    w.emit(f"print({show.format(v=v)})")


@feature(weight=2)
def array_expression(w: Writer) -> None:
    """Exact numbers: ints, and floats of a few bits."""
    a = w.fresh("r")
    w.emit(
        f"{a} = "
        + w.choose(
            "np.arange(6) * n",
            "np.arange(6.0) / 4 + n",
            "np.arange(n + 1)",
            "np.array([n, 2, 5, 1])",
            "np.arange(6).reshape(2, 3) - n",
            "np.full((2, 2), n / 2)",
            "np.ones(4, dtype=np.float32) * n",
            "np.arange(5, dtype=np.int32)",
            "np.linspace(0, n, 5)",
            "np.eye(3) * n",
            "np.arange(6) % 3 == n % 3",
        )
    )
    w.emit(
        "print("
        + w.choose(
            f"{a} + {a}[::-1]",
            f"{a}.sum()",
            f"{a}.sum(axis=0)",
            f"{a}.max(), {a}.argmax()",
            f"{a}.cumsum()",
            f"np.where({a} > 2, {a}, -1)",
            f"{a} // 2, {a} % 3",
            f"{a}.T @ {a}",
            f"{a}.astype(int)",
            f"({a} > n).sum()",
            f"{a}.mean()",
            f"{a}.reshape(-1)[:3]",
            f"{a}.dtype, {a}.shape",
            f"np.sort({a})",
            f"{a}[{a} > 1]",
            f"np.concatenate([{a}, {a}])",
            f"{a}[-1]",
            f"[float(v) for v in {a}.ravel()]",
            f"{a} ** 2",
            f"-{a}",
            f"np.clip({a}, 1, 4)",
            f"{a}.tolist()",
            f"np.abs({a} - 3)",
            f"{a}.any(), {a}.all()",
            f"{a} == {a}[0]",
            f"np.outer({a}, [1, 2])",
            f"{a}.min(axis=-1)",
            f"np.maximum({a}, n)",
            f"{a}[:, None]",
            f"{a}.flatten()",
            f"np.dot({a}, {a})",
            f"np.minimum.reduce({a})",
            f"{a}[[0, 1]]",
            f"{a}.prod()",
            f"np.round({a} / 3, 2)",
        )
        + ")"
    )


@feature(compound=True)
def array_recurrence(w: Writer) -> None:
    a, i = w.fresh("r"), w.fresh("i")
    w.emit(f"{a} = np.zeros({w.choose('6', 'n + 2')}{w.choose('', ', dtype=int')})")
    w.emit(f"{a}[0] = {w.choose('1', 'n', '2.5')}")
    with w.loop(f"for {i} in range(1, {w.choose(f'len({a})', 'n + 1', '5')}):", 8, i):
        value = w.choose(f"{a}[{i} - 1] * 2 % 31", f"{a}[{i} - 1] + {i}", f"{a}[:{i}].sum()")
        w.emit(f"{a}[{i}] = {value}")
        if w.random.random() < 0.3:
            with w.block(f"if {a}[{i}] > {w.choose('9', 'n')}:"):
                w.emit(w.choose("break", f"{a}[{i}] = 0", "continue"))
    w.emit(f"print({a}, {a}[-1])")


@feature()
def python_random(w: Writer) -> None:
    w.imports.add("import random")
    if "random.seed(7)" not in w.module.preamble:
        w.module.preamble.append("random.seed(7)")
        w.ends.append("random.random()")
    draw = w.choose(
        "random.random()",
        "random.randint(1, 6)",
        "random.uniform(1, 2)",
        "random.choice([3, 1, 4])",
        "random.randrange(n + 1)",
        "random.sample(range(9), 2)",
    )
    w.emit(f"{w.variable('drawn', '0.5', 'u')} = {draw}")


@feature()
def big_numbers(w: Writer) -> None:
    """Near the ends of 64 bits, and floats that are special."""
    w.emit(
        "print("
        + w.choose(
            "2 ** 62 + n",
            "n * 2 ** 60 // 3",
            "-2 ** 63 + n",
            "float(n) / 3",
            "1e308 * n",
            "(n - 3) / 7",
            "n ** 0.5",
            "-7 // (n + 1), -7 % (n + 1)",
            "round(n / 4), round(n * 0.125, 1)",
            "n << 3, n >> 1, n ^ 5, ~n",
            "divmod(-n, 4)",
            "int(n * 1.5), int(-n / 2)",
            "float('inf') > n, float('nan') == n",
            "bool(n), not n",
            "n == n + 0.0, n is None",
            "abs(-n), pow(n, 3), pow(3, n, 7)",
            "hash(n) == n",
            "min(n, 2.5), max(n, 2.5)",
            "0.1 + n, 1 / 3 * n",
            "2 ** -n, (-2) ** n",
            "n // 0.5, n % 0.75",
            "bin(n), hex(n * 99)",
            "complex(n, 1)",
            "sum([0.1] * n)",
            "str(n / 2), repr(n * 1e20)",
            "n & 1 | 4, True + n",
            "[n] * 2, (n,) * 3",
            "1e16 + n",
        )
        + ")"
    )

"""Features: what else programs are made of: named expressions, patterns, calls with stars, names of
other functions, chained exceptions, formats, slices, sorting by key."""

from __future__ import annotations

from .writer import MOST_N, Writer, feature


def _shown(w: Writer, *expressions: str) -> None:
    """Print one of them, or what it raises."""
    w.emit("try:")
    w.emit(f"    print({w.choose(*expressions)})")
    w.emit("except Exception as error:")
    w.emit("    print(type(error).__name__, error)")


# -- names


@feature(compound=True)
def walrus_in_while(w: Writer) -> None:
    k, x = w.fresh("k"), w.variable("int")
    step, limit = w.choose("k + 2", "2 * k + 1", "k * 3 % 11 + k + 1"), w.choose("9", "n + 4", "n")
    w.emit(f"{k} = {w.choose('0', '1', 'n // 2')}")
    with w.loop(f"while (child := {step.replace('k', k)}) < {limit}:", 12, "child"):
        w.emit(f"{k} += 1")
        w.emit(w.choose(f"{x} = ({x} + child) % 97", f"{k} = max({k}, child - 1)"))
        if w.random.random() < 0.4:
            with w.block(f"if child {w.choose('% 3 == 1', '> 5')}:"):
                w.emit(w.choose("break", "continue"))
        w.body(1)
    w.emit(f"print({k}, child)")


@feature(place="top", compound=True)
def walrus_in_function(w: Writer) -> None:
    """The name is the function's own, and is read after the loop on some paths only."""
    name, p = w.fresh("fun"), w.fresh("p")
    with w.function(f"def {name}({p}):", name, [p]):
        w.emit("at = 0")
        with w.block(f"while (found := at * {w.choose('2', '3')} + {p} % 3) < {w.choose('9', p)}:"):
            with w.block(f"if found % 4 == {w.choose('1', '2')}:"):
                w.emit(w.choose("return found * 10", "break", "at += 1"))
            w.emit(f"at {w.choose('+= 1', '= found + 1')}")
        w.emit(w.choose("return found - at", "return at"))
    w.emit(f"print({name}(n), {name}(5))")


@feature()
def walrus_in_test(w: Writer) -> None:
    v = w.fresh("v")
    test = w.choose(
        f"({v} := {w.int_value()}) > 3", f"n > 2 and ({v} := n * 2) < 12",
        f"({v} := n % 3) or n == 6", f"not ({v} := n // 4)",
    )  # fmt: skip
    w.emit(f"{v} = -1")
    with w.block(f"if {test}:"):
        w.emit(f"print('held', {v})")
    w.emit(f"print({v}, [y for k in range(n) if (y := k * k % 5) > {w.choose('0', '2')}])")


@feature(place="top", compound=True)
def nonlocal_of_two(w: Writer) -> None:
    outer, inner, deep = w.fresh("outer"), w.fresh("inner"), w.fresh("deep")
    with w.block(f"def {outer}(start):"):
        w.emit("total, log = start, []")
        with w.block(f"def {inner}(by):"):
            w.emit("nonlocal total")
            w.emit(f"total {w.choose('+= by', '= total * 2 + by')}")
            with w.block(f"def {deep}():"):
                w.emit("nonlocal total, by")
                w.emit("by += 1")
                w.emit("total -= by")
                w.emit("return by")
            with w.block(f"if by {w.choose('> 2', '% 2', '== n')}:"):
                w.emit(f"log.append({deep}())")
            w.emit("return total")
        i = w.fresh("i")
        with w.block(f"for {i} in range({w.choose('n', '4')}):"):
            w.emit(f"{inner}({i})")
        w.emit(f"return total, log, {inner}")
    w.emit(f"result, seen, again = {outer}({w.choose('n', '1')})")
    w.emit("print(result, seen, again(3), again(n), seen)")


@feature(place="top")
def global_changes(w: Writer) -> None:
    name, g = w.fresh("fun"), w.fresh("g")
    w.emit(f"{g} = {w.choose('0', 'n', '1.5', '[]')}")
    with w.block(f"def {name}(k):"):
        w.emit(f"global {g}")
        w.emit(f"{g} = {g} * {w.choose('2', 'k')}")
        with w.block(f"if k > {w.choose('2', 'n - 2')}:"):
            w.emit(f"{g} = {w.choose('k', 'k / 2', '[k]')} if k % 2 else {g}")
        w.emit("return k")
    w.emit(f"print(sum({name}(k) for k in range({w.choose('n', '3')})), {g})")


@feature(place="untried")
def delete_name(w: Writer) -> None:
    v, d = w.fresh("v"), w.fresh("d")
    w.emit(f"{v}, {d} = [n, 1, 2, 3], {{'a': 1, 'b': n}}")
    w.emit(w.choose(f"del {v}[0]", f"del {v}[-1], {d}['a']", f"del {v}[::2]", f"del {v}[1:n]"))
    with w.block(f"if {w.run_time_test()}:"):
        w.emit(w.choose(f"{v}.append(9)", f"del {v}[:1]", f"{d}.pop('b', 0)"))
    w.emit(f"print({v}, {d})")


@feature()
def comprehension_scope(w: Writer) -> None:
    x = w.variable("int")
    w.emit(
        "print("
        + w.choose(
            f"[{x} for {x} in range(n)]",
            "[(k, j) for k in range(n) for j in range(k) if (k + j) % 2]",
            f"[[j * k for j in range(k)] for k in range({w.choose('n', '4')})]",
            "{k % 3: k for k in range(n)}",
            "sorted({k * k % 7 for k in range(n)})",
            "[f() for f in [lambda k=k: k * n for k in range(3)]]",
            f"list(map(lambda k: k + {x}, range(n)))",
            "[c for word in 'ab cde f'.split() for c in word if c != 'd']",
            f"sum(k * {x} % 5 for k in range(n) if k != 2)",
            "dict(zip('abcdefgh', range(n)))",
            "[a + b for a, b in zip(range(n), range(2, 9))]",
            f"[*range(n), *[{x}]][:3]",
        )
        + f", {x})"
    )


# -- calls


@feature(place="top")
def stars(w: Writer) -> None:
    name = w.fresh("fun")
    with w.block(f"def {name}(a, b=2, *rest, c=3, **more):"):
        w.emit("return a, b, rest, c, sorted(more.items())")
    xs, d = w.fresh("args"), w.fresh("named")
    w.emit(f"{xs} = {w.choose('[n, 1]', 'list(range(n))', '(n,)', '[k for k in range(n) if k]')}")
    w.emit(f"{d} = {w.choose('{}', chr(123) + chr(34) + 'c' + chr(34) + ': n}')}")
    with w.block(f"if {w.run_time_test()}:"):
        w.emit(f'{d}["{w.choose("b", "c", "z", "a")}"] = {w.choose("n", "7")}')
    _shown(
        w, f"{name}(*{xs})", f"{name}(n, **{d})", f"{name}(**{d})", f"{name}(0, 1, *{xs}, c=5)",
        f"{name}(*{xs}, **{d})", f"{name}(n, y=1, **{d})", f"{name}(1, c=n, **{d})",
        f"max(*{xs}, 3)", f"dict(**{d}, q=1)", f"{{**{d}, 'q': n}}", f"[*{xs}, *{d}]",
    )  # fmt: skip


@feature(place="top")
def cached(w: Writer) -> None:
    w.imports.add("from functools import lru_cache")
    name = w.fresh("memo")
    w.emit(f"@lru_cache({w.choose('None', 'maxsize=None', 'maxsize=3')})")
    with w.block(f"def {name}(k, by=1):"):
        with w.block("if k < 2:"):
            w.emit(w.choose("return k", "return k + by"))
        w.emit(f"return ({name}(k - 1, by) + {name}(k - 2{w.choose('', ', by')})) % 97")
    w.emit(f"print({name}({w.choose('n', 'n + 9')}), {name}(7))")
    if w.random.random() < 0.5:
        w.emit(f"print({name}.cache_info().hits > 0, {name}.cache_info().currsize)")


@feature(weight=1.5, place="top", compound=True)
def own_order(w: Writer) -> None:
    """Objects with an order, a text and a property of their own, in a list of run time."""
    w.imports.add("from functools import total_ordering")
    base, derived, made = w.fresh("Item"), w.fresh("Special"), w.fresh("made")
    w.emit("@total_ordering")
    with w.block(f"class {base}:"):
        with w.block("def __init__(self, rank, name='x'):"):
            w.emit("self._rank, self.name = rank, name")
        w.emit("@property")
        with w.block("def rank(self):"):
            w.emit("return self._rank")
        w.emit("@rank.setter")
        with w.block("def rank(self, value):"):
            with w.block(f"if value > {w.choose('5', '50')}:"):
                w.emit('raise ValueError(f"{value} is too much for {self.name}")')
            w.emit("self._rank = value")
        with w.block("def __eq__(self, other):"):
            w.emit("return self.rank == other.rank")
        with w.block("def __lt__(self, other):"):
            w.emit("return self.rank < other.rank")
        with w.block("def __str__(self):"):
            w.emit('return f"{self.name}:{self.rank}"')
        with w.block("def __repr__(self):"):
            w.emit('return "!" + str(self)')
        w.emit("@classmethod")
        with w.block("def parse(cls, text):"):
            w.emit('name, _, rank = text.partition("=")')
            w.emit("return cls(int(rank or 0), name)")
    with w.block(f"class {derived}({base}):"):
        w.emit("@property")
        with w.block("def rank(self):"):
            w.emit(f"return super().rank {w.choose('+ 1', '* 2')}")
    w.emit(f"{made} = [{base}(k % 3, 'abcdefgh'[k]) for k in range({w.choose('n', '4')})]")
    w.emit(f"{made} += [{derived}(2, 's'), {derived}.parse('t=' + str(n))]")
    with w.block("try:"):
        w.emit(
            w.choose(
                f"{made}[0].rank = n", f"{made}[-1]._rank = 0", f"{made}[0].rank += n",
                f"{made}.reverse()", f"{made}.append({base}.parse('q'))",
            )
        )  # fmt: skip
    with w.block("except (ValueError, AttributeError) as error:"):
        w.emit("print(type(error).__name__, error)")
    w.emit(
        "print("
        + w.choose(
            f"*sorted({made})", f"max({made}), min({made})", f"' '.join(map(str, {made}))",
            f"[str(one) for one in {made} if one > {made}[0]]", f"{made}[0] == {made}[-1]",
            f"*sorted({made}, key=lambda one: one.name)", f"sum(one.rank for one in {made})",
        )
        + ")"
    )  # fmt: skip


# -- patterns


@feature(weight=1.5, compound=True)
def match_structures(w: Writer) -> None:
    w.imports.add("from dataclasses import dataclass")
    definition = ["@dataclass", "class Point:", "    x: int", "    y: int = 0"]
    if "class Point:" not in w.module.preamble:
        w.module.preamble += definition
    x = w.variable("int")
    subject = w.choose(
        "Point(n, 1)", "Point(n % 2, n)", '{"kind": "a", "n": n}', '{"kind": "b", "size": [n, 2]}',
        "[n, n + 1, 3]", "(n, 'x')", "str(n).split('3')", '"go " + str(n)', "('go %d' % n).split()",
        "[Point(0, n), Point(n)]", "n / 2", "None if n > 5 else n", "list(range(n))",
    )  # fmt: skip
    patterns = [
        "Point(x=0)", "Point(x, y) if x > y", "Point(0 | 3, y)", 'Point(x=int(k), y=1)',
        '{"kind": "a", "n": k} if k > 2', '{"kind": str(k), **rest}', '{"size": [a, b]}',
        "[a, b]", "[a, *rest]", "[_, _, last]", "(int(a), str(b))", "[] | [_]",
        '["go", k]', "str(k) if k.endswith('7')", "[Point(0, a), Point(y=0)]", "float(k)",
        "None", "int(k)", "[*_, (2 | 3) as k]",
    ]  # fmt: skip
    with w.block(f"match {subject}:"):
        for pattern in w.random.sample(patterns, 5):
            with w.block(f"case {pattern}:"):
                names = [name for name in ("k", "a", "rest", "last", "y") if _binds(pattern, name)]
                w.emit(f"print({', '.join([repr(pattern.split()[0]), *names])})")
                w.emit(f"{x} = ({x} + {w.random.randrange(9)}) % 97")
        with w.block(w.choose("case other:", "case _:")):
            w.emit(f"{x} = 90")


def _binds(pattern: str, name: str) -> bool:
    head = pattern.partition(" if ")[0]
    return any(f"{before}{name}{after}" in f" {head} " for before in "( *[" for after in "),] ")


# -- exceptions


@feature(compound=True)
def raise_from(w: Writer) -> None:
    how = w.choose(" from error", " from None", "")
    with w.block("try:"):
        with w.block("try:"):
            w.emit(w.choose("int('x' * n)", "[1, 2, 3, 4][n]", "{}[n]", "1 // (n - 3)"))
            w.emit('print("fine")')
        with w.block("except (ValueError, LookupError, ArithmeticError) as error:"):
            w.emit(f'raise RuntimeError(f"{{n}}: {{error}}"){how}')
        with w.block("finally:"):
            w.body(1)
    with w.block("except RuntimeError as caught:"):
        w.emit(w.choose("print(caught, repr(caught.__cause__))", "print(repr(caught))",
                        "print(caught.args, caught.__cause__ is None)"))  # fmt: skip


@feature(place="top", compound=True)
def finally_leaves(w: Writer) -> None:
    """`return`, `continue` and `break` in a `finally`, and what they overrule."""
    name, p, i = w.fresh("fun"), w.fresh("p"), w.fresh("i")
    with w.function(f"def {name}({p}):", name, [p]):
        w.emit("seen = 0")
        with w.loop(f"for {i} in range({w.choose(p, '4')}):", MOST_N, i):
            with w.block("try:"):
                with w.block(f"if {i} == {w.choose('2', f'{p} - 1')}:"):
                    w.emit(w.choose("return seen", "break", "continue", "raise ValueError(seen)"))
                w.emit(f"seen += {i}")
            if w.random.random() < 0.5:
                with w.block("except ValueError as error:"):
                    w.emit("seen += 100")
            with w.block("finally:"):
                w.emit("seen += 1")
                with w.block(f"if seen > {w.choose('3', '9', p)}:"):
                    w.emit(w.choose("return -seen", "continue", "break", "seen *= 2"))
        w.emit("return seen")
    _shown(w, f"{name}({w.choose('n', '3')}), {name}(n % 5)")


@feature(place="top", compound=True)
def generator_cleans_up(w: Writer) -> None:
    name, p = w.fresh("gen"), w.fresh("p")
    with w.block(f"def {name}({p}):"):
        with w.block("try:"), w.block(f"for k in range({p}):"):
            with w.block(f"if k == {w.choose('2', '3', 'n')}:"):
                w.emit(w.choose("raise ValueError(k)", "return", "yield -1"))
            w.emit("yield k")
        with w.block("except ValueError as error:"):
            w.emit(w.choose("yield error.args[0] * 100", "print('caught', error)"))
        with w.block("finally:"):
            w.emit(f"print('done with', {p})")
    w.emit(w.choose(f"print(list({name}(n)))", f"print(sum({name}(4)), max({name}(n + 1)))",
                    f"for v in {name}(n):\n    print(v)".replace(
                        "\n", "\n" + "    " * w.scope.depth)))  # fmt: skip


# -- numbers and texts


@feature(weight=1.5)
def number_text(w: Writer) -> None:
    t = w.choose("str(n)", "sys.argv[1]", "' %d ' % n", "f'{n}.5'", "'0x%x' % (n + 9)", "'1' * n",
                 "'-' + str(n)", "f'{n}_0'", "'%de2' % n", "'abc'[n % 3:]", "''")  # fmt: skip
    _shown(w, f"int({t})", f"int({t}, 16)", f"float({t})", f"int({t}, 0)", f"bool({t})",
           f"int(float({t}))", f"{t}.strip().isdecimal()", f"round(float({t}))",
           f"[int(c) for c in {t}]", f"repr(float({t}))", f"complex({t})",
           f"sum(map(int, {t}))")  # fmt: skip


@feature(weight=1.5)
def integer_operations(w: Writer) -> None:
    a = f"({w.choose('n', '-n', 'n - 4', '7 - n', '-7', w.int_value())})"
    b = f"({w.choose('n', '-n', 'n - 3', '3', '-3', '0', '2')})"
    _shown(w, f"{a} // {b}", f"{a} % {b}", f"divmod({a}, {b})", f"{a} >> {b}", f"{a} << {b}",
           f"{a} ** {b}", f"{a} / {b}", f"{a} & {b}, {a} | {b}, {a} ^ {b}", f"pow({a}, {b}, 7)",
           f"{a} // {b} * {b} + {a} % {b}", f"{a} * 10 ** 18", f"{a}.bit_length(), ~{a}",
           f"{a} % 2.5, {a} // 0.5", f"float({a}) // {b}", f"{a} < {b} < 5, {a} == {b} != 3",
           f"hash({a}), {a} is True", f"{a} % -{b}", f"int({a} / 2), round({a} / 2)")  # fmt: skip


@feature(weight=1.5)
def nested_format(w: Writer) -> None:
    value = w.choose("n", "n / 3", "str(n)", "n * 1000", "-n", "n == 3", "[n]", "(n, 1)", "None",
                     "n * 1e-5", "'né' * n", "complex(n, 1)")  # fmt: skip
    width, digits = w.choose("n", "8", "n + 3", "0"), w.choose("2", "n % 4", "1")
    _shown(
        w, f'f"{{{value}:{{{width}}}}}|"', f'f"{{{value}!r:>{{{width}}}}}|"',
        f'f"{{{value}:.{{{digits}}}f}}|"', f'f"{{{value}:*^{{{width}}}}}|"',
        f'f"{{{value}:{{{width}}}.{{{digits}}}}}|"', f'"{{:>{{w}}}}|".format({value}, w={width})',
        f'"%*d|" % ({width}, {value})', f'"%s|%5.1f" % ({value}, n)', f'"%r" % ({value},)',
        f'"{{0}}{{0!r}}{{1:03}}".format({value}, n)', f'"%-{w.choose("5", "1")}s|" % ({value},)',
        f'f"{{{value}:{w.choose("+", " ", ",", "_", "e", "08", "x", "c", "s", "d", "%", "10s")}}}"',
        f'"%{w.choose("x", "o", "c", "e", "g", "i", "5.1f", "03d", "+d", "#x")}" % ({value},)',
        f'format({value}, {w.choose("str(n)", chr(34) + ">6" + chr(34), chr(34) * 2)})',
    )  # fmt: skip


@feature(weight=1.5)
def text_cut_up(w: Writer) -> None:
    t = w.choose("'the cat, the dog' * (n % 3)", "f'k={n};v={n * 2}'", "'  a b  ' + str(n)",
                 "'Mixed Case %d' % n", "'x\\ny\\n' * n", "str(n * 1234567)", "'ÄöÜß' + str(n)",
                 "'a,,b,' + str(n)", "'aaa' * n")  # fmt: skip
    _shown(w, *(f"repr({t}{call})" for call in (
        ".split()", ".split(',')", ".splitlines()", ".rsplit(None, 1)", ".partition('=')",
        ".swapcase()", ".capitalize()", ".casefold()", ".title()", ".replace('a', 'bc', 2)",
        ".rfind('t')", ".index('k')", ".count('a')", ".strip(' a0')", ".lstrip('the ')",
        ".removeprefix('the')", ".removesuffix('0')", ".expandtabs()", ".ljust(n + 9, '.')",
        ".translate(str.maketrans('ab', 'xy'))", "[n:]", "[-n:]", "[::-2]", "[n]", "[1:n:2]",
        ".encode()", ".isalpha()", ".islower()", ".endswith(('0', '3'))", ".join(['1', '2'])",
        ".find('a', n)", ".zfill(n * 3)", ".isalnum()", " > 'k'", " * -1", ".upper().lower()",
    )), f"sorted({t}), max({t})", f"dict.fromkeys({t})", f"set({t}) & set('ab3')",
        f"list(enumerate({t}))[-2:]", f"{t}.split('e')[1:]", f"[len(p) for p in {t}.split()]",
    )  # fmt: skip


# -- lists, dicts and sets


@feature(weight=1.5)
def slice_assigned(w: Writer) -> None:
    xs = w.fresh("zs")
    w.emit(f"{xs} = {w.choose('[1, 2, 3, 4]', 'list(range(n))', '[n] * 3', 'list(str(n * 11))')}")
    place = w.choose("1:2", ":n", "n:", "::2", "-1:", "1:1", ":", "n:1", "-n:", "::-1")
    value = w.choose("[7, 8]", "[]", f"{xs}[::-1]", "range(n)", "[n]", "(5, 6)", "'ab'", "7")
    with w.block("try:"):
        w.emit(f"{xs}[{place}] {w.choose('=', '=', '+=')} {value}")
    with w.block("except (ValueError, TypeError, IndexError) as error:"):
        w.emit("print(type(error).__name__, error)")
    w.emit(f"print({xs}, len({xs}))")


@feature(weight=1.5)
def sorted_by_key(w: Writer) -> None:
    xs = w.fresh("pairs")
    make = w.choose("[(k % 3, -k) for k in range(n)]", "[(2, 'b'), (1, 'z'), (2, 'a'), (n, 'q')]",
                    "list(zip('bcabca', range(n)))", "[(n - k, str(k)) for k in range(4)]",
                    "[(0.5 * (k % 2), k) for k in range(n)]")  # fmt: skip
    w.emit(f"{xs} = {make}")
    key = w.choose("lambda p: p[0]", "lambda p: p[1]", "lambda p: -len(str(p[1]))", "lambda p: 0",
                   "lambda p: (p[0] == 2, p)", "str", "lambda p: str(p[0])[::-1]")  # fmt: skip
    w.emit(f"{xs}.sort(key={key}{w.choose('', ', reverse=True', ', reverse=n > 3')})")
    w.emit(f"print({xs}, max({xs}, key={key}, default=None), min({xs}, default=0))")


@feature(weight=1.5)
def dict_and_set_methods(w: Writer) -> None:
    d = w.fresh("table")
    w.emit(f"{d} = {w.choose('{k: str(k) for k in range(n)}', 'dict(zip(str(n * 37), range(9)))')}")
    key = w.choose("n", "1", "'1'", "str(n)", "(1, n)")
    _shown(w, f"{d}.pop({key})", f"{d}.pop({key}, None), {d}", f"{d}[{key}]", f"{d}.popitem()",
           f"{d}.setdefault({key}, 'new'), {d}", f"{d}.get({key}), {key} in {d}",
           f"{d} | {{{key}: 0}}", f"sorted({d}.items(), key=lambda p: p[1])", f"list({d})[::-1]",
           f"{d} == dict({d}), {{**{d}}} is {d}", f"{d}.keys() & {{{key}, 2}}", f"len({d})",
           f"max({d}.items(), key=lambda p: p[1])", f"{{v: k for k, v in {d}.items()}}",
           f"sorted(set({d}) - {{{key}}}, key=str)", f"set({d}) <= set({d}), {{1, n}} ^ {{n, 3}}",
           f"[k for k in {d} if k != {key}]", f"next(iter({d}), None), any({d}.values())",
           f"sum(map(len, map(str, {d})))", f"{d}.update({{{key}: 5}}) or {d}",
           "frozenset([n, 1]) == {1, n}, {n} < {n, 9}", f"[*{d}.values()][-1]",
           f"dict(sorted({d}.items(), reverse=True))")  # fmt: skip

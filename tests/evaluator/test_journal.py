"""What a body does under a journal is undone at its end, whatever it touches.

Each row of STATEMENTS changes objects that SETUP made. Bodies are drawn from them at random and
evaluated inside `heap.journal()`; afterwards everything that the program can reach is as before.
"""

from __future__ import annotations

import contextlib
import functools
import random
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType, MethodType
from typing import Any

import numpy as np
import pytest

from fleet import frontend
from fleet.diagnostics import FleetError
from fleet.evaluator.backends.staged import Staged
from fleet.evaluator.control.regions import split
from fleet.evaluator.iterators.protocol import END
from fleet.evaluator.iterators.protocol import Iterator as OwnIterator
from fleet.evaluator.objects.functions import Function
from fleet.evaluator.objects.modules import Module
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.state.memory import Policy
from fleet.evaluator.state.outgrown import learn
from fleet.evaluator.state.scopes import Scope
from fleet.evaluator.values.array_lists import ArrayLists
from fleet.evaluator.values.heap import CLASS_SERIAL, MISSING, Cell
from fleet.evaluator.values.then import Array, Tensor
from fleet.ir.core import Block
from fleet.syntax import tree
from fleet.syntax.parser import parse

SETUP = """
import functools, itertools, operator
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass
import numpy as np
xs = [3, 1, 2]; alias = xs; nested = [[1], [2, 3]]; rows = ([1], {'k': [2]})
texts = ['b', 'a']; mixed = [1, 'a']
d = {'a': 1, 'b': [2]}; s = {1, 2}; t = {'x'}
a = np.arange(6); view = a[1:4]; grid = np.zeros((2, 3))
class Base:
    shared = 0
    log = []
    def __init__(self): self.v = 1
    def bump(self): self.v += 1; Base.shared += 1; self.log.append(self.v)
    @property
    def twice(self): return 2 * self.v
    @twice.setter
    def twice(self, v): self.v = v // 2
class Derived(Base):
    pass
class Slotted:
    __slots__ = ('p', 'q')
    def __init__(self): self.p = 1
class Empty: pass
class Steps:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 5: raise StopIteration
        return self.n
class Failing:
    def __lt__(self, other): raise ValueError('no order')
class Stack(list):
    def push(self, x): self.append(x)
class Table(dict): pass
@dataclass
class Point:
    x: int = 0
    y: list = None
base = Base(); derived = Derived(); slotted = Slotted(); empty = Empty(); steps = Steps()
point = Point(1, [2]); failing = [2, Failing(), Failing(), 1]
stack = Stack(); table = Table()
err = ValueError('a', [1])
def f(v, log=[]): log.append(v); return log
def g(): pass
g.calls = 0
def make():
    c = 0; items = []
    def count():
        nonlocal c
        c += 1; items.append(c)
        return c
    return count
counter = make()
total = 0
def add(k):
    global total, fresh
    total += k; fresh = k
log = []
@functools.lru_cache(maxsize=2)
def cached(k): log.append(k); return [k]
@functools.cache
def pure(k): return k + 1
q = deque([1, 2, 3], maxlen=4); c = Counter('aab'); dd = defaultdict(list, z=[1])
o = OrderedDict(a=1, b=2); P = namedtuple('P', 'x y'); p = P(1, [2])
part = functools.partial(f, 5)
li = iter(xs); di = iter(d); si = iter(s); ti = iter((1, 2, 3)); ci = iter(counter, 3)
ri = reversed(xs); zi = zip(ti, 'abc'); ei = enumerate(xs); mi = map(abs, [1, -2])
fi = filter(None, [0, 1, 2]); gi = (f(k) for k in xs if k); vi = iter(d.items())
count = itertools.count(); cyc = itertools.cycle([1, 2]); ch = itertools.chain([1], [2, 3])
acc = itertools.accumulate([1, 2, 3]); sl = itertools.islice(range(9), 1, 8, 2)
pr = itertools.product([1, 2], [3]); per = itertools.permutations([1, 2, 3])
com = itertools.combinations([1, 2, 3], 2); cwr = itertools.combinations_with_replacement([1, 2], 2)
rep = itertools.repeat(1, 3); zl = itertools.zip_longest([1], [2, 3])
st = itertools.starmap(max, [(1, 2)])
tw = itertools.takewhile(bool, [1, 2, 0]); dw = itertools.dropwhile(bool, [1, 0, 2])
ff = itertools.filterfalse(None, [0, 1, 0]); pw = itertools.pairwise([1, 2, 3])
cp = itertools.compress([1, 2, 3], [1, 0, 1]); t1, t2 = itertools.tee([1, 2, 3])
gb = itertools.groupby([1, 1, 2]); everything = [xs, d, s]
"""
STATEMENTS = """
xs.append(4)
xs[0] = 9
xs[1:2] = [7, 8]
xs[:] = []
del xs[0]
del xs[:2]
xs += [5]
xs *= 2
alias.insert(0, 1)
xs.sort()
xs.sort(key=lambda v: -v, reverse=True)
failing.sort()
failing.sort(key=lambda v: nowhere)
xs.reverse()
xs.clear()
xs.extend(k for k in (1, 2))
xs.extend(xs)
xs.remove(3)
xs.remove(77)
xs.pop()
xs.__init__([1])
nested[0].append(2)
nested[1], nested[0] = nested
nested[0] += nested[1]
rows[0][0] += 1
rows[1]['k'].append(3)
rows[0] += [1]
texts.append('c')
mixed[0], *mixed[1:] = 'xyz'
first, *rest = xs
(head, [tail]) = 1, [2]
for xs[0] in [5, 6]: pass
for d['loop'] in [5, 6]: pass
for base.v in [5, 6]: pass
[xs.append(k) for k in (1, 2)]
{k: d.pop(k) for k in list(d)}
(walrus := 5)
[last := k for k in (1, 2)]
everything.append(everything)
d['c'] = 3
d['a'] += 1
d['b'].append(1)
del d['a']
d.pop('b')
d.popitem()
d.update(z=1)
d.update([('q', 1)])
d |= {'n': 1}
d.setdefault('m', []).append(1)
d.clear()
fresh_dict = dict.fromkeys([1, 2], xs)
d.__init__(k=1)
d.__setitem__('w', 1)
d.__ior__({'w': 1})
s.add(3)
s |= {4}
s &= {1}
s -= {1}
s ^= t
s.update(t, [8])
s.discard(1)
s.remove(2)
s.pop()
s.clear()
t.intersection_update(s)
t.difference_update(['x'])
t.symmetric_difference_update(s)
s.__init__([7])
a[0] = 5
a[1:3] += 1
view[:] = 0
a.fill(3)
a += 1
grid[0] = 1
grid.T[0] = 2
base.v = 5
base.new = 1
del base.v
base.bump()
derived.bump()
derived.shared += 1
base.twice = 10
Base.shared = 5
Base.added = 1
del Base.log
Derived.shared = 3
Base.bump = lambda self: None
setattr(base, 'w', 1)
setattr(Base, 'w', 1)
delattr(base, 'v')
slotted.p = 5
slotted.q = 1
del slotted.p
empty.z = 1
steps.n = 3
next(steps)
list(steps)
point.x += 1
point.y.append(1)
stack.push(1)
stack.append(2)
stack += [3]
stack.top = 1
table['k'] = 1
table.update(z=2)
err.args = (1,)
err.args[1].append(2)
err.note = 3
f(1)
f(2).append(3)
g.calls += 1
g.other = 1
del g.calls
counter()
add(1)
cached(1)
cached(2); cached(3)
cached(1).append(1)
cached(1); cached.cache_clear()
pure(3)
q.append(4); q.append(5)
q.appendleft(0)
q.pop(); q.popleft()
q.rotate(1)
q.extend(xs)
q.extendleft('ab')
q[0] = 7
del q[0]
q.insert(1, 9)
q.clear()
q.reverse()
q += [1]
q *= 2
q.remove(2)
c['a'] += 1
c['new'] += 1
c.update('abc')
c.subtract('aab')
c += Counter('q')
c -= Counter('a')
c |= Counter('zz')
c &= Counter('a')
del c['a']
c.clear()
dd['k'].append(1)
dd['z'].append(1)
dd.default_factory = None
dd.pop('z')
o.move_to_end('a')
o.move_to_end('b', last=False)
o.popitem()
o['c'] = 1
p.y.append(1)
part()
part.keywords['v'] = 2
next(li)
list(li)
next(di)
list(si)
next(ti)
list(zi)
next(zi)
next(ci)
list(ci)
next(ri)
next(ei); next(ei)
list(mi)
next(fi)
next(gi)
list(gi)
next(vi)
2 in li
first, *rest = ti
for k in li: break
for k in zi: xs.append(k)
next(count)
next(cyc); next(cyc); next(cyc)
next(ch); next(ch)
list(acc)
next(sl)
next(pr)
list(per)
next(com)
next(cwr)
next(rep)
list(zl)
next(zl)
next(st)
list(tw)
list(dw)
next(ff)
next(pw)
list(cp)
next(t1)
list(t2)
k1, g1 = next(gb); list(g1)
list(gb)
total += 1
del total
del nothing_there
import math as mathematics
def redefined(): return xs
class Made(Base): items = xs; items.append(1)
class Body: xs.append(1); Base.shared += 1
exec_like = lambda: xs.append(9); exec_like()
try: raise err
except ValueError as caught: caught.note = 1; xs.append(1)
try: xs.append(1); 1 // 0
except ZeroDivisionError as total: pass
try: xs.append(1)
finally: d['finally'] = 1
with np.errstate(all='ignore') as manager: xs.append(1)
raise err
assert xs.append(1)
while len(xs) < 6: xs.append(0)
for i, xs[0] in enumerate(li): d[i] = xs[0]
if xs.append(1) or True: d['if'] = 1
f'{xs.append(1)}'
xs.append(1) if d else d.clear()
functools.reduce(lambda u, v: xs.append(v), [1, 2])
sorted([2, 1], key=lambda v: xs.append(v) or v)
operator.setitem(d, 'op', 1)
operator.iadd(xs, [1])
operator.delitem(d, 'a')
operator.methodcaller('append', 1)(xs)
max([1, 2], key=lambda v: xs.append(v) or v)
any(xs.append(v) for v in (1, 2))
""".strip().replace("\nexcept", "\0except").replace("\nfinally", "\0finally").split("\n")
STATEMENTS = [statement.replace("\0", "\n") for statement in STATEMENTS]


def start(path: Path, source: str) -> Machine:
    """An evaluation that has built the IR of a program."""
    path.write_text(source, encoding="utf-8")
    m = frontend._machine(path, parse(source, str(path)), Policy())
    block = Block()
    with tree.recursion_room(frontend.RAISED_RECURSION):
        frontend._start(m, Staged(m.heap, block, m.location))
        e = m.backend.e
        e.uncatchable, e.cause_of = m.uncatchable, m.policy.cause_of
        e.split = functools.partial(split, m)
        e.array_lists = ArrayLists(
            e, m.policy.array_lists, m.policy.number_lists, m.policy.written,
            m.policy.attribute_lists,
            functools.partial(learn, m, ()),
        )
        e.builder.block = block
        m.run_body(m.tree.body)
    return m


def evaluate(m: Machine, source: str) -> None:
    with contextlib.suppress(Raised, FleetError):
        m.run_body(parse(textwrap.dedent(source), "body").body)


_PLAIN = (str, int, float, bytes, bool, complex, type(None), range, type(...), np.dtype)
_CLOSED = (Machine, Module, tree.AST, type(MISSING), type(END), MappingProxyType, np.generic)


def snapshot(root: Any) -> list[Any]:
    """The state of all that a program can get at: equal lists are equal states."""
    seen: dict[int, int] = {}
    keep: list[Any] = []

    def walk(obj: Any) -> Iterator[Any]:
        waiting = [obj]
        while waiting:
            obj = waiting.pop()
            if isinstance(obj, _PLAIN) and type(obj).__module__ != "__main__":
                yield type(obj).__name__, obj
            elif isinstance(obj, _CLOSED) or callable(obj) and not hasattr(obj, "__dict__"):
                yield type(obj).__name__, id(obj)
            elif id(obj) in seen:
                yield seen[id(obj)]
            else:
                seen[id(obj)] = len(seen)
                keep.append(obj)
                state, parts = opened(obj)
                yield type(obj).__name__, state, len(parts)
                waiting += reversed(parts)

    return list(walk(root))


def opened(obj: Any) -> tuple[Any, list[Any]]:
    """An object's own state, and the objects that it leads to."""
    own: list[Any] = []
    for name, value in sorted(vars(obj).items() if hasattr(obj, "__dict__") else ()):
        if name not in ("heap", "_m", "m", CLASS_SERIAL, "__doc__", "__weakref__", "__dict__",
                        "_names", "_pure", "call", "serial"):  # fmt: skip
            own += [name, value]
    if isinstance(obj, Function):
        own += [obj.__name__, obj._scope, obj._defaults, obj._kw_defaults]
    for kind in type(obj).__mro__:
        if kind.__module__ == "__main__":
            slots = vars(kind).get("__slots__", ())
            own += [getattr(obj, name, "none") for name in slots]
    match obj:
        case type() if obj.__module__ != "__main__":
            return obj.__qualname__, []
        case np.ndarray():
            return obj.tobytes(), []
        case dict():
            return None, [part for pair in obj.items() for part in pair] + own
        case list() | tuple():
            return None, [*obj, *own]
        case set() | frozenset():
            return sorted(map(repr, obj)), own
        case Array():
            return (obj.dims, obj.dtype), [obj.cell]
        case Tensor():
            return id(obj.value), []
        case Cell():
            return None, [obj.content]
        case Scope():
            return None, [obj.values]
        case BaseException():
            return None, [obj.args, *own]
        case MethodType():
            return None, [obj.__self__, obj.__func__]
        case property():
            return None, [obj.fget, obj.fset]
        case Function() | type() | OwnIterator():
            return None, own
    return None, own


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return start(tmp_path_factory.mktemp("journal") / "program.py", SETUP)


def assert_undone(m: Machine, body: str) -> None:
    before = snapshot(m.scope.values)
    with m.heap.journal():
        evaluate(m, body)
    assert snapshot(m.scope.values) == before, body


@pytest.mark.parametrize("statement", STATEMENTS)
def test_what_a_statement_changes_is_undone(statement: str, started: Machine) -> None:
    assert_undone(started, statement)


@pytest.mark.parametrize("seed", range(60))
def test_what_a_random_body_changes_is_undone(seed: int, started: Machine) -> None:
    choice = random.Random(seed)
    assert_undone(started, "\n".join(choice.choices(STATEMENTS, k=12)))


@pytest.mark.parametrize("seed", range(20))
def test_journals_nest(seed: int, started: Machine) -> None:
    choice = random.Random(seed)
    before = snapshot(started.scope.values)
    with started.heap.journal():
        evaluate(started, "\n".join(choice.choices(STATEMENTS, k=6)))
        assert_undone(started, "\n".join(choice.choices(STATEMENTS, k=6)))
        evaluate(started, "\n".join(choice.choices(STATEMENTS, k=6)))
    assert snapshot(started.scope.values) == before


def test_statements_change_something(started: Machine) -> None:
    """The rows are worth their place: without the journal they leave something behind."""
    idle = []
    for statement in STATEMENTS:
        before = snapshot(started.scope.values)
        with started.heap.journal():
            evaluate(started, statement)
            if snapshot(started.scope.values) == before:
                idle.append(statement)
    assert set(idle) <= {*RAISES, *REFUSED}


RAISES = ["failing.sort()", "failing.sort(key=lambda v: nowhere)", "xs.remove(77)",
          "del nothing_there", "raise err"]  # fmt: skip
"""Statements that raise before they have changed anything."""
REFUSED = ["xs.__init__([1])", "d.__init__(k=1)", "d.__setitem__('w', 1)", "d.__ior__({'w': 1})",
           "s.__init__([7])", "delattr(base, 'v')"]  # fmt: skip
"""Statements that are not supported."""

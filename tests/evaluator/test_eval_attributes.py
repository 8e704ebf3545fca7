"""Attributes, text of objects and special methods do what CPython's do, known now or then."""

from __future__ import annotations

from pathlib import Path

import pytest
from three_ways import assert_equal_outcomes

PROGRAMS = {
    "names of functions and classes": '''
class A:
    "of A"
    x: int = 1
    def f(self, a: int, b=2, *, c=3) -> str:
        "of f"
    @property
    def p(self):
        return 5
    @classmethod
    def c(cls):
        return cls.__name__
    @staticmethod
    def s():
        return 1
a = A()
print(A.__name__, A.__qualname__, A.__module__, A.__doc__, A.__mro__, A.__bases__, A.__base__)
print(A.f.__annotations__, A.f.__defaults__, A.f.__kwdefaults__)
print(A.f.__name__, A.f.__qualname__, a.f.__doc__, a.f.__self__ is a, a.f.__func__ is A.f)
print(A.f.__module__, (lambda: 1).__name__, len.__name__, len.__module__, str.upper.__qualname__)
print(a.__class__, a.__class__.__name__, a.__module__, type(a).c(), a.p, A.s(), A.mro())
print(sorted(name for name in A.__dict__ if name[0] != "_"))
''',
    "text of functions and types": '''
import sys
import numpy as np
print(len, print, int, type(len), type(lambda: 1), type(sys), type([].append), str.upper)
print(type(np.add), np.add, type(np.float32(1)), type(sys.argv), type({}.keys()), list[int])
print(repr(len)[:14], {"f": len}, [int, str], (print,), f"{abs}", "%s" % abs, "{}".format(abs))
''',
    "attributes that one path gives": '''
import collections, functools, itertools, operator, sys
n = int(sys.argv[1])
class A:
    def __init__(self):
        self.v = 1
class B:
    w = 5
    def __init__(self):
        self.v = 2.5
a = A()
if n > 2:
    a.b, a.s = 2, "text"
print(hasattr(a, "b"), getattr(a, "b", 7), getattr(a, "s", None))
x = A() if n > 2 else B()
print(x.v, hasattr(x, "w"), type(x).__name__)
x.v = 9
print(x.v, a.v)
def f(): pass
if n > 2:
    f.calls = 1
print(hasattr(f, "calls"))
class H:
    def __getattr__(self, name):
        return lambda *given: name
h = H()
print(h.text_parts(1), h.at_once(), [h.shown_items()], h.from_here())
class L(list):
    def append(self, item):
        super().append(item * 2)
items = L([1])
items.append(n)
list.append(items, 5)
print(items, len(items), L.__mro__)
P = collections.namedtuple("P", "x y")
print(P(1, n), [P(2, n)], repr(P(n, 0)), type(iter([])), type(zip()), isinstance(zip(), zip))
print(itertools.chain.from_iterable([[n]]).__class__, operator.itemgetter(0)([n]))
C = collections.Counter
print(type(C("ab")), C.most_common(C("aab")), C.__mro__, C.__doc__[:9])
del a.b
print(a.v)
''',
    "__dict__ of instances": '''
import sys
n = int(sys.argv[1])
class A:
    def __init__(self):
        self.x, self.y = 1, 2
a = A()
vars(a)["z"] = 3
a.__dict__.update(w=4)
print(a.__dict__, a.z, a.w, "x" in a.__dict__, list(vars(a)))
if n > 1:
    a.__dict__["x"] = 10
    a.y = 20
print(a.x, a.y)
for i in range(n):
    a.x += i
print(a.x, a.__dict__["x"])
del a.y
print(hasattr(a, "y"), vars(a))
a.__dict__ = {"q": 5}
print(a.q, vars(a))
class Attributes(dict):
    def __init__(self, *given, **more):
        super().__init__(*given, **more)
        self.__dict__ = self
d = Attributes(u=5)
d.v = 6
print(d, d.u, d["v"])
''',
    "hooks": '''
class A:
    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * 2)
    def __getattribute__(self, name):
        if name == "magic":
            return "got"
        return object.__getattribute__(self, name)
    def __getattr__(self, name):
        if name == "gone":
            raise AttributeError("no " + name)
        return name.upper()
    def __delattr__(self, name):
        super().__delattr__(name)
a = A()
a.k = 4
print(a.k, a.magic, a.other, hasattr(a, "gone"), getattr(a, "gone", 3), isinstance(a, A))
del a.k
print(a.k)
class Descriptor:
    def __set_name__(self, owner, name):
        self.name = "_" + name
    def __get__(self, instance, owner):
        return self if instance is None else getattr(instance, self.name, 0)
    def __set__(self, instance, value):
        setattr(instance, self.name, value + 1)
class B:
    d = Descriptor()
b = B()
b.d = 5
print(b.d, vars(b), type(B.d).__name__)
class T(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))
class S:
    made = None
    def __new__(cls):
        if cls.made is None:
            cls.made = object.__new__(cls)
        return cls.made
print(T(1, 2), S() is S())
''',
    "fields of formats": '''
import sys
n = int(sys.argv[1])
class P:
    def __init__(self, x):
        self.x, self.items = x, {"k": [x, 2]}
    def __format__(self, spec):
        return f"<{spec}|{self.x}>"
p, r = P(1), P(n)
print("{0.x} {0.items[k][1]} {0:abc} {q.x:>4}".format(p, q=p), "{a[b]}".format_map({"a": {"b": 1}}))
print("{0.x} {0.items[k][0]} {0:abc} {q.x:>4}".format(r, q=r), "{a[b]}".format_map({"a": {"b": n}}))
print("{:{}} {:{w}.{p}f}".format(n, 5, n / 3, w=8, p=2), "{!r:>6}{!s:<3}|".format("a", n))
print("{{}} {0} {1} {0}".format(n, "x"), list(map("{:>3}".format, [1, 2])))
print(sorted(["b", "A", "c"], key=str.lower), max("ab", "c", key=len))
print("%(a)s %(b)d" % {"a": n, "b": n})
''',
    "text of instances is run-time text": '''
import sys
import dataclasses
import numpy as np
n = int(sys.argv[1])
class V:
    def __init__(self, d):
        self.d = np.array(d) * n
    def __str__(self):
        return str(self.d)
    def __repr__(self):
        return f"V({self.d})"
    def __format__(self, spec):
        return f"{self.d[0]:{spec}}"
v = V([1, 2])
print(v, [v, 1], (v,), {"a": v}, {1: [v]})
print(str(v), repr(v), format(v, ">4"), f"{v!r:>12}|{v!s}|{v:>3}", "{0!r} {0:>3}".format(v))
print("%s %r" % (v, v), len(str(v)))
@dataclasses.dataclass
class D:
    x: int
    y: float = 0.5
print(D(n), [D(n, n / 2)], D(1), f"{D(n)!r}")
''',
    "exceptions": '''
class E(ValueError):
    def __init__(self, message, code):
        super().__init__(message)
        self.code = code
    def __str__(self):
        return f"E{self.code}: {self.args[0]}"
try:
    try:
        raise E("hi", 3)
    except E as e:
        print(e, e.args, e.code, vars(e), repr(e), type(e).__mro__)
        raise KeyError("k") from e
except KeyError as e:
    print(e.args)
try:
    [].nothing
except AttributeError as e:
    print(e, e.name)
def deep(x):
    raise AttributeError("mine")
try:
    list(map(deep, [1]))
except AttributeError as e:
    print(e, vars(e))
''',
    "classes that register": '''
class Base:
    known = {}
    def __init_subclass__(cls, **more):
        super().__init_subclass__(**more)
        Base.known[cls.__name__] = cls
    def __class_getitem__(cls, key):
        return (cls.__name__, key)
class X(Base):
    pass
print(Base.known, X[int])
try:
    nothing
except NameError as e:
    print(e, e.name)
''',
    "decorated functions": '''
import functools
def logged(f):
    def inner(*a, **k):
        inner.count += 1
        return f(*a, **k) + 1
    inner.__name__, inner.__doc__, inner.count = f.__name__, f.__doc__, 0
    return inner
@logged
def g(x):
    "doc of g"
    return x
print(g(1), g.__name__, g.__doc__, g.count, vars(g), functools.partial(int, base=2).keywords)
''',
    "type aliases": '''
from typing import Callable, Dict, List, Optional, Union
Vector = List[float]
Table = Dict[str, Optional[Vector]]
def f(x: Vector, g: Callable[[int], int] = len) -> Union[int, str]:
    return x
print(f([1.0]), Vector, f.__annotations__["return"])
''',
    "unbound methods": '''
import sys
n = int(sys.argv[1])
xs = [3]
list.append(xs, n)
print(xs, str.upper("a"), int.__add__(1, 2), dict.fromkeys("ab", 0), {}.fromkeys([1]))
print(list(map(str.strip, [" a ", "b "])), str.join(",", ["a", "b"]), str.format("{}", n))
class L(list):
    def append(self, x):
        list.append(self, x * 2)
l = L()
l.append(4)
print(l, (5).__add__(3), [1].__len__(), "ab".__contains__("a"), object.__repr__(1)[:15])
''',
}  # fmt: skip


@pytest.mark.parametrize("argument", ["1", "3"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_does_the_same_three_ways(name: str, argument: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAMS[name], encoding="utf-8")
    assert_equal_outcomes(path, [argument])

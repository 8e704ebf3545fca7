# args: 3 4 0
import sys
from functools import cached_property, lru_cache, partialmethod, singledispatchmethod
from typing import Protocol, runtime_checkable
made = []
class Positive:
    def __set_name__(self, owner, name):
        self.name = "_" + name
    def __get__(self, obj, owner=None):
        return self if obj is None else getattr(obj, self.name)
    def __set__(self, obj, value):
        if value <= 0:
            raise ValueError(f"{self.name[1:]} must be positive, not {value}")
        setattr(obj, self.name, value)
    def __delete__(self, obj):
        made.append("delete " + self.name)
class Once:
    def __init__(self, f):
        self.f = f
    def __get__(self, obj, owner):
        made.append("once")
        value = obj.__dict__[self.f.__name__] = self.f(obj)
        return value
@runtime_checkable
class HasArea(Protocol):
    def area(self) -> float: ...
class Rect:
    w = Positive()
    def __init__(self, w):
        self.w = w
        self._x = None
    def area(self):
        return self.w * self.w
    @cached_property
    def twice(self):
        made.append(self.w)
        return self.w * 2
    @Once
    def big(self):
        return self.w * 100
    @property
    def x(self):
        if self._x is None:
            raise AttributeError("no x")
        return self._x
    @x.deleter
    def x(self):
        self._x = 7
    @lru_cache(maxsize=None)
    def fib(self, k):
        return k if k < 2 else self.fib(k - 1) + self.fib(k - 2) + self.w
    def _grow(self, by, times=1):
        self.w += by * times
        return self.w
    grow = partialmethod(_grow, 1)
    shrink = partialmethod(_grow, 1, times=-3)
    @singledispatchmethod
    def show(self, x):
        return f"other {x} {self.w}"
    @show.register
    def _(self, x: int):
        return f"int {x} {self.w}"
class Lazy:
    def __init__(self, **given):
        self.given = given
    def __getattr__(self, name):
        if name.startswith("get_"):
            return lambda default=0: self.given.get(name[4:], default)
        raise AttributeError(f"no {name}")
    def __delattr__(self, name):
        raise AttributeError(f"kept {name}")
things = []
for text in sys.argv[1:]:
    try:
        things.append(Rect(int(text)))
    except ValueError as error:
        print(error)
        things.append(Lazy(a=len(things), text=text))
for thing in things:
    print(isinstance(thing, HasArea), hasattr(thing, "x"), getattr(thing, "x", None))
    if isinstance(thing, Rect):
        print(thing.twice, thing.twice, thing.big, thing.big, thing.fib(10), thing.show(3))
        del thing.x, thing.w
        print(thing.x, thing.grow(), thing.show("a"), sorted(thing.__dict__))
        try:
            print(thing.shrink(), thing.shrink())
        except ValueError as error:
            print(error)
    else:
        print(thing.get_a(), thing.get_text(), thing.get_more(5), sorted(thing.given))
        try:
            del thing.given
        except AttributeError as error:
            print(error)
print(made)

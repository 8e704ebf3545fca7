# args: a bb ccc dddd eeeeeee
import sys
from functools import singledispatchmethod, partialmethod, wraps
from contextlib import contextmanager
class Retry:
    def __init__(self, times, *errors): self.times, self.errors = times, errors or (Exception,)
    def __call__(self, f):
        @wraps(f)
        def run(*a, **k):
            for i in range(1, self.times + 1):
                try:
                    return f(*a, **k)
                except self.errors as e:
                    print(f"try {i}: {type(e).__name__}: {e}")
                    last = e
            raise RuntimeError(f"{f.__name__} failed after {self.times}") from last
        return run
class Flaky:
    def __init__(self, fails): self.fails = fails
    @Retry(3, ValueError, KeyError)
    def work(self, x):
        if self.fails > 0:
            self.fails -= 1
            raise ValueError(f"left {self.fails}") if self.fails % 2 else KeyError(x)
        return x * 2
    @singledispatchmethod
    def show(self, arg): return f"? {arg!r}"
    @show.register
    def _(self, arg: int): return f"int {arg}"
    @show.register
    def _(self, arg: str): return f"str {arg}"
    def scale(self, k, x): return k * x
    double = partialmethod(scale, 2)
class Validator(Exception):
    def __init__(self, errors):
        super().__init__(f"{len(errors)} errors")
        self.errors = errors
    def __iter__(self): return iter(self.errors)
def validate(**kw):
    errors = [f"{k} empty" for k, v in kw.items() if not v] + [f"{k} too long" for k, v in kw.items() if len(v) > 5]
    if errors: raise Validator(errors)
for a in sys.argv[1:]:
    f = Flaky(len(a))
    try:
        print(f.work(a))
    except RuntimeError as e:
        print(e, "<-", type(e.__cause__).__name__, e.__cause__)
    else:
        print("fine")
    finally:
        print("done", f.show(len(a)), f.show(a), f.show(None), f.double(len(a)))
    try:
        validate(name=a, other=a[2:])
    except Validator as v:
        print(v, list(v))
def deep(n):
    try:
        return 1 / (n - 2)
    except ZeroDivisionError:
        return "zero"
    finally:
        if n == 3: return "override"
print([deep(len(a)) for a in sys.argv[1:]])

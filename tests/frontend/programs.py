"""Small programs that CPython, the evaluator over NumPy, and the IR must agree on.

`PROGRAMS` maps a sentence to (source, list of argument lists to run it with).
"""

from __future__ import annotations

HEADER = "import math\nimport sys\nimport numpy as np\n"

_TEXT = '''
# a run-time int in arithmetic [3] [-7] [0]
n = int(sys.argv[1])
print(n + 1, n - 2, 3 * n, n // 4, n % 4, -n, abs(n), n ** 3, n & 6, n | 8, n ^ 5, ~n, n << 2, n >> 1)
print(n / 4, n == 3, n != 3, n < 0, n <= 0, n > 0, 0 <= n, +n, n // -4, n % -4)

# a run-time float in arithmetic [3] [-7.5] [1e300]
x = float(sys.argv[1])
print(x + 1, x - 2, 3 * x, x // 4, x % 4, -x, abs(x), x ** 3.0, x / 7, x == 3, x < 0, x * x)
print(math.sqrt(abs(x)), math.exp(min(x, 2.0)), round(x, 2), f"{x:.3f}", f"{x:10.2e}|")

# division by a run-time zero raises [0] [2]
n = int(sys.argv[1])
print("before")
print(7 // n)

# modulo by a run-time zero raises [0] [3]
n = int(sys.argv[1])
print(7 % n)

# float division by a run-time zero raises [0] [2]
print(1.5 / float(sys.argv[1]))

# true division of ints by a run-time zero raises [0] [2]
print(1 / int(sys.argv[1]))

# a branch on a run-time value [1] [2] [3]
n = int(sys.argv[1])
if n == 1:
    word, size = "one", 10
elif n == 2:
    word, size = "two", 20
else:
    word, size = "many", 30
print(word, size, word + "!", len(word))

# a branch that joins a known and a run-time int [1] [5]
n = int(sys.argv[1])
k = 3
if n > 2:
    k = n
print(k, k + 1)

# nested branches [0] [1] [2] [3]
n = int(sys.argv[1])
a, b = 0, 0
if n & 1:
    a = 1
    if n & 2:
        b = 7
        a += 1
else:
    b = n
print(a, b)

# early return in a run-time branch [0] [5] [-5]
def sign(n):
    if n < 0:
        return "negative"
    if n == 0:
        return "zero"
    return "positive"
print(sign(int(sys.argv[1])))

# early return of arrays of different length [2] [3]
def pick(n):
    x = np.arange(4.0)
    if n == 2:
        return x[:2]
    y = x * 2
    return y
print(pick(int(sys.argv[1])))

# a branch that falls off the end returns None only if both do [1] [2]
def say(n):
    if n == 1:
        print("one")
        return
    print("other")
say(int(sys.argv[1]))

# and, or, not short-circuit at run time [0] [1] [2]
n = int(sys.argv[1])
def loud(x):
    print("asked")
    return x
print(n and loud(5), n or loud(7), not n, n > 0 and n < 2, 0 < n < 2)

# chained comparison stops early [0] [5]
n = int(sys.argv[1])
def f(x):
    print("f", x)
    return x
print(1 < f(n) < f(10))

# conditional expressions [0] [4]
n = int(sys.argv[1])
print("yes" if n else "no", n if n > 2 else -n, 1.5 if n else 2.5)

# assert passes and fails at run time [3] [30]
n = int(sys.argv[1])
assert n < 10, f"{n} is too big"
print("ok", n)

# assert without a message [3] [30]
assert int(sys.argv[1]) < 10
print("ok")

# raise in a run-time branch [1] [2]
n = int(sys.argv[1])
if n == 2:
    raise ValueError("two is {not} allowed")
print("fine")

# raise with run-time text, after printing [1] [2]
n = int(sys.argv[1])
if n == 2:
    print("about to")
    raise RuntimeError(f"got {n}")
print("fine")

# a user's exception class [1] [2]
class Mistake(Exception):
    pass
if sys.argv[1] == "2":
    raise Mistake("mine")
print("fine")

# exit in a branch, with status [1] [2] [3]
n = int(sys.argv[1])
if n == 2:
    sys.exit(n)
if n == 3:
    sys.exit("bye")
print("done")

# exit at the end
print("x")
sys.exit(4)

# exit with a run-time status [0] [7]
sys.exit(int(sys.argv[1]))

# number of arguments [] [a] [a b c]
print(len(sys.argv))
if len(sys.argv) > 2:
    print(sys.argv[2])

# a missing argument is an IndexError [] [x]
print(sys.argv[1])

# a for loop over a run-time range [0] [1] [5]
n = int(sys.argv[1])
total = 0
for i in range(n):
    total += i * i
print(total)

# ranges with start and step [0] [7] [20]
n = int(sys.argv[1])
for i in range(2, n, 3):
    print(i, end=" ")
for i in range(n, 0, -4):
    print(i, end=",")
print(len(range(2, n, 3)), len(range(n, 0, -4)))

# a loop that builds a list [0] [1] [6]
n = int(sys.argv[1])
squares = []
for i in range(n):
    squares.append(i * i)
print(squares, len(squares))
squares.append(-1)
print(squares[-1], squares[0], sum(squares), max(squares), min(squares))

# list comprehension over a run-time range [0] [4]
n = int(sys.argv[1])
xs = [i + 1 for i in range(n)]
ys = [x * 0.5 for x in xs if x % 2]
print(xs, ys, [a + b for a, b in zip(xs, xs)])

# enumerate and zip at run time [0] [3]
n = int(sys.argv[1])
xs = list(range(n))
for i, x in enumerate(xs):
    print(i, x)
for x, y in zip(xs, [10, 20]):
    print(x * y)

# a while loop [0] [10] [27]
n = int(sys.argv[1])
steps = 0
while n > 1:
    n = n // 2 if n % 2 == 0 else 3 * n + 1
    steps += 1
print(n, steps)

# break in a run-time loop [0] [3] [100]
n = int(sys.argv[1])
found = -1
for i in range(n):
    if i * i > 20:
        found = i
        break
print(found)

# break out of while True [3] [50]
n = int(sys.argv[1])
i = 0
while True:
    i += 7
    if i > n:
        break
print(i)

# continue in a run-time loop [0] [7]
n = int(sys.argv[1])
total = 0
for i in range(n):
    if i % 3 == 0:
        continue
    total += i
print(total)

# return from inside a run-time loop [0] [4] [100]
def first(n):
    for i in range(n):
        if i * i > 30:
            return i
    return -1
print(first(int(sys.argv[1])))

# return from a loop over known things [0] [2] [9]
def index(n):
    for i, x in enumerate([3, 5, 2]):
        if x == n:
            return i
    return -1
print(index(int(sys.argv[1])))

# break from a loop over known things, with else [5] [9]
n = int(sys.argv[1])
for x in (3, 5, 2):
    print("try", x)
    if x == n:
        break
else:
    print("none")
print("end")

# nested run-time loops [0] [3]
n = int(sys.argv[1])
count = 0
for i in range(n):
    for j in range(i):
        count += i * j
print(count)

# loops with arrays carried [0] [1] [4]
n = int(sys.argv[1])
x = np.ones(3)
for _ in range(n):
    x = x * 2 + 1
print(x)

# shapes that grow around a loop [0] [1] [3]
n = int(sys.argv[1])
x = np.zeros((1, 2))
for i in range(n):
    x = np.concatenate([x, x + i])
print(x, x.shape)

# long known range becomes a loop
x = np.zeros(3)
for i in range(20):
    x = x + i
print(x)

# long known range with known structure stays unrolled
names = []
for i in range(12):
    names.append(f"layer{i}")
print(names)

# long range whose index selects a known list
weights = [np.full(2, i) for i in range(10)]
total = np.zeros(2)
for i in range(10):
    total = total + weights[i]
print(total)

# a value last given in a loop that certainly runs
x = np.zeros(3)
for i in range(20):
    y = x + i
print(y)

# run-time lists: subscripts and slices [0] [3] [10]
data = list(range(int(sys.argv[1])))
n = len(data)
print(data[1:], data[:-1], data[-2:], data[5:2], data[::2], data[n - 2 :], data[: n - 1])
print(data[-1])

# run-time list: positive and negative subscripts out of range [2] [5]
data = list(range(int(sys.argv[1])))
print(data[1], data[-2])
print(data[3])

# run-time list: insert, pop, extend, reverse, assignment [1] [4]
data = list(range(int(sys.argv[1])))
data.insert(0, 99)
data.extend([7, 8])
data += [9]
data.reverse()
data[0] = -1
print(data, data.pop(), data, data + [1], [1] + data, 8 in data, 1000 in data)

# lists are shared objects [3]
a = list(range(int(sys.argv[1])))
b = a
b.append(5)
print(a, b, a is b)

# a list that a function extends [2]
def grow(items, n):
    for i in range(n):
        items.append(i)
items = [7]
grow(items, int(sys.argv[1]))
print(items)

# bytes and strings [hello] [] [naïve] [日本]
text = sys.argv[1]
data = text.encode()
print(text, len(text), data, len(data), list(data), text + "!", "<" + text + ">")
print(bytes(list(data)).decode(), text == "hello", text != "hello", bool(text))
for b in data:
    print(b, end=" ")

# decode with errors [0]
n = int(sys.argv[1])
data = bytes([72, 105, 255 + n])
print(data.decode(errors="replace"))

# bytes out of range [256] [65]
print(bytes([int(sys.argv[1])]))

# f-strings with run-time values [5] [-12]
n = int(sys.argv[1])
x = n / 8
print(f"{n} {n:5d}|{n:<5}|{n:05d} {x:.2f} {x!r} {n!s} {'a'} {n + 1} {{}} {[n, x]} {(n,)}")
print(str(n) + "," + repr(x), f"{n > 0}")

# print with sep, end and stderr [4]
n = int(sys.argv[1])
print(n, "a", n, sep="-", end=";")
print("known", 1, 2.5, None, True, [1, "a"], {"k": (1,)}, file=sys.stderr)
print()
print(n, file=sys.stderr)

# int() of bad text [x] [12] [ 7 ]
print(int(sys.argv[1]))

# float() of bad text [x] [1.5] [inf]
print(float(sys.argv[1]))

# minimum and maximum of run-time numbers [4] [-4]
n = int(sys.argv[1])
print(min(n, 3), max(n, 3, 1), max([n, 2 * n]), min(float(n), 0.5))
print(any([n > 0, n > 10]), all([n > 0, n < 10]))

# int of float, bool arithmetic, rounding [2.5] [-2.5] [3.7]
x = float(sys.argv[1])
print(int(x), round(x), bool(x), (x > 0) + 1, True + (x > 0), math.floor(x), math.ceil(x))

# closures and nonlocal [3]
def counter():
    n = 0
    def up(k=1, *, twice=False):
        nonlocal n
        n += 2 * k if twice else k
        return n
    return up
c = counter()
k = int(sys.argv[1])
print(c(), c(k), c(k=2, twice=True), c(twice=k > 2))

# args, kwargs, defaults
def f(a, b=2, *rest, c, d=4, **more):
    return a, b, rest, c, d, more
print(f(1, c=3), f(1, 2, 3, 4, c=5, e=6), f(*[1, 2], **{"c": 3}))

# wrong arguments
def f(a, b):
    return a
f(1)

# unexpected keyword
def f(a):
    return a
f(1, b=2)

# decorators and lambda
def twice(f):
    return lambda *a: f(f(*a))
@twice
def inc(x):
    return x + 1
print(inc(3), (lambda x, y=2: x * y)(4))

# classes, inheritance, dunders, properties [3]
class Base:
    kind = "base"
    def __init__(self, n):
        self.n = n
    def __add__(self, other):
        return type(self)(self.n + other.n)
    def __repr__(self):
        return f"{type(self).__name__}({self.n})"
    @property
    def double(self):
        return self.n * 2
    @classmethod
    def make(cls):
        return cls(1)
    @staticmethod
    def helper(x):
        return x + 1
class Derived(Base):
    kind = "derived"
    def __init__(self, n):
        super().__init__(n * 10)
    def __len__(self):
        return 5
n = int(sys.argv[1])
d = Derived(n)
print(d.n, d.double, d.kind, Base.helper(2), len(d), isinstance(d, Base), Base.make())
print((Base(1) + Base(2)), (d + d).n)

# attributes change in a run-time branch [0] [1]
class Box:
    pass
b = Box()
b.x = 1
if int(sys.argv[1]):
    b.x = 2
print(b.x)

# dictionary values change in a run-time branch [0] [1]
d = {"a": 1, "b": 2}
if int(sys.argv[1]):
    d["a"] = 5
print(d, d["a"])

# comprehensions, sets, dicts, sorting
words = "the quick brown fox jumps over the lazy dog".split()
print({w: len(w) for w in words}, sorted({len(w) for w in words}), sorted(words, key=len))
print([x for row in [[1, 2], [3]] for x in row], list(map(str, range(3))), list(filter(None, [0, 1])))
a, *b = [1, 2, 3]
(c, d), e = (1, 2), 3
print(a, b, c, d, e, dict(zip("ab", [1, 2])), list(reversed([1, 2])), [*b, *b])

# try and except over known exceptions
try:
    [][1]
except (KeyError, IndexError) as e:
    print("caught", e)
else:
    print("no")
finally:
    print("finally")
def f():
    try:
        return 1
    finally:
        print("cleanup")
print(f())

# uncaught known exception after output
print("first")
{}["missing"]

# walrus and while over known values
n = 3
while (n := n - 1) >= 0:
    print(n)

# global statement
total = 0
def add(n):
    global total
    total += n
add(2)
add(3)
print(total)

# name errors
print("a")
print(undefined_name)

# unbound local
def f():
    print(x)
    x = 1
f()

# string methods on known text
print("a,b".split(","), "x".join(["1", "2"]), "abc".upper(), "%d-%s" % (3, "z"), "{:>4}".format(7))
'''

_ARRAYS = '''
# element-wise arithmetic promotes as NumPy does
a = np.arange(6, dtype=np.float32).reshape(2, 3)
b = np.array([1, 2, 3])
print(a + b, (a + b).dtype, (a * 2).dtype, (a * 2.0).dtype, (b / 2).dtype, (b + True).dtype)
print((1 - a).dtype, (a ** 2).dtype, (a // 2), a % 2, -a, abs(-a), (b << 1), b & 1, (b > 1) | (b < 1), ~b)
print((a * np.float64(2)).dtype, (a + np.array(1.0)).dtype, np.sqrt(2 / np.pi) * a)

# small ints wrap and promote
u = np.array([250, 5], dtype=np.uint8)
print(u + u, (u + 1).dtype, (u * np.int16(2)).dtype, u - 6, (u + np.uint8(3)))

# python int too large for the dtype
print(np.array([1], dtype=np.uint8) + 300)

# comparisons and where
x = np.array([[1.0, -2.0], [np.nan, 4.0]])
print(x > 0, x == x, np.where(x > 0, x, 0), np.where(x > 0, 1, 0).dtype, np.isnan(x), np.maximum(x, 0))

# unary functions
x = np.linspace(0.5, 2.0, 4)
print(np.exp(x), np.log(x), np.sqrt(x), np.tanh(x), np.sin(x), np.floor(x), np.ceil(x), np.rint(x))
print(np.expm1(x), np.log1p(x), np.log2(x), np.square(x), np.sign(-x), np.reciprocal(x), np.abs(-x))

# ints in floating functions
print(np.sqrt(np.arange(4)), np.exp(np.array([1, 2], np.int8)).dtype, np.floor(np.arange(3)).dtype)

# reductions
x = np.arange(12.0, dtype=np.float32).reshape(3, 4)
print(x.sum(), x.sum(axis=0), x.sum(axis=1, keepdims=True), np.sum(x, axis=(0, 1)), x.mean(), x.mean(axis=-1))
print(x.max(), x.min(axis=0), x.prod(), x.var(), x.std(axis=1), np.var(x, axis=0, ddof=1), x.argmax(), x.argmin(axis=1))
print(np.all(x > 0), np.any(x > 3, axis=0), x.cumsum(), np.cumsum(x, axis=1), np.ptp(x), np.count_nonzero(x))
print(x.sum().dtype, x.mean().dtype, np.mean(np.arange(3)).dtype, np.sum(np.array([1, 2], np.int8)).dtype)

# reductions of bools and small ints
print(np.array([True, False]).sum(), np.array([1, 2], np.uint8).prod().dtype, np.array([True]).mean())

# bad axis
np.zeros((2, 3)).sum(axis=2)

# empty reduction
print(np.zeros((0, 3)).max(axis=0))

# empty reduction that is fine
print(np.zeros((0, 3)).sum(axis=0), np.zeros((0, 3)).max(axis=1).shape)

# matrix products
a = np.arange(6.0).reshape(2, 3)
b = np.arange(12.0).reshape(3, 4)
print(a @ b, a @ b[:, 0], b[:, 0] @ b, np.dot(a, b), np.outer(a[0], a[1]), a[0] @ a[1], np.inner(a, a))
print((np.ones((2, 2, 3)) @ np.ones((3, 2))).shape, np.matmul(np.ones((4, 1, 2, 3)), np.ones((5, 3, 2))).shape)

# mismatched matrix product
np.ones((2, 3)) @ np.ones((4, 2))

# mismatched shapes
np.ones((2, 3)) + np.ones(4)

# layout
x = np.arange(24.0).reshape(2, 3, 4)
y = x * 1
print(y.T.shape, y.transpose(1, 0, 2).shape, np.swapaxes(y, 0, 2).shape, y.reshape(-1, 4).shape, y.reshape(6, -1)[1])
print(np.moveaxis(y, 0, -1).shape, np.expand_dims(y, 1).shape, np.squeeze(y[:, :1]).shape, y.ravel()[:5], y.flatten().shape)
print(np.concatenate([y, y], axis=1).shape, np.stack([y, y]).shape, np.hstack([y, y]).shape, np.vstack([y, y]).shape)
print([p.shape for p in np.split(y, 2, axis=-1)], [p.shape for p in np.array_split(y, 3, axis=2)], np.tile(y[0, 0], (2, 2)))
print(np.repeat(y[0, 0], 2), np.flip(y[0, 0]), np.roll(y[0, 0], 1), np.broadcast_to(y[0, 0], (2, 4)))
print(np.pad(y[0], ((1, 0), (0, 1))), np.diag(y[0, 0]), np.tril(y[0]), np.triu(y[0], 1))

# uneven split
np.split(np.arange(5.0) * 1, 2)

# constructors
print(np.zeros(2), np.ones((1, 2), np.int32), np.full((2,), 7), np.arange(3), np.arange(1, 2, 0.25), np.eye(2), np.tri(3))
print(np.zeros_like(np.ones(2, np.int8)).dtype, np.array([1, 2.5]).dtype, np.array([[1, 2], [3, 4]]).shape, np.empty(0).shape)
print(np.linspace(0, 1, 5), np.full_like(np.ones(2), 3), np.identity(2), np.asarray([1]).dtype)

# basic indexing
x = np.arange(24.0).reshape(2, 3, 4) * 1
print(x[0, 1, 2], x[-1], x[:, 1], x[..., 0], x[0, ::-1, ::2], x[None, 0].shape, x[1:, :2, -2:], x[0][1])
print(x[0, 1, 2].dtype, type(x[0, 0, 0]).__name__, x[5:].shape, x[:, 2:0:-1].shape)

# index out of bounds
x = np.arange(6.0).reshape(2, 3) * 1
print(x[1, 2])
print(x[2, 0])

# too many indices
(np.arange(3.0) * 1)[0, 0]

# integer array indexing
x = np.arange(12.0).reshape(4, 3) * 1
print(x[[0, 2]], x[np.array([[0, 1], [2, -1]])].shape, x[:, [2, 0]], x[range(2)], x[[0, 1], [2, 1]], x[(np.arange(12) % 5 == 0).reshape(4, 3)] if False else "")

# boolean mask that is known
x = np.arange(5)
print((x * 1)[x > 2] if False else x[np.array([True, False, True, False, True])])

# index array out of bounds
(np.arange(4.0) * 1)[[0, 7]]

# assignment to slices, aliasing
a = np.zeros((2, 3))
b = a[0]
b[1] = 5
a[:, 2] = [7, 8]
a[1, :2] += 1
c = a.T
c[0, 1] = -1
d = a.reshape(-1)
d[0] = 9
e = a.copy()
e[0, 0] = 100
print(a, b, c, d, e[0, 0])

# assignment of computed values, aliasing
a = np.zeros((3, 4)) * 1
b = a[1:, ::2]
b[...] = np.arange(4).reshape(2, 2) * 2
a[0] = b[1, 1]
a *= 2
a[a > 20] = -1
print(a, b)

# assignment that does not fit
a = np.zeros(3) * 1
a[:2] = np.ones(3)

# in-place casts of the same kind only
a = np.array([1, 2, 3])
a += 1
print(a)
a += 0.5

# augmented assignment of arrays is in place
def f(x):
    x += 1
a = np.zeros(2)
f(a)
b = a
b -= 3
print(a)

# scalars of NumPy
x = np.float32(1.5)
print(x * 2, (x * 2).dtype, np.sqrt(2), type(np.sqrt(2)).__name__, np.int64(7) // 2, np.float64(1) / 3, int(np.int8(3)))
print(repr(np.float32(0.1)), np.float32(0.1), f"{np.float32(0.1)}", f"{np.float64(2.5):.2f}", np.max(np.array([1.5, 2.5]) * 1))

# run-time shapes [0] [1] [4]
n = int(sys.argv[1])
x = np.zeros((n, 3)) + np.arange(3)
print(x, x.shape, len(x), x.size, x.T.shape, x.reshape(-1).shape, x.sum(), x.sum(axis=0), x.mean(axis=1))
print(np.ones(n), np.arange(n), np.arange(0, n, 2), np.tri(n), np.eye(n), np.full((n, 2), n), np.tri(n, dtype=np.float32) * -1e10)
print(x @ np.ones((3, 2)), np.concatenate([x, x]).shape, np.hstack([x, x]).shape, [p.shape for p in np.split(x, 3, axis=1)])

# run-time slices [0] [2] [9]
n = int(sys.argv[1])
x = np.arange(6.0) * 1
print(x[:n], x[n:], x[-n:], x[:-1][:n], x[n::2], x[::-1][:n], x[1:n].shape)
x[:n] = 7
x[n:] += 1
print(x)

# run-time index into an array [0] [-1] [3] [9]
n = int(sys.argv[1])
x = np.arange(12.0).reshape(4, 3) * 1
print(x[n], x[n, 1], x[:3][1:, 0])
x[n] = 0
print(x)

# run-time index arrays [3] [12]
n = int(sys.argv[1])
table = np.arange(20.0).reshape(10, 2)
ids = [0, 2, n]
ids.append(1)
print(table[ids], table[np.array(ids)], table[list(range(n))].shape)

# lengths that only run time can compare [3] [2]
n = int(sys.argv[1])
x, y = np.ones(n), np.ones(3)
print(x + y)

# lengths that may broadcast at run time [1] [3] [2]
n = int(sys.argv[1])
print(np.ones((n, 2)) * np.arange(6.0).reshape(3, 2))

# two run-time lengths [3 3] [1 3] [3 1] [2 3]
n, m = int(sys.argv[1]), int(sys.argv[2])
print(np.ones(n) + np.arange(m))

# matrix product with a run-time mismatch [3] [4]
n = int(sys.argv[1])
print(np.ones((2, n)) @ np.ones((3, 2)))

# reshape at run time [6] [5]
n = int(sys.argv[1])
print(np.arange(n).reshape(2, 3))

# reshape with -1 at run time [6] [5]
n = int(sys.argv[1])
print(np.arange(n).reshape(-1, 2), np.arange(n * 4).reshape(n, -1).shape)

# softmax of a run-time vector [1] [4]
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
n = int(sys.argv[1])
print(softmax(np.arange(n)), softmax(np.ones((n, n), dtype=np.float32)).dtype)

# argmax and item of a run-time array [3] [6]
n = int(sys.argv[1])
x = np.arange(n) * (5 - np.arange(n))
k = np.argmax(x)
print(k, int(k), x[k], x.max().item(), float(x[0]), x[int(k)] + 1)

# truth of arrays [1] [5]
n = int(sys.argv[1])
x = np.full(3, n)
if (x > 2).all():
    print("big")
if x[0] > 2 and x.sum() > 3:
    print("sum")
if x > 2:
    print("never")

# condition on a NumPy scalar of computed value
x = np.arange(4.0) * 2
while x.sum() > 1:
    x = x / 2
print(x)

# branches that change arrays [0] [1]
n = int(sys.argv[1])
x = np.zeros(3)
y = np.ones(2)
if n:
    x = x + 5
    y[0] = 3
print(x, y)

# arrays of a loop's index [3]
n = int(sys.argv[1])
out = np.zeros(5)
for i in range(n):
    out[i] = i * i
print(out)

# iterating over an array
for row in np.arange(6.0).reshape(3, 2) * 2:
    print(row, row.sum())

# iterating over a run-time array [0] [3]
for row in np.ones((int(sys.argv[1]), 2)) * 2:
    print(row)

# building a list of arrays and stacking it [3]
n = float(sys.argv[1])
rows = [np.full(2, i) * n for i in range(3)]
print(np.stack(rows), np.array(rows).shape, np.array([n, n + 1]), np.array([[n, 1], [2, n]]))

# tolist, np.array of a run-time list [1] [3]
xs = list(range(int(sys.argv[1])))
a = np.array(xs)
print(a * 2, a.tolist(), (a * 0.5).tolist(), np.array(xs, dtype=np.float32).dtype, np.sum(xs), np.mean([1, 2]))

# linear regression by gradient descent
x = np.linspace(0, 1, 8)
y = 3 * x + 1
w, b = 0.0, 0.0
for step in range(50):
    error = w * x + b - y
    w = w - 0.5 * np.mean(error * x)
    b = b - 0.5 * np.mean(error)
print(round(float(w), 3), round(float(b), 3), f"{np.mean(error ** 2):.4f}")

# random numbers are drawn with the seed
np.random.seed(0)
print(np.random.rand(3) * 1)
rng = np.random.default_rng(7)
print(rng.standard_normal((2, 2)) + 0)

# clipping, rounding, logic
x = np.array([-1.5, 0.25, 2.5])
print(np.clip(x, 0, 1), x.clip(max=1), np.round(x), np.round(x * 1.111, 2), np.logical_and(x > 0, x < 1), np.logical_not(x > 0))
print(np.isclose(x, x + 1e-9), np.allclose(x, x), np.array_equal(x, x), np.hypot(x, 1), np.diff(x), np.linalg.norm(x))

# dtypes as values
a = np.ones(2, np.float32)
print(a.dtype, a.dtype == np.float32, a.astype(int).dtype, a.astype("float64").dtype, np.dtype("int16"), a.itemsize, a.nbytes, a.ndim)
'''

_MORE = r'''
# join slices of the arguments [3 7] [1 0]
n = int(sys.argv[1])
print(" ".join(sys.argv[1:]), "".join(sys.argv[2:]))

# numbers from the arguments [3 7] [1 0]
n = int(sys.argv[1])
xs = [int(a) for a in sys.argv[1:]]
print(xs, sum(xs), np.array(xs) * 2)

# map over the arguments [3 7] [1 0]
n = int(sys.argv[1])
print(list(map(float, sys.argv[1:])))

# unpacking the arguments [3 7] [1 0]
n = int(sys.argv[1])
_, a, b = sys.argv
print(a, b)

# too many arguments to unpack [3 7] [1 0]
n = int(sys.argv[1])
_, a = sys.argv

# too few arguments to unpack [3 7] [1 0]
n = int(sys.argv[1])
_, a, b, c = sys.argv

# enumerate the arguments [3 7] [1 0]
n = int(sys.argv[1])
for i, a in enumerate(sys.argv):
    if i: print(i, a)

# percent formatting [3 7] [1 0]
n = int(sys.argv[1])
print("%d %5.2f|%-6s|%r|%05d|%s%%" % (n, n / 3, "ab", n, n, n), "%s" % n, "%d" % (n * 1.5), "%(x)d" % {"x": n})

# the format method [3 7] [1 0]
n = int(sys.argv[1])
print("{} {0}".format(n)) if False else print("{} {:>5} {!r} {x:.2f} {{}}".format(n, n, "q", x=n / 7), "{1}-{0}".format(n, 2))

# repetition of texts and lists [3 7] [1 0]
n = int(sys.argv[1])
print("ab" * n, [0] * n, [1, 2] * n, n * "-", b"xy" * n, [1.5] * (n - 5), [True] * n, sys.argv[1] * 3)

# aggregates of a run-time range [3 7] [1 0]
n = int(sys.argv[1])
print(max(range(n)), sum(range(n)), min(range(n)), list(reversed(range(n))))

# factorial by a loop [3 7] [1 0]
n = int(sys.argv[1])
def fact(k):
    result = 1
    while k > 1:
        result *= k
        k -= 1
    return result
print(fact(n))

# a ladder of elif with returns [3 7] [1 0]
n = int(sys.argv[1])
def grade(k):
    if k > 90:
        return "A"
    elif k > 80:
        return "B"
    elif k > 70:
        return "C"
    else:
        if k < 0:
            return "?"
    return "F"
print(grade(n), grade(n * 40), grade(n * 30), grade(n * 27), grade(-n))

# break in a nested known loop [3 7] [1 0]
n = int(sys.argv[1])
for i in range(n):
    for j in range(5):
        if j == i:
            break
        print(i, j)

# continue and break in a known loop [3 7] [1 0]
n = int(sys.argv[1])
for i in range(5):
    if i == n:
        continue
    if i > n + 1:
        break
    print(i)
else:
    print("else")

# return from nested known loops [3 7] [1 0]
n = int(sys.argv[1])
def find(k):
    for i in range(4):
        for j in range(4):
            if i * j == k:
                return i, j
    return -1, -1
print(find(n), find(n + 100))

# writing and rebinding an array in a loop [3 7] [1 0]
n = int(sys.argv[1])
x = np.zeros(3)
for i in range(n):
    if i % 2:
        x[i % 3] += i
    else:
        x = x * 2
print(x)

# sets [3 7] [1 0]
n = int(sys.argv[1])
{1, 2}; print({1, 2} | {3})

# functions defined in a branch [3 7] [1 0]
n = int(sys.argv[1])
def outer(k):
    if k > 2:
        def inner(z):
            return z + k
    else:
        def inner(z):
            return z - k
    return inner(10)
print(outer(3), outer(1))

# an object with state in a loop [3 7] [1 0]
n = int(sys.argv[1])
class Net:
    def __init__(self, w):
        self.w = w
        self.calls = 0
    def __call__(self, x):
        self.calls += 1
        return x @ self.w
net = Net(np.ones((2, 2)))
x = np.ones((n, 2))
for _ in range(n):
    x = net(x)
print(x, net.calls)

# a NumPy scalar as accumulator [3 7] [1 0]
n = int(sys.argv[1])
total = np.float32(0)
for i in range(n):
    total += np.float32(i)
print(total, repr(total), type(total))

# masks and counts [3 7] [1 0]
n = int(sys.argv[1])
x = np.arange(10)
print(x[x > 3].sum() if False else x[n:].sum(), (x > n).sum(), np.where(x > n, x, -1))

# element by element [3 7] [1 0]
n = int(sys.argv[1])
a = np.zeros((n, 3), dtype=np.float32)
for i in range(n):
    for j in range(3):
        a[i, j] = i * 10 + j
print(a)

# recursion with a known end [3 7] [1 0]
n = int(sys.argv[1])
def rec(k):
    if k <= 0:
        return 0
    return rec(k - 1) + n
print(rec(3))

# continue in a known while loop [3 7] [1 0]
n = int(sys.argv[1])
s = 0
i = 0
while i < 10:
    i += 1
    if i == n: continue
    s += i
print(s)

# break from a loop over words [3 7] [1 0]
n = int(sys.argv[1])
words = ["a", "b", "c"]
for w in words:
    if n > 2 and w == "b":
        break
    print(w)
print("end")

# a known exception caught [3 7] [1 0]
n = int(sys.argv[1])
try:
    raise ValueError("x")
except ValueError as err:
    print("got", err, n)

# an exception in a called function [3 7] [1 0]
n = int(sys.argv[1])
def safe(k):
    if k == 0:
        raise ZeroDivisionError("zero!")
    return 10 // k
print(safe(n), safe(n - 3))

# arrays of run-time numbers [3 7] [1 0]
n = int(sys.argv[1])
x = np.array([n, n + 1, 2.5])
print(x, x.dtype, np.array([[n, 0], [0, n]]), np.array([x, x]).shape)

# constructors of NumPy scalars [3 7] [1 0]
n = int(sys.argv[1])
print(np.float32(n), np.int8(n) + np.int8(1), np.float64(n) / 3, np.int64(n) // 2, float(np.float32(n)) * 0.1)

# functions of run-time scalars [3 7] [1 0]
n = int(sys.argv[1])
print(np.sqrt(n), np.exp(0.5 * n), np.maximum(n, 2), np.add(n, 1), np.abs(-n), type(np.sqrt(n)))

# ranges of numbers [3 7] [1 0]
n = int(sys.argv[1])
print(np.arange(n, dtype=np.float32) / n, np.linspace(0, 1, n), np.linspace(0, n, 3))

# truth is a bool [3 7] [1 0]
n = int(sys.argv[1])
print(True if n else False, (n > 1) is True, n == True, n == None, n != None, None == n)

# a list built in a function that may raise [3 7] [1 0]
n = int(sys.argv[1])
def make(k):
    out = []
    if k > 100:
        raise ValueError("big")
    out.append(k)
    out.append("x")
    d = {}
    d["a"] = out
    return d
print(make(n))

# containers after a branch that exits [3 7] [1 0]
n = int(sys.argv[1])
d = {"a": 1}
if n > 100:
    sys.exit("no")
e = {}
e["b"] = 2
d["c"] = e
print(d)

# a write on one side and a new array on the other [3 7] [1 0]
n = int(sys.argv[1])
x = np.zeros(2)
y = x
if n > 2:
    x[0] = 5
else:
    x = x + 1
print(x, y)

# a list attribute in a branch [3 7] [1 0]
n = int(sys.argv[1])
class A: pass
a = A()
a.items = []
if n > 2:
    a.items.append(1)
    a.items.append(n)
print(a.items)

# views written in a loop [3 7] [1 0]
n = int(sys.argv[1])
x = np.arange(4.0) * n
y = x[1:3]
for i in range(n):
    y[0] += 1
    x[2] = x[2] + y[0]
print(x, y)
'''


def _parse(text: str) -> dict[str, tuple[str, list[list[str]]]]:
    programs: dict[str, tuple[str, list[list[str]]]] = {}
    for block in text.strip().split("\n\n# "):
        head, _, body = block.removeprefix("# ").partition("\n")
        name, *runs = head.split(" [")
        arguments = [run.rstrip("]").rstrip().removesuffix("]") for run in runs]
        programs[name] = (HEADER + body + "\n", [run.split() for run in arguments] or [[]])
    return programs


PROGRAMS = _parse(_TEXT) | _parse(_ARRAYS) | _parse(_MORE)

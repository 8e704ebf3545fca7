import sys
import numpy as np


def collatz(n):
    k = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        k += 1
    return k


steps = np.frompyfunc(collatz, 1, 1)
n = int(sys.argv[1])
r = steps(np.arange(1, n))
print(r, r.dtype)
print(r.astype(int).max(), r.astype(float).mean())
gcd = np.frompyfunc(lambda a, b: a if b == 0 else gcd(b, a % b), 2, 1)
print(gcd(np.array([12, 18, 100]), np.array([8, 27, 75])))
print(np.frompyfunc(lambda x, y: (x // y, x % y), 2, 2)(np.arange(10), 3))
oct_array = np.frompyfunc(oct, 1, 1)
print(oct_array(np.array((10, 30, 100))))
concat = np.frompyfunc(lambda a, b: f"{a}-{b}", 2, 1)
print(concat.outer(["x", "y"], [1, 2, 3]))
print(concat(np.array(["a", "b"]), np.array([[1], [2]])))
fold = np.frompyfunc(lambda a, b: a * 10 + b, 2, 1)
print(fold.accumulate([1, 2, 3, 4], dtype=object), fold.reduce([9, 8, 7]))
table = np.arange(6).reshape(2, 3)
print(fold.reduce(table, axis=1), fold.reduce(table))
print(steps, fold.nin, fold.nout)
f = np.vectorize(lambda x: "even" if x % 2 == 0 else "odd")
print(f(np.arange(1, 5)), f(np.arange(1, 5)).dtype)
g = np.vectorize(lambda x: str(x) * x, otypes=[str])
print(g(np.arange(4)), g(np.arange(4).reshape(2, 2)))
n = int(sys.argv[1])
print(f(np.arange(n)), g(np.arange(n)))
h = np.vectorize(lambda x, y: (x + y, f"{x}{y}"))
print(h(np.arange(n), 2))
words = np.array(["a", "bb"], dtype=object)
print(
    np.vectorize(lambda w: w.title() + "!")(words), np.vectorize(lambda w, k: w * k)(words, [1, 3])
)

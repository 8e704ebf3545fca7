"""What few programs ask for: rows of np.nditer, signatures, powers of complex numbers."""

import sys
from fractions import Fraction

import numpy as np

n = int(sys.argv[1])
print(np.linspace(0, 5, n, retstep=True))
print(np.linspace(0, 5, num=n, endpoint=False, retstep=True))
x = np.arange(30.0) ** 1.5 * n % 17
print(np.histogram_bin_edges(x, "stone"))
print(np.histogram(x, bins="stone"))
a = np.arange(6).reshape(2, 3) * n
for x in np.nditer(a, flags=["external_loop"]):
    print(x)
for x in np.nditer(a.T, flags=["external_loop"], order="C"):
    print(x)
for x in np.nditer(a, flags=["external_loop"], order="F"):
    print(x, x.shape)
with np.nditer(a, flags=["external_loop", "buffered"], op_flags=["readwrite"]) as it:
    for x in it:
        x[...] = 2 * x
print(a)
f = np.vectorize(np.convolve, signature="(n),(m)->(k)")
print(f(np.eye(4) * n, [1, 2, 1]))
g = np.vectorize(lambda x: (x.mean(), x * 2), signature="(n)->(),(n)")
print(g(np.arange(6.0).reshape(2, 3) * n), g(np.arange(3.0) * n))
dot = np.vectorize(lambda a, b: (a * b).sum(), signature="(n),(n)->()")
print(dot(np.arange(6.0).reshape(2, 3), np.ones(3) * n))
for wrong in (lambda: dot(np.ones(n), np.ones(n + 1)), lambda: dot(1.0 * n, np.ones(3))):
    try:
        wrong()
    except ValueError as error:
        print(error)
v = np.array([0, complex("inf"), complex(0, float("inf")), 1e200 + 1e200j, complex("nan"), 3 - 4j, -2j])
with np.errstate(all="ignore"):
    for dt in ("c16", "c8"):
        a = v.astype(dt) * n
        for p in (-1, 2, 1):
            print(p, a ** p)
        print(a[3:] ** -1.0, a[5:] ** 2.0)
        print(a[5] ** -1, a[5] ** 2)
a = (np.array([0j, 1j]) * n)
for known, value in zip([1j, 2j, 1 + 0j, -0j], (np.arange(4) * n).tolist()):
    print(known, value, known * value)
print(np.squeeze(np.ones((1, 3)) * n))
print((np.arange(6.0).reshape(1, 2, 3) * n).transpose(np.array([2, 1, 0])).shape)
print(np.typename("f"), np.typename("D"), np.mintypecode(["d", "f", "S"]), np.mintypecode("fF"))


@np.errstate(all="ignore")
def quiet(x):
    return np.log(x) / 0


print(quiet(np.array([0.0, n])), np.isscalar(Fraction(n, 2)))
steps = np.arange(2 * n) % 3
for element in np.nditer(steps, op_flags=["readwrite"]):
    element[...] = 2 * element
print(steps, np.take_along_axis(steps[None], np.argsort(-steps[None], axis=1), axis=1))


class Body:
    def __init__(self, x):
        self.place, self.speed = np.array([x, 0.0]), np.array([1.0, x])


bodies = [Body(float(i)) for i in range(n)]
for body in bodies:
    body.place = body.place + 0.5 * body.speed
print(np.array([body.place for body in bodies]))
a = np.arange(n * 2.0 + 2).reshape(n + 1, 2)
print(repr(np.nan_to_num(n)), np.expand_dims(a[0], [0, 2]).shape, np.transpose(a[0], 0), np.cov(a, dtype="f4").dtype, np.corrcoef(a.T, dtype=np.float32), repr(np.asfortranarray(n)), repr(np.isreal(n)))
for call in (lambda: np.copyto(n, a), lambda: np.gradient(a[0] > 0), lambda: np.correlate(n, a[0]), lambda: np.common_type(n)):
    try:
        print(call())
    except (TypeError, ValueError, AttributeError) as error:
        print(error)

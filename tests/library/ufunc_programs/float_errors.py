import numpy as np, sys
z = len(sys.argv) - 1
a = np.array([1., 0., -1.]) + z
print(np.geterr())
old = np.seterr(all="ignore")
print(old, np.geterr())
print(1 / a)
np.seterr(**old)
with np.errstate(divide="raise"):
    print(np.geterr()["divide"])
    try:
        print(1 / a)
    except FloatingPointError as e:
        print("caught", e)
    try:
        print(np.log(a + 1))
    except FloatingPointError as e:
        print("caught", e)
    print(np.sqrt(a))
np.seterr(all="raise")
def attempt(f):
    try:
        print(f())
    except FloatingPointError as e:
        print("caught", e)
b = np.array([1e308, 2.0, 3.0]) + z
attempt(lambda: b * 10)
attempt(lambda: b + b)
attempt(lambda: np.exp(b))
attempt(lambda: np.sqrt(-b))
attempt(lambda: np.log(a))
attempt(lambda: a / 0)
attempt(lambda: a[1] / a[1])
attempt(lambda: b[0] * 10)
attempt(lambda: a // 0)
attempt(lambda: np.arccos(b))
attempt(lambda: np.arctanh(a))
attempt(lambda: b ** 2)
attempt(lambda: np.exp(-b[1:] * 1000))
attempt(lambda: 1 / (b * 1e10 - b))
attempt(lambda: np.float32(1e30) * b.astype(np.float32)[1:])
attempt(lambda: b.astype(np.float32))
attempt(lambda: (a * np.nan).astype(int))
attempt(lambda: np.array([1, 2]) // (np.array([0, 1]) + z))
attempt(lambda: np.int8(100) + np.array([100, 1], np.int8)[z])
attempt(lambda: b.sum() + np.sum(b * 2 - b))
attempt(lambda: np.sum(np.array([1e308, 1e308]) + z))
attempt(lambda: np.mean(a), )
attempt(lambda: np.float64(1) / (z * 1.0 + np.float64(0)))
attempt(lambda: np.power(a, -1.))
print(a * 2)
c = a / 0
print(c)
np.seterr(**old)


def told(words, status):
    print("told", repr(words), status)


class Log:
    def write(self, line):
        print("log", repr(line))


zero = np.array(float(z * 0))
with np.errstate(all="call", call=told):
    print(a / zero, np.exp(b), 1e-300 * (1e-300 + zero))
with np.errstate(divide="log", invalid="print", call=Log()):
    print(a / zero, np.geterrcall() is None)
print(np.seterrcall(told), np.geterrcall() is told, np.seterrcall(None) is told)
attempt(lambda: a / zero)
try:
    with np.errstate(divide="call"):
        print(1 / zero)
except NameError as e:
    print(e)

# args: 4
import sys
n = int(sys.argv[1])
t = str(n)
b = t.encode()
late = [n] * n
tests = [
    lambda: t + n, lambda: n + t, lambda: t + 1.5, lambda: t * 1.5, lambda: t * t, lambda: 2.5 * t,
    lambda: late + n, lambda: late + (1,), lambda: late * 1.5, lambda: n + late, lambda: late * "a", lambda: "a" * late,
    lambda: (n,) + late, lambda: (n, 2) * 0.5, lambda: b + t, lambda: t + b, lambda: b + n, lambda: b * 2.0,
    lambda: t - 1, lambda: t / n, lambda: late - late, lambda: None + n, lambda: n * None, lambda: t + None, lambda: late + None,
    lambda: {n: 1} + n, lambda: t % (n, n), lambda: -t, lambda: t < n, lambda: n in t, lambda: late < n, lambda: t + late, lambda: late + t,
    lambda: "x" + n, lambda: [1] + n, lambda: (1,) + n, lambda: [1] * (n / 2), lambda: "a" * (n * 0.5), lambda: n ** t, lambda: n // None, lambda: n @ n,
    lambda: n & 1.5, lambda: n << 0.5, lambda: t | n, lambda: sum([t, t]), lambda: "," + n + 1,
]
for k, test in enumerate(tests):
    try:
        print(k, test())
    except (TypeError, ValueError) as error:
        print(k, type(error).__name__, error)
t2 = t
try:
    t2 += n
except TypeError as error:
    print(error)
try:
    late += n
except TypeError as error:
    print(error)

"""Calls: defaults, keywords, closures, recursion, packed arguments."""

def clamp(x, low=0, high=100):
    if x < low:
        return low
    return high if x > high else x


def scale(x, factor, offset=1):
    return clamp(x * factor + offset, high=1000)


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def make(step):
    def shift(x):
        return x + step
    return shift


def pack(*parts, **named):
    return len(parts) + len(named)


shifts = [make(step) for step in range(10)]
names = ["alpha", "beta", "gamma", "delta"]
total = 0
for i in range(12000):
    name = names[i % 4]
    x = scale(len(name), i % 13)
    for shift in shifts[: i % 3]:
        x = shift(x)
    total += x + pack(i, x, name=name)
    names[i % 4] = name[1:] + name[0]
print(total, fib(16), names)

# args: 5 7 x 9
import sys


def averages(n):
    total = 0
    for i in range(n):
        value = yield total
        if value is not None:
            total += value
    return total


def relay(n):
    first = yield "begin"
    print("first", first)
    result = yield from averages(n)
    yield ("sum", result)


g = relay(len(sys.argv))
print(next(g))
print(g.send(100))
for word in sys.argv[1:]:
    print(g.send(len(word) + 1))
print(next(g))

# args: 7
import sys
from itertools import count, takewhile, islice, chain


def numbers(start=0):
    n = start
    while True:
        received = yield n
        n = received if received is not None else n + 1


def squares(source):
    for x in source:
        yield x * x


def evens(source):
    return (x for x in source if x % 2 == 0)


def chunks(source, size):
    chunk = []
    for x in source:
        chunk.append(x)
        if len(chunk) == size:
            yield tuple(chunk)
            chunk = []
    if chunk:
        yield tuple(chunk)


def flatten(nested):
    for item in nested:
        if isinstance(item, (list, tuple)):
            yield from flatten(item)
        else:
            yield item


def averager():
    total = count_ = 0
    average = None
    while True:
        value = yield average
        if value is None:
            return total, count_
        total += value
        count_ += 1
        average = total / count_


n = int(sys.argv[1])
pipe = chunks(islice(evens(squares(numbers(n))), 5), 2)
for c in pipe:
    print(c, sum(c))
g = numbers(n)
print(next(g), next(g), g.send(10), next(g))
print(list(flatten([1, [2, (3, n)], [[n + 1]]])))
a = averager()
next(a)
for v in (n, n + 1, n * 2):
    print(f"{a.send(v):.3f}")
try:
    a.send(None)
except StopIteration as stop:
    print("total", stop.value)
print(sum(x for x in range(n) if x % 3), any(x > 5 for x in range(n)))
print(list(chain.from_iterable([x] * x for x in range(min(n, 4)))))

# args: 5 7 8
"""Iterators without an end, taken from as far as run time says, and side by side."""
import sys
from itertools import chain, count, islice, takewhile


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


def primes():
    n = 2
    while True:
        if all(n % i for i in range(2, int(n**0.5) + 1)):
            yield n
        n += 1


numbers = [int(word) for word in sys.argv[1:]]
n = numbers[0]
print(list(islice(fibonacci(), n)), list(islice(count(n, 2), 1, n * 2, 3)))
print([p for p in islice(primes(), n)], sum(takewhile(lambda p: p < 30 * n, primes())))
print(list(takewhile(lambda square: square < 90, (i * i for i in count(n)))))
for i, p in zip(range(n), primes()):
    print(i, p, end="; ")
for (i, x), y in zip(enumerate([4, 5, 6, 7]), range(n - 2)):
    print(i, x, y, end="; ")
shared = iter([10, 20, 30])
print(list(zip(range(n - 4), shared)), next(shared))
print(list(chain.from_iterable([[n] * 2, numbers])), [x**k for x, k in zip(numbers, count(1))])
try:
    islice(fibonacci(), n - 9)
except ValueError as error:
    print(error)

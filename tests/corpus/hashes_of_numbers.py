# args: 7 1000003
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    x: int
    y: int


class Key:
    def __init__(self, number):
        self.number = number

    def __hash__(self):
        return self.number * 31

    def __eq__(self, other):
        return self.number == other.number


for word in sys.argv[1:]:
    n = int(word)
    print(hash(n), hash(-n), hash(n / 3), hash(n == 7), hash(-(n // n)), hash(float(n)))
    print(hash(n * 2**40), hash(n * 2**40) == hash(float(n * 2**40)))
    print(hash((n, 2)), hash((n, (n + 1, 0.5 * n))), hash((n,)) % 16)
    print(hash(Point(n, 3)) == hash((n, 3)), hash(Key(n)), hash(Key(n)) == hash(Key(n)))
    buckets = [0] * 8
    for i in range(n % 100):
        buckets[hash(i * n) % 8] += 1
    print(buckets)
try:
    hash([len(sys.argv)])
except TypeError as error:
    print(error)

# args: 3 7 5 3
"""What takes iterables, given generators that end at run time, and filtered ones beside others."""
import itertools
import math
import operator
import sys
from functools import reduce


def numbers():
    for text in sys.argv[1:]:
        yield int(text)


def others():
    return (int(text) for text in sys.argv[1:] if text != "7")


print(math.fsum(numbers()), math.fsum(others()), math.prod(others()))
print(reduce(operator.add, numbers()), reduce(operator.add, numbers(), 5), reduce(max, others(), 4))
print(list(zip(numbers(), others())), dict(zip(others(), numbers())))
print(list(map(operator.mul, numbers(), others())), list(map(max, others(), others())))
print(list(map(list, zip(others(), numbers(), others()))))
print(list(filter(lambda n: n > 3, (n for n in numbers() if n % 2))))
print(list(itertools.product(numbers(), others()))[:5], list(itertools.combinations(others(), 2)))
print(list(itertools.permutations(numbers(), 2))[-3:], {3}.issubset(numbers()), {3}.issuperset(others()))
try:
    print(next((t for t in (text + "!" for text in sys.argv[1:]) if t > "5"), None))
except ValueError as error:
    print(error)


class Numbers:
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)


held = Numbers(list(numbers()))
print([*held], max(*held), math.prod(held), sorted(set(held)), {*held} == set(others()), len(held))

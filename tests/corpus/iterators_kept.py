# args: 5 7 8
"""Iterators in lists and in attributes of instances: which kind one is shows at run time."""
import sys
from itertools import count


def squares():
    n = 2
    while True:
        yield n * n
        n += 1


class Stream:
    ids = count(1)

    def __init__(self, name, items):
        self.name, self.items, self.id = name, iter(items), next(Stream.ids)

    def __iter__(self):
        return self

    def __next__(self):
        return f"{self.name}{next(self.items)}"


things = [3, Stream("a", range(2)), iter("c"), None]
for number, word in enumerate(sys.argv[1:]):
    things += [Stream(number, word), squares(), iter(word)]
for thing in things:
    try:
        print(next(thing), end="; ")
    except TypeError as error:
        print(error)
print(next(things[2], "over"), next(things[-1], "over"), next(things[-2]), things[-3].id)

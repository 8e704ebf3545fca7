# args: one two three
import sys


class Log:
    def __init__(self, name, *parts, sep="-"):
        self.name, self.parts, self.sep = name, parts, sep

    def add(self, kind, level=1, *parts, end="."):
        print(self.name, kind, level, len(parts), self.sep.join(parts) + end)
        return parts


def total(start, *numbers):
    for number in numbers:
        start += number
    return start


def pick(first, second="none", *others):
    return f"{first}/{second}/{others}"


words = sys.argv[1:]
log = Log("log", *words, sep="+")
print(log.parts)
log.add("info")
log.add("info", 2, *words)
log.add("warn", 3, "x", *words, "y", end="!")
print(log.add(*words), log.add(*words[:1]))
print(total(1, *map(len, words)), total(*[len(word) for word in words]), total(2.5, *range(len(words))))
print(pick(*words), pick(*words[:1]), pick("a", *words), pick("a", "b", *words), pick(*words[:2]))
for given in (words[:0], words):
    try:
        print(pick(*given))
    except TypeError as error:
        print(error)

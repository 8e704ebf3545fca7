# args: abc
import itertools
import sys


def permutations(items):
    if not items:
        yield ""
    for i, item in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1 :]):
            yield item + rest


word = sys.argv[1]
print(list(permutations(word)))
print(["".join(p) for p in itertools.permutations("xy")])
print([a + b for a, b in itertools.combinations("wxyz", 2)])
print(sum(1 for _ in itertools.product(range(3), repeat=3)))

# args: 4 5 3
import itertools
import sys
class Squares:
    def __init__(self, n):
        self.n = n
    def __getitem__(self, i):
        if not 0 <= i < self.n:
            raise IndexError(i)
        return i * i
    def __len__(self):
        return self.n
s = Squares(int(sys.argv[1]))
print(4 in s, 5 in s, sum(s), max(s), list(itertools.chain(s, s)), list(reversed(s)))
print(" ".join(map(str, s)), list(zip(s, "abc")), [*s], sorted(s, reverse=True))
first, second, *others = s
print(first, second, others)
kept = [Squares(int(text)) for text in sys.argv[1:]]
for s in kept:
    print(list(s), 4 in s, len(s), sum(s), list(reversed(s)), [x + 1 for x in s], max(s))
    for i, x in enumerate(s):
        print(i, x, end=" ")
    print()
print(..., [... if len(s) > 3 else len(s) for s in kept], kept[0] is ...)

# args: abc de f Ghij 12
import sys
words = sys.argv[1:]
b = (w + "!" for w in words)
lookup = {}
for w in words:
    lookup[w] = b
bad = (10 // (len(w) - 2) for w in words)
try:
    for v in bad:
        print(v)
except ZeroDivisionError as e:
    print("error", e, list(bad))


def evens(items):
    return (one for one in items if one % 2 == 0)


def squares(items):
    for one in items:
        yield one * one


sizes = [len(w) for w in words]
print(dict(zip(words, squares(evens(sizes)))), sum(squares(evens(sizes))))
once = (n for n in sizes)
print(sum(once), list(once))
by_two = (n for n in sizes)
for one, two in zip(by_two, by_two):
    print(one, two)
pairs = ((a, b) for a in words for b in words if a < b)
print(next(pairs, None), sum(1 for _ in pairs))
letters = dict((w, (c for c in w)) for w in words)
for w in words:
    print(next(letters[w], "-"), next(letters[w], "-"), end=" ")
print()

# args: 2 ab c def
import sys
n = int(sys.argv[1])
words = sys.argv[2:]
sep = words[0]
def gen(ws):
    for w in ws:
        yield w * 2
its = []
for w in words:
    its.append(gen(words))
    its.append(iter(words))
print(sep.join(its[0]), sep.join(its[1]), " ".join(its[2]))
it = gen(words) if n > 2 else iter(words)
print(next(it))
print(sorted(it))
a = (x for x in words) if n else map(len, words)
for i, x in enumerate(a):
    print(i, x)
b = zip(words, range(n)) if n < 3 else enumerate(words)
d = dict(b)
print(d)
c = filter(None, words) if n else []
print(list(c))
def pick(kind):
    if kind == "rev":
        return reversed(words)
    elif kind == "sorted":
        return sorted(words)
    elif kind == "gen":
        return (w for w in words)
    return iter(words)
for k in ["rev", "sorted", "gen", words[0]]:
    for w in pick(k):
        print(k, w, end=" ")
    print()
for w in pick(sys.argv[2]):
    print(w)
print(max(pick(sys.argv[2])), len(list(pick(sys.argv[3]))), tuple(pick(words[-1])))
x, *rest = pick(sys.argv[2])
print(x, rest)
print("ab" in pick(sys.argv[2]), any(w == "c" for w in pick(words[1])))

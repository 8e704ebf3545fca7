# args: 4 3 2
import sys
r = None
for w in sys.argv[1:]:
    r = (w, r)
print(r)
def show(c):
    while c is not None:
        h, c = c
        print(h, end=" ")
    print()
show(r)
def cons(*xs):
    out = ()
    for x in reversed(xs): out = (x, out)
    return out
print(cons(*sys.argv[1:]))
def length(l): return 0 if not l else 1 + length(l[1])
print(length(r), length(cons(1,2,3)))
def flat(x):
    if isinstance(x, tuple):
        out = ()
        for y in x: out += flat(y)
        return out
    return (x,)
print(flat((1, (2, (3, int(sys.argv[1]))), ())))
fib = (0, 1)
for i in range(int(sys.argv[1])): fib += (fib[-1] + fib[-2],)
print(fib, sum(fib))
a, b = (), ()
for x in map(int, sys.argv[1:]):
    if x % 2: a += (x,)
    else: b += (x,)
print(a, b, a + b, sorted(a + b), a < b, a == ())

def path(n, seen=()):
    if n <= 0: return len(seen), seen
    if n in seen: return -1, seen
    return path(n - 2, seen + (n,))
print(path(int(sys.argv[1])))
def subsets(items, chosen=()):
    if not items:
        print(chosen); return 1
    return subsets(items[1:], chosen) + subsets(items[1:], chosen + (items[0],))
print(subsets(sys.argv[1:]))
def perms(left, done=[]):
    if not left: print(*done); return
    for i, x in enumerate(left):
        perms(left[:i] + left[i+1:], done + [x])
perms([int(a) for a in sys.argv[1:]])
def comb(n, k, cur=()):
    if len(cur) == k: yield cur; return
    for i in range(cur[-1] + 1 if cur else 0, n):
        yield from comb(n, k, (*cur, i))
for c in comb(int(sys.argv[1]), 2): print(c, sum(c))

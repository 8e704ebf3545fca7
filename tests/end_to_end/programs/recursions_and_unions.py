# args: 6 3 7 1 9 2 2
import sys
n = int(sys.argv[1])
def fact(k): return 1 if k < 2 else k * fact(k - 1)
def fib(k):
    if k < 2: return k
    return fib(k - 1) + fib(k - 2)
print(fact(n), fib(n))
def ack(m, k):
    if m == 0: return k + 1
    if k == 0: return ack(m - 1, 1)
    return ack(m - 1, ack(m, k - 1))
print(ack(2, n))
def even(k): return True if k == 0 else odd(k - 1)
def odd(k): return False if k == 0 else even(k - 1)
print(even(n), odd(n))
def hanoi(k, a, b, c):
    if k == 0: return 0
    x = hanoi(k - 1, a, c, b)
    print("move", k, a, c)
    return x + 1 + hanoi(k - 1, b, a, c)
print(hanoi(min(n, 3), "a", "b", "c"))
def half(x): return x if x < 1 else half(x / 2)
print(half(n))
def gcd(a, b): return a if b == 0 else gcd(b, a % b)
print(gcd(n * 6, 4))
def power(b, k):
    if k == 0: return 1
    h = power(b, k // 2)
    return h * h * (b if k % 2 else 1)
print(power(3, n))
def down(k):
    if k > n: return 0
    return n + down(k + 1)
print(down(0))
def quicksort(xs):
    if len(xs) <= 1:
        return xs
    p = xs[0]
    return quicksort([x for x in xs[1:] if x < p]) + [p] + quicksort([x for x in xs[1:] if x >= p])
xs = [int(a) for a in sys.argv[1:]]
print(quicksort(xs))
total = 0
for x in xs:
    if x < 0: continue
    total += x
else:
    print("done")
print(total, max(xs) if xs else None, min(xs, default=0) if False else sum(xs))
def bubble(xs):
    xs = xs[:]
    n = len(xs)
    for i in range(n):
        for j in range(n - 1 - i):
            if xs[j] > xs[j + 1]:
                xs[j], xs[j + 1] = xs[j + 1], xs[j]
    return xs
print(bubble(xs))
def binsearch(xs, t):
    lo, hi = 0, len(xs) - 1
    while lo <= hi:
        mid = (lo + hi) // 2
        if xs[mid] == t: return mid
        if xs[mid] < t: lo = mid + 1
        else: hi = mid - 1
    return -1
print(binsearch(bubble(xs), 7), binsearch([1, 3, 5], 3))
avg = total / len(xs) if xs else 0
print(f"{avg:.3f}")
names = ["zero", "one", "two", "three"]
kind = None
for i in range(n):
    kind = names[i % 4] if i % 3 else i / 2
    total += i / 2 if i > 3 else i
print(kind, total, type(total).__name__, names[n % 4][n % 3], 2 ** (3 - n))
if n > 100:
    late = 1
print(late)

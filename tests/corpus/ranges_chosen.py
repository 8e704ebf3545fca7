# args: 4
import sys
n = int(sys.argv[1])
for i in (range(n) if n % 2 else range(n - 1, -1, -1)):
    print(i)
r = range(n) if n > 3 else range(2, n)
print(len(r), list(r), r)
def order(up):
    if up:
        rng = range(n)
    else:
        rng = range(n - 1, -1, -1)
    total = 0
    for i in rng:
        total = total * 10 + i
    return total
print(order(n > 2), order(n < 2))
seq = reversed(range(n)) if n % 2 else range(n)
for v in seq:
    print("s", v)

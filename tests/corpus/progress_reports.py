# args: 40
import random
import sys

n = int(sys.argv[1])
random.seed(4)
inside = 0
for i in range(n):
    x, y = random.random(), random.random()
    if x * x + y * y <= 1:
        inside += 1
    if (i + 1) % (n // 4) == 0:
        print(i + 1, 4 * inside / (i + 1))

table = [0] * n
last, best = 0, None
for i in range(1, n):
    steps, m = 0, i
    while m != 1:
        m = m // 2 if m % 2 == 0 else 3 * m + 1
        steps += 1
    table[i] = steps
    if best is None or steps > table[best]:
        if i % 2:
            print("odd", i, steps, last)
            last = i
        best = i
    table[i - 1] += steps % 3
print(table, best)

a, b, k = 1.0, 2.0, 0
while b - a > 1e-12:
    middle = (a + b) / 2
    k += 1
    if middle * middle < 2:
        a = middle
    else:
        b = middle
    if k % 8 == 0:
        print(f"{k}: {a:.9f} {b:.9f}")
    elif k == 13:
        print("thirteen", a)
print(k, a)

found = []
for i in range(2, n):
    for d in range(2, i):
        if i % d == 0:
            break
    else:
        found.append(i)
        if len(found) % 5 == 0:
            print("prime", i, sum(found))
    if i > 30:
        print("enough at", i)
        break
print(found)

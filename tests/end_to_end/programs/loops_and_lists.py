# args: 10
import sys
import numpy as np
total = 0
i = 0
n = int(sys.argv[1])
while i < n:
    if i % 3 == 0:
        total += i
    elif i % 5 == 0:
        total -= 1
    i += 1
print(total, n * 2.5, n // 4, -n % 7)
fib = [0, 1]
for _ in range(n):
    fib.append(fib[-1] + fib[-2])
print(fib, len(fib), sum(fib))
s = "abc" + sys.argv[1]
print(s, len(s))
x = np.ones(n)
x[2:5] += 3
print(x, x[::-1], x[[0, 3]])
print(x[n])

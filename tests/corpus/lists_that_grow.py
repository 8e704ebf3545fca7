# args: 9
import sys
n = int(sys.argv[1])


def primes(n):
    found = []
    for k in range(2, n):
        for p in found:
            if k % p == 0:
                break
        else:
            found.append(k)
    return found


def rows(n, m):
    out = []
    for i in range(n):
        for j in range(1, m - 1, 2):
            out.append(i * j)
            out.append(i - j)
    return out


print(primes(n), rows(n, n + 3), rows(n, 2))
log = []
for i in range(n):
    log.append(i * 0.5)
    if i == 3:
        print(log, len(log))
        log[1] = 7.0
        for x in log:
            log[0] += x
    print(log[-1], sum(log), log[:2], log.index(i * 0.5))
a = [1.5] * 3
for i in range(n):
    if i > 2:
        a.append(a[i - 2] + a[-1])
        a += [1.0, 2.0]
    else:
        a.append(2.0)
    b = a[1:] + [i * 1.0]
print(a, b if n else None)
t = 0
for i in range(n):
    q = [i]
    for j in range(i):
        if j % 2:
            q.append(j + q[-1])
    t += sum(q) + len(q) + max(q)
print(t)
try:
    c = []
    for i in range(n):
        c.append(10 // (5 - i))
except ZeroDivisionError as e:
    print(e, c)
a = [i * i % 7 for i in range(n)]
even = [x for x in a if x % 2 == 0]
fib = [0, 1]
for i in range(2, n):
    fib.append(fib[i - 1] + fib[-2])
flat = []
for i in range(n):
    for j in range(n):
        flat.append(a[j] * 0.5)
    flat[-1] = 2.5
tri = []
for i in range(n):
    for j in range(i):
        tri.append(i > j + 2)
tri += [True]
ps = []
for i in range(n):
    if i % 3 == 0:
        ps.append(i)
    elif i % 5:
        ps.append(-i)
        ps[0] += 1
print(a, even, fib, flat, tri, ps, len(even), sum(flat))

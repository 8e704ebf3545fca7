"""Functions of numbers that call themselves, as loops with a stack. The argument: how often."""

import sys

import numpy as np

n = int(sys.argv[1])
a = np.arange(n) * 3


def fib(k):
    return k if k < 2 else fib(k - 1) + fib(k - 2)


def power(x, k):
    if k == 0:
        return 1.0
    half = power(x, k // 2)
    return half * half if k % 2 == 0 else half * half * x


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def tak(x, y, z):
    if y < x:
        return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))
    return z


def gcd(a, b):
    return a if b == 0 else gcd(b, a % b)


def binomial(a, b):
    if a < b:
        raise ValueError(f"binomial({a}, {b})")
    if b == 0 or b == a:
        return 1
    return binomial(a - 1, b - 1) + binomial(a - 1, b)


def steps(k, done=0):
    if k == 1:
        return done
    if k % 2 == 0:
        return steps(k // 2, done + 1)
    return steps(3 * k + 1, done + 1)


def place(array, wanted, low, high):
    if low >= high:
        return low
    middle = (low + high) // 2
    if array[middle] < wanted:
        return place(array, wanted, middle + 1, high)
    return place(array, wanted, low, middle)


print(fib(n % 13), power(1.01, n), ackermann(2, n % 5), tak(n % 7, 4, 1), binomial(n % 9 + 4, 3))
s = best = hits = 0
for i in range(1, n):
    s += fib(i % 9) * gcd(i, n)
    best = max(best, steps(i))
    hits += place(a, i, 0, n)
print(s, best, hits)
try:
    print(binomial(3, n + 1))
except ValueError as e:
    print(e)

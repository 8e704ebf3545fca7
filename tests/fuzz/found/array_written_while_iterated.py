import sys

import numpy as np

n = int(sys.argv[1])


def t(f):
    a = np.zeros(6)
    b = np.arange(6)
    print(f(a, b), a, b)


def f1(a, b):
    s = 0
    for v in a:
        s += v
        a[4] = 9
    return s


def f2(a, b):
    s = 0
    for i, v in enumerate(a):
        s += v
        a[4] = 9
        if v > n:
            continue
        s += i
    return s


def f3(a, b):
    s = 0
    for u, v in zip(a, b):
        s += u * v
        a[4] = 9
        b[5] = n
    return s


def f4(a, b):
    s = 0
    for v in reversed(a):
        s += v
        a[1] = n
    return s


def f5(a, b):
    return 0


def f6(a, b):
    g = a.reshape(2, 3)
    s = 0
    for row in g:
        s += row[0]
        g[1] = n
    for x in a[::-1]:
        s += x
        a[0] = 5
    it = iter(a)
    a[0] = 100
    s += next(it)
    a[1] = 50
    return s + next(it)


def f7(a, b):
    s = 0
    for i, (u, v) in enumerate(zip(a, b)):
        a[i:] += 1
        b[:] = n
        s += u + v
        if s > 20:
            break
    return s


def f8(a, b):
    s = 0
    for v in a:
        s += v
        if v > n:
            break
        a += 1
    return s


def f9(a, b):
    s = 0
    for v in map(lambda x: x + 1, a):
        s += v
        a[3] = n
    for v in (x * 2 for x in a):
        s += v
        a[5] = 100
    return s


def f10(a, b):
    s = 0
    for v in b.tolist():
        s += v
        b[3] = 100
    for v in list(b):
        s += v
        b[:] = 0
    for v in b.astype(float):
        s += v
    for row in np.zeros((2, 3)).T:
        s += row.sum()
    try:
        for v in np.array(3):
            s += 1
    except TypeError as e:
        print(e)
    try:
        for v in reversed(np.array(n)):
            s += 1
    except TypeError as e:
        print(e)
    x, y, *z = a
    return s, list(reversed(a)), z, [*b], sum(a), max(b), 0


for f in (f1, f2, f3, f4, f5, f6, f7, f8, f9, f10):
    t(f)

# args: 2
import sys
n = int(sys.argv[1])
class P:
    pass
def f(n):
    if n == 0:
        p = P(); p.x = 1
        return p
    return f(n - 1)
a = f(n); b = f(n + 1)
a.x = 2
print(a.x, b.x)
def g(n):
    if n == 0:
        return [1, 2]
    return g(n - 1)
a = g(n); b = g(n)
a.append(2)
print(a, b)
def h(n):
    if n == 0:
        return {"a": 1}
    return h(n - 1)
a = h(n); b = h(n)
a["b"] = 2
print(a, b)
def k(n):
    if n == 0:
        return iter([1, 2])
    return k(n - 1)
a = k(n); b = k(n)
print(next(a), list(b), list(a))
def c(n):
    if n == 0:
        z = 5
        return lambda: z
    return c(n - 1)
print(c(n)())

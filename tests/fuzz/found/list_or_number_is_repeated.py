import sys

n = int(sys.argv[1])
g = [1] if n else 3
h = g * 2
print(h, 2 * g, g)
g *= 3
print(g)
s = "ab" if n > 3 else [2]
s += s
print(s, s * n)
a = b = [1, 2] if n > 3 else (1, 2)
a += (3,)
print(a, b, a is b, [*b, 0])
try:
    print(1 in h)
except TypeError as error:
    print(error)

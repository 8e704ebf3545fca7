# args: 3
import sys
n = amount = int(sys.argv[1])
x = [None] * amount
fewest = [0] + x
fewest[1] = 3
print(fewest, x + [2.5], [0.5] + x)
a = [None] * n
try:
    print(a + 3)
except TypeError as e:
    print(e)
print(a + ["x"], ["y", 2] + a, (a + [1.5])[-1], len(a + a))
print(a * 2, a == [None] * n, a != [], a[0] is None, a < [] if n < 0 else 1)
a = list(range(n))
a[:] += 'ab'
b = list(range(n))
b += "xy"
b.extend({"k": 1})
c = [1] * n
c += {2}
c.extend((2.5,))
print(a, b, c)
d = list(range(n))
d += [x / 2 for x in range(n)]
d += d
print(d, sum(d))

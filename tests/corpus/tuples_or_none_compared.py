# args: 4
import sys
n = int(sys.argv[1])
if n == 4:
    e = ([6, 26], n)
else:
    e = None
print(e == ([6, 26], 4))
print(e == ([6, 26], n))
if n == 4:
    f = (n, 3)
else:
    f = None
print(f == (4, 3), f == (n, 3), (n, 3) == f)
if n == 4:
    g = [6, 26]
else:
    g = None
print(g == [6, 26], g == [n + 2, 26])

# args: 4
import sys
n = int(sys.argv[1])
a = (n, 2) if n > 3 else [n, 2]
b = (n, 2) if n > 3 else None
c = "x" if n > 3 else (n, "y")
d = {"k": n} if n > 3 else {n}
for x in (a, b, c):
    print(x == (n, 2), x != [n, 2], (n, "y") == x, x == d, x in [(n, 2), "x"], (n, 2) in [x], [x].count((n, 2)))
    for y in (a, b, c):
        print(x == y, x != y, (x, 1) == (y, 1), [x] == [y], {"z": x} == {"z": y})
        try:
            print(x < y, sorted([x, y]))
        except TypeError as e:
            print(e)

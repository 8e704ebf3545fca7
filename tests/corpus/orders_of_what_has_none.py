# args: 4
import sys
n = int(sys.argv[1]); t = sys.argv[1] + "a"; f = n * 0.5
for x in (n, t, f):
    for y in ((1, 2), [1], {1: 2}, None, "ab", {1}, b"x"):
        for op in ("lt", "gt", "le", "ge"):
            try:
                if op == "lt": print(y < x)
                if op == "gt": print(y > x)
                if op == "le": print(y <= x)
                if op == "ge": print(y >= x)
            except TypeError as e:
                print(e)
            try:
                if op == "lt": print(x < y)
                if op == "gt": print(x > y)
            except TypeError as e:
                print(e)

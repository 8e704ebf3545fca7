"""A class of the program's own was looked up by its name, and so taken for another."""

import sys

n = int(sys.argv[1])


class Own(Exception):
    pass


x0 = 0
try:
    if n == 3:
        raise Own(n, 2)
    x0 = int("1" + "x" * n)
except ValueError:
    x0 = 2
print(x0)

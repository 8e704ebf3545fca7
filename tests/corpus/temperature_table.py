# args: -10 30 10
import sys


def fahrenheit(celsius):
    return celsius * 9 / 5 + 32


start, stop, step = (int(arg) for arg in sys.argv[1:])
print("    C       F")
for c in range(start, stop + 1, step):
    print("%5d %7.1f" % (c, fahrenheit(c)))
print("{:>5} {:>7}".format("same", -40 if fahrenheit(-40) == -40 else "?"))

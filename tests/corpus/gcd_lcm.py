# args: 84 36 120
import sys
from functools import reduce


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def lcm(a, b):
    return a // gcd(a, b) * b


def extended(a, b):
    if b == 0:
        return a, 1, 0
    g, x, y = extended(b, a % b)
    return g, y, x - a // b * y


numbers = [int(text) for text in sys.argv[1:]]
print("gcd", reduce(gcd, numbers))
print("lcm", reduce(lcm, numbers))
g, x, y = extended(numbers[0], numbers[1])
print(f"{numbers[0]}*{x} + {numbers[1]}*{y} = {g}")

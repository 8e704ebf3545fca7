# args: 30
import sys


def memoize(function):
    cache = {}

    def wrapper(n):
        if n not in cache:
            cache[n] = function(n)
        return cache[n]

    return wrapper


@memoize
def stairs(n):
    return 1 if n < 2 else stairs(n - 1) + stairs(n - 2)


print(stairs(int(sys.argv[1])))
print([stairs(k) for k in range(10)])

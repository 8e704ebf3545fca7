# args: 20
import sys
def tri():
    for n in range(1, 1000000):
        yield n * (n + 1) // 2
def count_divisors(n):
    c = 1
    i = 2
    while i * i <= n:
        m = 0
        while n % i == 0:
            n //= i
            m += 1
        c *= m + 1
        i += 1
    if n > 1:
        c *= 2
    return c
print(next(i for i in tri() if count_divisors(i) > int(sys.argv[1])))

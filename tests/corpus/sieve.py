# args: 100
import sys


def primes(limit):
    marks = [True] * (limit + 1)
    marks[0] = marks[1] = False
    i = 2
    while i * i <= limit:
        if marks[i]:
            for j in range(i * i, limit + 1, i):
                marks[j] = False
        i += 1
    return [i for i, is_prime in enumerate(marks) if is_prime]


limit = int(sys.argv[1])
found = primes(limit)
print(len(found), "primes up to", limit)
print(*found, sep=", ")
twins = [(a, b) for a, b in zip(found, found[1:]) if b - a == 2]
print("twins:", twins)

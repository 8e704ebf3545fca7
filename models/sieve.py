"""Primes by the sieve of Eratosthenes.

    python models/sieve.py [LIMIT]
"""

import sys

import numpy as np


def sieve(prime):
    """Leaves True at prime numbers."""
    n = len(prime)
    prime[:2] = False
    i = 2
    while i * i < n:
        if prime[i]:
            for multiple in range(i * i, n, i):
                prime[multiple] = False
        i += 1


def main():
    limit = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    prime = np.ones(limit, np.bool_)
    sieve(prime)
    count = largest = twins = 0
    for i in range(limit):
        if prime[i]:
            count += 1
            twins += i - largest == 2
            largest = i
    print(f"{count} primes below {limit}, the largest is {largest}; {twins} pairs of twins")


main()

# args: 200
import sys

import numpy as np

limit = int(sys.argv[1])
is_prime = np.ones(limit + 1, dtype=bool)
is_prime[:2] = False
for i in range(2, int(limit**0.5) + 1):
    if is_prime[i]:
        is_prime[i * i :: i] = False
primes = np.flatnonzero(is_prime)
print(len(primes))
print(primes[-10:])
gaps = np.diff(primes)
print("largest gap", gaps.max(), "after", primes[gaps.argmax()])

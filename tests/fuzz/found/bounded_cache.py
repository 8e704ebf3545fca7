import sys
from functools import lru_cache

n = int(sys.argv[1])


@lru_cache(maxsize=3)
def known(k):
    if k < 2:
        return k
    return known(k - 1) + known(k - 2)


@lru_cache(maxsize=2)
def late(k):
    print("computed", k)
    return k * 2


print(known(9), known.cache_info())
print([late(k % 3) for k in (n, n + 1, n, n + 2, n)], late.cache_info())

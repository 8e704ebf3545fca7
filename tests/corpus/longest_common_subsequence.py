# args: AGGTAB GXTXAYB
import sys
from functools import lru_cache

a, b = sys.argv[1], sys.argv[2]


@lru_cache(maxsize=None)
def lcs(i, j):
    if i == len(a) or j == len(b):
        return ""
    if a[i] == b[j]:
        return a[i] + lcs(i + 1, j + 1)
    left, right = lcs(i + 1, j), lcs(i, j + 1)
    return left if len(left) >= len(right) else right


result = lcs(0, 0)
print(result, len(result))

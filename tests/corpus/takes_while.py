# args: 40 3
import sys
from itertools import accumulate, count, takewhile
n, k = int(sys.argv[1]), int(sys.argv[2])
print(list(takewhile(lambda s: s < n, (lambda it: it)(map(lambda x: x * x, count(1))))))
print(sum(takewhile(lambda x: x < n, count(k, 4))))
print(list(takewhile(lambda x: x < 10, count(7))), list(takewhile(lambda x: x < 0, count(k))))
print(list(takewhile(lambda p: p[0] * p[1] < n, enumerate(count(k)))))
print(max(takewhile(lambda t: t <= n, accumulate(count(1)))))

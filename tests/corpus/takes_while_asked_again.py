# args: 3 7 2 1
import sys
from itertools import takewhile
xs = [int(x) for x in sys.argv[1:]]
it = iter(xs)
tw = takewhile(lambda x: x < 5, it)
for x in tw:
    print("a", x)
for x in tw:
    print("b", x)
print(list(it))
tw = takewhile(lambda x: x < 5, xs)
print(list(tw), list(tw), next(tw, "none"))
tw = takewhile(lambda x: x < 5, [1, 2, 7, 3])
print(list(tw), list(tw))
tw = takewhile(lambda x: x < len(xs), iter([1, 2, 7, 3]))
print(next(tw), list(tw), list(tw), list(tw))

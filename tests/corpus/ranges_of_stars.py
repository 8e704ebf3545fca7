# args: 9 3 -2
import sys
nums = [int(x) for x in sys.argv[1:]]
try:
    for i in range(*nums):
        print(i, end=" ")
    print(list(range(*nums)), len(range(*sys.argv[1:] and nums)))
    print(sum(range(*nums[:2])), list(range(0, *nums[:1])))
except TypeError as e:
    print(e)

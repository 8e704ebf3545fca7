# args: 4
import sys

n = int(sys.argv[1])
if n % 2 == 0:
    sys.exit("need an odd size")
print("never here for even sizes")

# args: 1 0 5 2
# Generator expressions are gone through up to the item that decides, and no further.
import sys


def is_large(x):
    print("asked", x)
    return x > 3


xs = [int(word) for word in sys.argv[1:]]
print(any(is_large(x) for x in xs), any(x == 0 or 10 // x > 4 for x in xs))
print(True in (is_large(x) for x in xs))
for large in (is_large(x) for x in xs[:2]):
    print("got", large)

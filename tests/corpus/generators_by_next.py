# args: 3 8
import sys


def countdown(n):
    while n > 0:
        yield n
        n -= 1


n, m = map(int, sys.argv[1:])
gen = countdown(n)
print(next(gen))
for x in gen:
    print("rest", x)
print(next(gen, "empty"))
a, b = countdown(n), countdown(m)
while True:
    try:
        print(next(a), next(b))
    except StopIteration:
        print("stop")
        break
it = iter(sys.argv[1:])
print(next(it), next(it), next(it, None))

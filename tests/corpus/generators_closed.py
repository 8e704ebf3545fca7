# args: 3 8
import sys
def rows(n):
    print("open")
    try:
        for i in range(n):
            yield i
    finally:
        print("closed")
n = int(sys.argv[1])
g = rows(n)
while True:
    x = next(g, None)
    if x is None:
        break
    print(x)
h = rows(int(sys.argv[2]))
print(next(h))
print(next(h))
h.close()
print(next(h, "over"))
h.close()

# args: 3 8
import sys
def worker(n):
    total = 0
    try:
        while True:
            v = yield total
            if v < 0:
                return total
            total += v
    finally:
        print("worker done", total)
n = int(sys.argv[1])
w = worker(n)
next(w)
i = 0
while i < n:
    print(w.send(i)); i += 1
try:
    w.send(-1)
except StopIteration as s:
    print("value", s.value)

# args: 3 8 x
import sys
def early(n):
    for i in range(n):
        try:
            if i == 2:
                return "early"
            if i == 1:
                continue
            yield i
        finally:
            print("fin", i)
g = early(int(sys.argv[2]))
try:
    while True:
        print(next(g))
except StopIteration as s:
    print(s.value)
def many(n):
    while True:
        try:
            try:
                yield n
            finally:
                n -= 1
                print("n", n)
            if n < 0:
                break
        except ZeroDivisionError:
            print("zde")
            break
    yield "tail"
g = many(int(sys.argv[1]))
while True:
    x = next(g, "stop")
    print(x)
    if x == "stop":
        break
g = many(1)
print(next(g), g.throw(ZeroDivisionError), next(g, None))

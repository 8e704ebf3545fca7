# args: 3 8 x
import sys
def conv(texts):
    for t in texts:
        try:
            v = int(t)
        except ValueError as e:
            yield f"bad {e}"
            print("still", e)
            try:
                yield "again"
            finally:
                print("inner", t)
            if t == "y":
                raise
        else:
            yield v
def outer(texts):
    try:
        r = yield from conv(texts)
        print("r", r)
    finally:
        print("outer done")
g = outer(sys.argv[1:])
while (x := next(g, None)) is not None:
    print(x)
g = outer(sys.argv[3:])
print(next(g))
g.close()
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

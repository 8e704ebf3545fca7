# args: 3 8 x
import sys
def conv(texts):
    for t in texts:
        try:
            v = int(t)
        except ValueError as e:
            yield f"bad {e}"
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

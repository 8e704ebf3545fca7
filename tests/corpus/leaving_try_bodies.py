# args: 2 4 0 8
import sys
def g(series):
    try:
        for s in series:
            if 4 / s == 3:
                return 5
    except ZeroDivisionError:
        return 6
    print("after", series)
    if len(series) > 2:
        return 7
    return 8
def h(xs):
    for x in xs:
        try:
            if 4 // x == 3:
                continue
            if x == 8:
                break
        except ZeroDivisionError:
            print("zero")
            continue
        print("x", x)
    else:
        return "all"
    return "broken"
def k(x):
    with open_(x) as t:
        if 8 // x == 2:
            return t
        if x == 2:
            raise ValueError(x)
    return "end"
class open_:
    def __init__(self, x): self.x = x
    def __enter__(self): return self.x
    def __exit__(self, *a): return True
v = [int(x) for x in sys.argv[1:]]
print(g(v)); print(g(v[:2])); print(g(v[:1]))
print(h(v)); print(h(v[:3]))
for x in v: print(k(x))

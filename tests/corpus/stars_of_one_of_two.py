# args: '' abc c,d
import sys
def f(*a, loud=False):
    return len(a), a
for arg in sys.argv[1:]:
    print(f(*([arg] if arg else ["nobody"])))
    print(f(1, *([arg] if arg > "b" else ["nobody", 3]), loud=True))
    print(f(*(arg.split(",") if "," in arg else arg)))
    print([*([arg] if arg else ["nobody"])])
    print(f(*((arg, 2) if arg else (3, 4.5))))

# args: 240 46
import sys
def egcd(a, b):
    if b == 0:
        d, x, y = (a, 1, 0)
    else:
        d, p, q = egcd(b, a % b)
        x = q
        y = p - q * (a // b)
    return d, x, y
def late(n):
    try:
        if n > 3:
            v = 10 // (n - 46)
        else:
            v = 7
        w = v + 1
    except ZeroDivisionError as e:
        print("caught", e)
        try:
            print(v)
        except UnboundLocalError as e:
            print("unbound")
        return 0
    return w + v
try:
    print(egcd(int(sys.argv[1]), int(sys.argv[2])))
except Exception as e:
    print(type(e).__name__, e)
for a in sys.argv[1:] + ["1", "50"]:
    print(late(int(a)))

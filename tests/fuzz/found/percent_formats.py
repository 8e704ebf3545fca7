# ruff: noqa: UP031
import sys

n = int(sys.argv[1])
text = sys.argv[1]
print("%*d|%-*d|%.*f|%5.f|" % (5, n, 4, n, 2, n / 2, n))
print("%(a b)s %% %(a b)5ld" % {"a b": n})
print("%c%c|%.3d|%#x|%#.3g|%+s" % (n + 70, text[-1], n, n, n, n))
print("%10.3s|%-8r|%s" % (text * 3, text, [n]))
for template in ("%y", "%d %", "%5%|%d", "%s %s", "%(k)s", "no"):
    try:
        print(template % n)
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
try:
    print("%d" % text)
except TypeError as error:
    print(error)
try:
    print("%x" % (n / 2))
except TypeError as error:
    print(error)
print("{:>{w}}|".format(n, w=n + 2))

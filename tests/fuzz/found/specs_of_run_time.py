import sys

n = int(sys.argv[1])
for value in (None, 5, 2.5, "ab", n, n / 3, str(n), [1], (n,), True):
    for spec in (str(n), f"{n}.2f", ">" + str(n * 3), "", str(n)[:0], "05d", f"*^{n + 6}"):
        try:
            print(format(value, spec), end="|")
        except (ValueError, TypeError) as error:
            print(type(error).__name__, error)
        try:
            print(f"{value:{spec}}", end="|")
        except (ValueError, TypeError) as error:
            print(type(error).__name__, error)
print(format(n), format(n, ",d"))

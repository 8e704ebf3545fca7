import sys

n = int(sys.argv[1])
late = list(range(n))
rows = [[k, 2] for k in range(n)]
words = [str(k) for k in late]
calls = [
    lambda: max(*late, 3), lambda: min(*late, 3), lambda: max(*late), lambda: min(*rows),
    lambda: max(*rows, [1, 5]), lambda: max(*words), lambda: max(*words, "zz"),
    lambda: max(*late, 3, key=lambda v: -v),
]
for f in calls:
    try:
        print(f())
    except TypeError as e:
        print("TypeError", e)

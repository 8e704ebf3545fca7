# stdin: 3.5
# stdin: 4.25
# stdin: -1
# stdin: 8
import sys

n, mean, m2 = 0, 0.0, 0.0
low = high = None
for line in sys.stdin:
    x = float(line)
    n += 1
    delta = x - mean
    mean += delta / n
    m2 += delta * (x - mean)
    low = x if low is None else min(low, x)
    high = x if high is None else max(high, x)
    print(f"{n} {x:8.3f} {mean:8.3f} {m2 / n:8.3f}")
print(low, high)

# args: 5
import numpy as np
import sys
n = int(sys.argv[1])
items0 = [5, 8]
x0 = n + 2
d0 = {"a": 1, "b": 2}
it0 = iter([4, 3, 2, 1])
for i0 in range(4):
    try:
        k0 = n // 2
        while (child := k0 + 2) < n:
            k0 += 1
            x0 = (x0 + child) % 97
            if child > 5:
                break
            alias0 = d0
            alias0["a"] = (i0) % 97
        print(k0, child)
    except KeyError as error:
        zs0 = [1, 2, 3, 4]
        try:
            zs0[::2] += 'ab'
        except (ValueError, TypeError, IndexError) as error:
            print(type(error).__name__, error)
    finally:
        x0 = next(it0, 0)
v0 = 1 if n > 1 and x0 * x0 % 2 else 2.5
print(v0, v0 + 1, v0 * 2.0)

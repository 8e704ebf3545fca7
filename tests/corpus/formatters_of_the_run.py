# args: 4
import sys

import numpy as np

n = int(sys.argv[1])
none = np.zeros(n - 4)
a = np.linspace(0, 1, n) ** 3 * 1234.5
m = np.outer(a, a)
with np.printoptions(formatter={"float": lambda v: f"<{v:.1f}>"}):
    print(a)
    print(m, repr(m))
    with np.printoptions(threshold=5, edgeitems=2):
        print(m)
np.set_printoptions(formatter={"float_kind": "{:7.3f}".format, "int": lambda i: f"{i:03d}"})
print(a, np.arange(n), f"{m}", none)
print(np.array2string(m, separator=";", threshold=10, edgeitems=1))

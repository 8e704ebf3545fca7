import sys
import numpy as np
z = len(sys.argv) - 1
a = np.array([[1.5, -2.25, 3e10], [np.nan, np.inf, -0.0]]) + z
b = np.array([1/3, 2/3, 1e-10, 123456.789]) + z
i = np.arange(12).reshape(3, 4) + z
big = np.arange(2000) + z
f = b.astype(np.float32)
bo = i > 3
print(a, b, i, big, f, bo)
print(repr(a), repr(b), repr(i), repr(big), repr(f), repr(bo))
np.set_printoptions(precision=3)
print(a, b); print(repr(b)); print([b, b[0]], {"k": b})
np.set_printoptions(suppress=True)
print(b, f"{b}", str(b), "%s" % b)
known = np.array([1/3, 2/3])
print(known, repr(known), str(known))
with np.printoptions(precision=1, sign="+", floatmode="fixed"):
    print(b, known); print(a)
    print(np.get_printoptions()["precision"])
print(np.get_printoptions()["precision"])
np.set_printoptions(threshold=5, edgeitems=2)
print(big, i, repr(i))
np.set_printoptions(linewidth=30, threshold=1000)
print(big[:30])
np.set_printoptions()
np.set_printoptions(precision=8, suppress=False, threshold=1000, edgeitems=3, linewidth=75)
print(np.array2string(b, precision=2), np.array2string(b, separator=", ", suppress_small=True), np.array2string(a, max_line_width=20))
print(np.array2string(b, formatter={"float_kind": lambda x: "%.2f" % x}))
print(np.array2string(i, formatter={"int": lambda x: f"<{x}>"}, separator=","))
np.set_printoptions(formatter={"float": "{:0.3f}".format})
print(a, b, i); print(repr(b), f"{a[0]}", [b]); print(b[0], known)
np.set_printoptions(formatter=None)
print(a)
print(np.array_repr(b, precision=3), np.array_str(b, precision=3), np.format_float_positional(b[0], precision=3), np.format_float_scientific(b[3], precision=2, exp_digits=3))
print(np.format_float_positional(1e-5), np.format_float_scientific(12345.678))
np.savetxt(sys.stdout, a)
np.savetxt(sys.stdout, i, fmt="%d", delimiter=",", header="a,b\nc", footer="end")
np.savetxt(sys.stdout, b, fmt="%8.3f")
np.savetxt(sys.stdout, i[:, :2], fmt=["%d", "%.2e"])
np.savetxt(sys.stdout, i[:, :2], fmt="%d -> %d")
whole = np.array([[z, 2], [3, 4]], np.uint64) + np.uint64(2**63)
np.savetxt(sys.stdout, whole); np.savetxt(sys.stdout, whole[0], fmt="%25d"); np.savetxt(sys.stdout, whole, fmt="%x|%s")
print(np.float32(0.1), repr(np.float32(0.1)), np.float64(b[0]), repr(b[0]), repr(f[0]), repr(i[0, 0]), repr(bo[0, 0]), str(bo[0, 0]), [i[0, 1]], np.int8(3), [np.uint8(4)])
print(f"{b[0]:.3f} {f[1]:8.2e} {i[0,1]:5d} {i[1,1]:>6} {b[2]}")
np.set_printoptions(legacy="1.25"); print([b[0]], repr(b[1])); np.set_printoptions(legacy=False)
np.set_printoptions(nanstr="NAN", infstr="INF"); print(a)

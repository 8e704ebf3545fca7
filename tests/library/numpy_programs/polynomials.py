import numpy as np
import sys
n = len(sys.argv) + 2
d = np.arange(n) * 1.5 + 1
print(np.polyval([3, 0, 1], 5), np.polyval([3, 0, 1], [1, 2.5]), np.polyval(d, 2), np.polyval(d, d))
print(np.polyadd([1, 2], [9, 5, 4]), np.polysub([2, 10, -2], [3, 10, -4]), np.polymul([1, 2, 3], [9, 5, 1]), np.polydiv([3.0, 5.0, 2.0], [2.0, 1.0]), np.polydiv(d, [1, 2]))
print(np.polyder([1, 1, 1, 1]), np.polyder([1, 1, 1, 1], 2), np.polyint([1, 1, 1]), np.polyint([1, 1, 1], 2), np.polyint(d, 2, [1, 2]))
print(np.poly([0, 0, 0]), np.poly([1, 2, 3]), np.poly(d), np.roots([1, -6, 11, -6]), np.roots([1, 0]))
x = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0]); y = np.array([0.0, 0.8, 0.9, 0.1, -0.8, -1.0])
print(np.round(np.polyfit(x, y, 3, w=y + 2), 8))
p = np.poly1d([1, 2, 3])
print(p(0.5), p.c, p.order, p[1], len(p), p + 2, 2 * p)
print(p)
print(repr(p), p * p, p ** 2, p / 2, p == np.poly1d([1, 2, 3]))
print(p.deriv(), p.integ(k=6), np.poly1d([1, 2], variable="z"))
print(np.polyval(p, 2), np.polymul(p, [1, 1]), (p - 1).coeffs, -p)
w, v = np.linalg.eig(np.array([[2.0, 1], [1, 3]])); print(w, v)

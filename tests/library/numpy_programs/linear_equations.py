import numpy as np
import sys
n = len(sys.argv) + 3
rng = np.random.default_rng(1)
def show(x):
    print(np.round(x, 9) + 0.0)
a = rng.random((4, 4)); s = rng.random((2, 3, 3, 3)); b = rng.random((4, 2)); v = rng.random(4)
show(np.linalg.solve(a, b)); show(np.linalg.solve(a, v)); show(np.linalg.inv(a)); show(np.linalg.inv(s)); show(np.linalg.solve(s, rng.random((3, 1))))
show(np.linalg.det(np.array([[1.0, 2], [3, 4]]))); print(np.linalg.det(np.eye(3)), np.linalg.det([[1, 2], [2, 4]]), np.linalg.slogdet([[1, 2], [3, 4.]]).sign)
show(np.linalg.det(s)); print(np.linalg.slogdet(s).sign)
p = a @ a.T + np.eye(4)
show(np.linalg.cholesky(p)); show(np.linalg.cholesky(p, upper=True)); show(np.linalg.cholesky(s @ np.swapaxes(s, -1, -2)))
q, r = np.linalg.qr(a); show(q); show(r)
t = rng.random((5, 3))
q, r = np.linalg.qr(t); show(q); show(r); q, r = np.linalg.qr(t, "complete"); show(q); show(r); show(np.linalg.qr(t, "r")); h, tau = np.linalg.qr(t, "raw"); show(h); show(tau)
q, r = np.linalg.qr(t.T); show(q); show(r); q, r = np.linalg.qr(s); show(q); show(r)
show(np.linalg.matrix_power(a, 5)); show(np.linalg.matrix_power(a, -2)); show(np.linalg.matrix_power(a, 0)); show(np.linalg.multi_dot([a, b, b.T, v]))
show(np.linalg.tensorinv(rng.random((2, 3, 6)), 2)); show(np.linalg.tensorsolve(rng.random((2, 3, 6)), rng.random((2, 3))))
for f in (lambda: np.linalg.inv(np.zeros((2, 2))), lambda: np.linalg.solve([[1, 2], [2, 4.]], [1, 2]), lambda: np.linalg.cholesky([[1, 2], [2, 1]])):
    try:
        f()
    except np.linalg.LinAlgError as e:
        print("caught", e)
print(np.linalg.inv(np.array([[2, 1], [1, 1]], np.float32)).dtype, np.linalg.qr(np.eye(2)))
show(np.linalg.inv(np.eye(n) * 2 + np.arange(n)))
c = a + 1j * a.T
x = np.linalg.solve(c, b + 0j)
show(x.real); show(x.imag); print(np.allclose(np.linalg.inv(c) @ c, np.eye(4)))

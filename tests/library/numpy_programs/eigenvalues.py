import numpy as np
rng = np.random.default_rng(1)
def show(x):
    print(np.round(x, 8) + 0.0)
a = rng.random((2, 6, 6)); a = a + np.swapaxes(a, 1, 2)
w, v = np.linalg.eigh(a); show(w); show(v)
print(np.linalg.eigh(np.eye(2)))
u, s, v = np.linalg.svd(rng.random((2, 5, 4)) - 0.3); show(s); show(u); show(v)
m = rng.random((3, 4))
for o in (None, 1, -np.inf, "fro"):
    show(np.linalg.norm(m, o)); show(np.linalg.norm(a, o, axis=(1, 2)))
for o in (0, 1, 3, np.inf):
    show(np.linalg.norm(m[0], o)); show(np.linalg.norm(m, o, axis=1)); show(np.linalg.norm(m, o, axis=0, keepdims=True))
print(np.linalg.norm([3, 4]), np.linalg.vector_norm([3, 4]), np.linalg.matrix_norm([[3, 4], [0, 0.]]))

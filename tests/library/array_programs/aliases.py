import sys
import numpy as np
n = int(sys.argv[1])
def fresh():
    return (np.arange(4 * n) * 7 % 11).reshape(n, 4)
b = fresh(); v = b[1:3].reshape(-1); v[0] = 99; print(b)
b = fresh(); v = b[0].ravel(); v[1] = 98; print(b)
b = fresh(); v = b[:, 1:3].ravel(); v[1] = 97; print(b, v)
b = fresh(); v = b.T.ravel(); v[1] = 96; print(b)
b = fresh(); v = b.T.reshape(2, 2, n); v[0, 0, 0] = 95; print(b, v)
b = fresh(); v = b[::2]; v[...] = -1; v += 3; print(b)
b = fresh(); v = b[:, None, :]; v[0, 0] = 5; print(b)
b = fresh(); v = b.swapaxes(0, 1)[1:]; v[0] *= 2; print(b, v)
b = fresh(); b[:, 1:] = b[:, :-1]; print(b)
b = fresh(); b[:, :-1] += b[:, 1:]; print(b)
b = fresh(); b.T[...] = np.arange(n); print(b)
b = fresh(); b[b > 3] = b[b > 3][::-1]; print(b)
b = fresh(); b[[0, 1]] = b[[1, 0]]; print(b)
b = fresh(); b[:, [0, 0, 1]] += 10; print(b)
b = fresh(); np.add.at(b, (0, [1, 1, 2]), 100); print(b)
b = fresh(); c = b.copy(); d = b.view(); d[0, 0] = -5; print(b[0, 0], c[0, 0])
b = fresh(); v = b.ravel(); w = v[2:6]; w[:] = 0; x = w.reshape(2, 2); x[1, 1] = 44; print(b)
b = fresh(); v = np.squeeze(b[None]); v[0] = 1; print(b)
b = fresh(); v = np.atleast_2d(b[0]); v[0, 3] = 77; print(b)
b = fresh(); v = np.moveaxis(b, 0, 1); v[0, 0] = 66; print(b)
b = fresh(); v = b.diagonal(); print(v); v = np.diag(b); print(v)
b = fresh(); v = np.flip(b, 0); v[0] = 0; print(b)
b = fresh(); v, w = np.split(b, 2, axis=1); v[0] = 0; w[1] = 1; print(b)
b = fresh(); v = np.broadcast_to(b, (2, n, 4)); print(v.sum())
f = fresh().astype(float); f.sort(axis=0); print(f); f[::-1].sort(axis=1); print(f)
f = fresh(); f.fill(3); f.T.flat[1] = 8; f[0].put([1], 9); print(f)
f = fresh(); f.resize((2, 3), refcheck=False) if False else None
print(f.copy(order='F').ravel(), f.flatten(order='F')[:5], np.array(f, order='F')[0])
z = np.full((), 5) ; z[...] = 3 + n; z[()] += 1; print(z, z.shape, z[None], z[..., None], z.item(), z.ravel(), z.reshape(1, 1))
z = np.array(5) + 0 * n; print(z[z > 3], z[np.array(True)], z[False].shape)
for row in fresh():
    row[0] = 1000
    print(row.sum(), end=' ')
b = fresh()
for row in b:
    row[1:] = 0
    row += 1
print(b)

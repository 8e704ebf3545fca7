"""How arrays lie in memory: results keep the order of what they are computed from."""

import sys

import numpy as np

n = int(sys.argv[1])


def tell(a):
    flags = a.flags
    print(a.shape, a.strides, flags.c_contiguous, flags.f_contiguous, flags.owndata)


def hexes(a):
    return [float(x).hex() for x in np.ravel(a)[:5]]


rng = np.random.default_rng(4)
for trial in range(6):
    axes = rng.permutation(3)
    shape = [int(x) for x in rng.integers(3, 6, 3)]
    ways = [[slice(None), slice(None, None, 2), slice(None, None, -1)][int(k)] for k in
            rng.integers(0, 3, 3)]  # fmt: skip
    x = (rng.integers(-99, 99, shape) / 7 * n).transpose(axes)
    y = (rng.integers(-99, 99, shape) / 7 * n).transpose(axes)[tuple(ways)]
    tell(y)
    for made in (x * 2, x + x[0], y > 0, -y, np.sqrt(abs(y)), y.copy(), y.copy("K"), y.astype("f4"),
                 np.zeros_like(y), np.where(y > 0, y, 1), np.concatenate([x, x], 1), y.sum(0),
                 y.max(1, keepdims=True), np.cumsum(x, 1), np.sort(y, 0), y[:, [0, 1]],
                 y[[1, 0]], y[..., [1, 0]], np.round(y, 1), y.swapaxes(0, 1) ** 2,
                 y.T.clip(0, 3), np.fft.fft(y, axis=1), np.argsort(x)):  # fmt: skip
        tell(made)
    print(x.ravel("K")[:4], y.ravel("K")[:4], y.ravel("A")[:4], x.tobytes("A")[:24])
    print([float(v) for v in np.nditer(y)][:5], x.reshape(-1, order="A")[:3])
    for axis in (0, 1, 2, (0, 1), (0, 2), (1, 2), None):
        print(axis, hexes(y.sum(axis)), hexes((x / 3).mean(axis)), hexes(y.var(axis)))
        print(hexes(y.astype("f2").sum(axis)), hexes((y / 9).astype("f4").sum(axis)))

big = ((np.arange(6000.0) % 41 - 11.3).reshape(30, 200) / 7 + 0.1) * n
for a in (big.T, big.T.copy(), np.ascontiguousarray(big.T), big[:, :50].copy(), big[:, :50],
          np.asfortranarray(big), big.T * 2, big[::2, ::-3], (big + 1j * big).imag):  # fmt: skip
    tell(a)
    print(hexes(a.sum(0)), hexes(a.sum(1)), hexes(a.sum()), hexes(a.astype("f2").sum(1)))

grown = np.asfortranarray(big)[: n + 2] * 1
tell(grown)
tell(grown[:, ::3] - 1)
print(hexes(grown.sum(1)), hexes(grown.sum(0)), grown.ravel("K")[:3], grown.T.reshape(-1)[:3])
turned = big[:4, :4]
for _ in range(n):
    turned = turned.T + 1
print(turned)
print(np.broadcast_to(big[0, :3], (2, 3)).strides, np.diagonal(big).strides, np.diag(big)[:3])
print(np.add(big, 1, order="F").strides, np.full((2, 3), n, order="F").flags.fnc)
print(np.einsum("ij,ij->ij", big.T, big.T).strides, big.T.flags)

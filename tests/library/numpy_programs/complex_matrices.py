"""Factors of complex matrices, and what is made of them."""

import numpy as np


def show(*parts):
    for a in parts:
        a = np.asarray(a)
        print(a.shape, a.dtype)
        print(np.round(a, 8) + 0.0)


rng = np.random.default_rng(5)
square = rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4))
tall = rng.normal(size=(5, 3)) + 1j * rng.normal(size=(5, 3))
stack = rng.normal(size=(2, 3, 3)) + 1j * rng.normal(size=(2, 3, 3))
hermitian = square + square.conj().T
show(*np.linalg.qr(square))
show(*np.linalg.qr(tall, mode="complete"))
show(np.linalg.cholesky(square @ square.conj().T))
show(np.linalg.cholesky(square @ square.conj().T, upper=True))
show(*np.linalg.eigh(hermitian))
show(*np.linalg.eigh(hermitian.real, UPLO="U"))
show(np.linalg.eigvalsh(stack))
for a in (square, tall.T, stack[:, :1]):
    show(*np.linalg.svd(a))
show(np.linalg.pinv(tall), np.linalg.pinv(hermitian, hermitian=True))
show(np.linalg.cond(square), np.linalg.norm(square, 2), np.linalg.svdvals(stack))
show(*np.linalg.lstsq(tall, tall[:, 0] * 2 + 1j, rcond=None))
show(np.linalg.inv(square) @ square, np.linalg.det(square))

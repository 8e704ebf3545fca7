"""Eigenvalues of matrices without symmetry: real or complex as the values say, so known now."""

from collections import namedtuple

from primitives import is_known, known


def eig(a):
    a = asarray(a)
    if not is_known(a):
        unsupported(
            "np.linalg.eig of a matrix that is known at run time only (np.linalg.eigh takes any "
            "symmetric one)"
        )
    return EigResult(*known("linalg.eig", a))


def eigvals(a):
    a = asarray(a)
    if not is_known(a):
        unsupported(
            "np.linalg.eigvals of a matrix that is known at run time only (np.linalg.eigvalsh "
            "takes any symmetric one)"
        )
    return known("linalg.eigvals", a)


EigResult = namedtuple("EigResult", "eigenvalues eigenvectors")

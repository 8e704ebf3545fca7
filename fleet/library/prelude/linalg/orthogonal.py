"""QR factors by Householder's reflections, with LAPACK's signs (dgeqr2, dorg2r)."""

from collections import namedtuple

from primitives import dtype_of, smaller


def reflector(alpha, squares):
    """Householder's reflection (LAPACK's dlarfg) of alpha and what is behind it, whose squares sum
    up to `squares`, not to 0: beta, which comes in alpha's place, tau, and what scales the rest."""
    beta = sqrt(alpha * alpha + squares)
    if alpha >= 0:
        beta = -beta
    return beta, (beta - alpha) / beta, 1 / (alpha - beta)


def reflect_columns(a, taus):
    """R and the reflections that made it, in place: LAPACK's form. a: (count, m, n)."""
    count, m, n = a.shape
    for b in range(count):
        for k in range(taus.shape[1]):
            below = a[b, k, k] * 0
            for i in range(k + 1, m):
                below = below + a[b, i, k] * a[b, i, k]
            if below == 0:
                taus[b, k] = below
            else:
                beta, taus[b, k], scale = reflector(a[b, k, k], below)
                for i in range(k + 1, m):
                    a[b, i, k] = a[b, i, k] * scale
                a[b, k, k] = beta
                for j in range(k + 1, n):
                    total = a[b, k, j]
                    for i in range(k + 1, m):
                        total = total + a[b, i, k] * a[b, i, j]
                    total = total * taus[b, k]
                    a[b, k, j] = a[b, k, j] - total
                    for i in range(k + 1, m):
                        a[b, i, j] = a[b, i, j] - a[b, i, k] * total


def form_q(a, taus, q):
    """The product of the reflections, in place of unit columns. q: (count, m, columns)."""
    count, m, columns = q.shape
    times = taus.shape[1]
    for b in range(count):
        for back in range(times):
            k = times - 1 - back
            tau = taus[b, k]
            if tau != 0:
                for j in range(k + 1, columns):
                    total = q[b, k, j]
                    for i in range(k + 1, m):
                        total = total + a[b, i, k] * q[b, i, j]
                    total = total * tau
                    q[b, k, j] = q[b, k, j] - total
                    for i in range(k + 1, m):
                        q[b, i, j] = q[b, i, j] - a[b, i, k] * total
            q[b, k, k] = 1 - tau
            for i in range(k + 1, m):
                q[b, i, k] = -tau * a[b, i, k]
    return q


def qr(a, mode="reduced"):
    if mode not in ("reduced", "complete", "r", "raw"):
        raise ValueError(f"Unrecognized mode '{mode}'")
    a = matrices(a)
    made, outer = stacked(a)
    count, m, n = made.shape
    least = smaller(m, n)
    taus = zeros((count, least), dtype_of(a))
    reflect_columns(made, taus)
    if mode == "raw":
        return swapped(made).reshape((*outer, n, m)), taus.reshape((*outer, least))
    if mode == "r":
        return triu(made[:, :least]).reshape((*outer, least, n))
    wide = m if mode == "complete" else least
    q = copy_array(broadcast_to(eye(m, wide, dtype=dtype_of(a)), (count, m, wide)))
    q = form_q(made, taus, q).reshape((*outer, m, wide))
    r = triu(made[:, :wide]).reshape((*outer, wide, n))
    return QRResult(q, r)


QRResult = namedtuple("QRResult", "Q R")

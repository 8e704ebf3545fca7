"""QR factors by Householder's reflections, with LAPACK's signs (dgeqr2, dorg2r; zgeqr2, zung2r)."""

from collections import namedtuple

from primitives import dtype_of, of_parts, part, shared, smaller


def reflector(alpha, squares):
    """Householder's reflection (LAPACK's dlarfg, zlarfg) of alpha and what is behind it, whose
    squares sum up to `squares`, where that is one (`is_turned`): beta, which is real and comes in
    alpha's place, tau, and what scales the rest."""
    front = real_of(alpha)
    beta = sqrt(square_of(alpha) + squares)
    if front >= 0:
        beta = -beta
    tau = (beta - front) / beta
    if dtype_of(alpha).kind == "c":
        tau = of_parts(tau, -part("imag", alpha) / beta)
    return beta, tau, 1 / (alpha - beta)


def is_turned(alpha, squares):
    """Whether there is something to reflect."""
    if dtype_of(alpha).kind == "c":
        return squares != 0 or part("imag", alpha) != 0
    return squares != 0


def reflect_columns(a, taus):
    """R and the reflections that made it, in place: LAPACK's form. a: (count, m, n)."""
    count, m, n = a.shape
    for b in range(count):
        for k in range(taus.shape[1]):
            below = real_of(a[b, k, k]) * 0
            for i in range(k + 1, m):
                below = below + square_of(a[b, i, k])
            if is_turned(a[b, k, k], below):
                beta, tau, scale = reflector(a[b, k, k], below)
                taus[b, k] = tau
                tau = method_conj(tau)
                for i in range(k + 1, m):
                    a[b, i, k] = a[b, i, k] * scale
                a[b, k, k] = beta
                for j in range(k + 1, n):
                    total = a[b, k, j]
                    for i in range(k + 1, m):
                        total = total + method_conj(a[b, i, k]) * a[b, i, j]
                    total = total * tau
                    a[b, k, j] = a[b, k, j] - total
                    for i in range(k + 1, m):
                        a[b, i, j] = a[b, i, j] - a[b, i, k] * total


def reflected(a):
    a = copy_array(a)
    taus = zeros((a.shape[0], smaller(a.shape[1], a.shape[2])), dtype_of(a))
    reflect_columns(a, taus)
    return a, taus


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
                        total = total + method_conj(a[b, i, k]) * q[b, i, j]
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
    made, taus = shared(reflected, made)
    if mode == "raw":
        return swapped(made).reshape((*outer, n, m)), taus.reshape((*outer, least))
    if mode == "r":
        return triu(made[:, :least]).reshape((*outer, least, n))
    wide = m if mode == "complete" else least
    q = shared(q_of, made, taus, mode == "complete").reshape((*outer, m, wide))
    r = triu(made[:, :wide]).reshape((*outer, wide, n))
    return QRResult(copy_array(q), copy_array(r))


def q_of(a, taus, complete):
    count, m, n = a.shape
    wide = m if complete else smaller(m, n)
    q = copy_array(broadcast_to(eye(m, wide, dtype=dtype_of(a)), (count, m, wide)))
    return form_q(a, taus, q)


QRResult = namedtuple("QRResult", "Q R")

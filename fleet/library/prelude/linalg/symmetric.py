"""Eigenvalues of Hermitian matrices, as LAPACK finds them, so that vectors have its signs.

Householder's reflections make a matrix tridiagonal (dsytd2, zhetd2, lower triangle), implicit QL or
QR steps make that diagonal (dsteqr), and a selection sort orders what is found.
"""

from collections import namedtuple

from primitives import dtype_of, shared, shared_by_all


def tridiagonal(a, d, e, taus):
    """d and e: the diagonals; a keeps the reflections. a: (count, n, n)."""
    count, n = a.shape[0], a.shape[-1]
    w = zeros((n,), dtype_of(a))
    for b in range(count):
        for k in range(n - 1):
            alpha = a[b, k + 1, k]
            below = real_of(alpha) * 0
            for i in range(k + 2, n):
                below = below + square_of(a[b, i, k])
            beta, tau = real_of(alpha), alpha * 0
            if is_turned(alpha, below):
                beta, tau, scale = reflector(alpha, below)
                for i in range(k + 2, n):
                    a[b, i, k] = a[b, i, k] * scale
            e[b, k] = beta
            taus[b, k] = tau
            a[b, k + 1, k] = tau * 0 + 1
            if tau != 0:
                half = tau * 0
                for i in range(k + 1, n):
                    a[b, i, i] = real_of(a[b, i, i])
                for i in range(k + 1, n):
                    total = half * 0
                    for j in range(k + 1, n):
                        if j <= i:
                            total = total + a[b, i, j] * a[b, j, k]
                        else:
                            total = total + method_conj(a[b, j, i]) * a[b, j, k]
                    w[i] = total * tau
                for i in range(k + 1, n):
                    half = half + method_conj(w[i]) * a[b, i, k]
                half = half * tau * -0.5
                for i in range(k + 1, n):
                    w[i] = w[i] + half * a[b, i, k]
                for i in range(k + 1, n):
                    for j in range(k + 1, i + 1):
                        left = a[b, i, k] * method_conj(w[j])
                        a[b, i, j] = a[b, i, j] - left - w[i] * method_conj(a[b, j, k])
            d[b, k] = real_of(a[b, k, k])
        if n > 0:
            d[b, n - 1] = real_of(a[b, n - 1, n - 1])


def form_symmetric_q(a, taus, z):
    """The product of the reflections, in place of the identity. z: (count, n, n)."""
    count, n = a.shape[0], a.shape[-1]
    for b in range(count):
        for back in range(n - 1):
            k = n - 2 - back
            tau = taus[b, k]
            for j in range(k + 1, n):
                total = tau * 0
                for i in range(k + 1, n):
                    total = total + method_conj(a[b, i, k]) * z[b, i, j]
                total = total * tau
                for i in range(k + 1, n):
                    z[b, i, j] = z[b, i, j] - a[b, i, k] * total


def rotation(f, g):
    """(c, s, r) with [c s; -s c] [f; g] = [r; 0] (dlartg)."""
    c, s, r = f * 0 + 1, f * 0, f
    if g != 0:
        if f == 0:
            c, s, r = f * 0, sign_of(g), abs(g)
        else:
            size = sqrt(f * f + g * g)
            c = abs(f) / size
            r = size if f >= 0 else -size
            s = g / r
    return c, s, r


def sign_of(x):
    return x * 0 + 1 if x >= 0 else x * 0 - 1


def diagonalise(d, e, z, epsilon):
    """Implicit QL or QR, each block in the direction that grades it; whether some did not end."""
    count, n = d.shape[0], d.shape[1]
    rows = z.shape[1]
    failed = zeros((count,), bool)
    for b in range(count):
        start, steps = 0, 0
        while start < n:
            # the next block that no small element of e splits
            m = start
            while m < n - 1 and not is_small(d, e, b, m, epsilon):
                m = m + 1
            if m < n - 1:
                e[b, m] = e[b, m] * 0
            low, high = start, m
            start = m + 1
            is_ql = not abs(d[b, high]) < abs(d[b, low])
            while low <= high and steps <= 30 * n:
                near, far = (low, high) if is_ql else (high, low)
                way = 1 if is_ql else -1
                m = near
                while m != far and not is_small(d, e, b, m if is_ql else m - 1, epsilon):
                    m = m + way
                if m != far:
                    gap = m if is_ql else m - 1
                    e[b, gap] = e[b, gap] * 0
                done = 1
                if m == near + way:
                    ql_pair(d, e, z, b, low if is_ql else high - 1, rows)
                    done = 2
                elif m != near:
                    steps = steps + 1
                    shifted_turns(d, e, z, b, low if is_ql else m, m if is_ql else high, is_ql)
                    done = 0
                if is_ql:
                    low = low + done
                else:
                    high = high - done
        if steps > 30 * n:
            failed[b] = True
        order_columns(d, z, b, rows)
    return failed


def is_small(d, e, b, m, epsilon):
    size = abs(e[b, m])
    return size * size <= epsilon * epsilon * abs(d[b, m]) * abs(d[b, m + 1])


def ql_pair(d, e, z, b, k, rows):
    """The eigenvalues and vectors of a block of two (dlaev2)."""
    x, y, w = d[b, k], e[b, k], d[b, k + 1]
    total, gap, twice = x + w, x - w, y + y
    big, small = (x, w) if abs(x) > abs(w) else (w, x)
    root = sqrt(gap * gap + twice * twice)
    if total < 0:
        first = 0.5 * (total - root)
        side = -1
        second = big / first * small - y / first * y
    elif total > 0:
        first = 0.5 * (total + root)
        side = 1
        second = big / first * small - y / first * y
    else:
        first, second, side = 0.5 * root, -0.5 * root, 1
    if gap >= 0:
        turn, way = gap + root, 1
    else:
        turn, way = gap - root, -1
    if abs(turn) > abs(twice):
        share = -twice / turn
        s = 1 / sqrt(1 + share * share)
        c = share * s
    elif twice == 0:
        c, s = x * 0 + 1, x * 0
    else:
        share = -turn / twice
        c = 1 / sqrt(1 + share * share)
        s = share * c
    if side == way:
        c, s = -s, c
    d[b, k] = first
    d[b, k + 1] = second
    e[b, k] = y * 0
    for i in range(rows):
        value = z[b, i, k + 1]
        z[b, i, k + 1] = c * value - s * z[b, i, k]
        z[b, i, k] = s * value + c * z[b, i, k]


def shifted_turns(d, e, z, b, low, high, is_ql):
    """One implicit step with Wilkinson's shift: QL from the high end down, QR from the low up."""
    near, far, beside = (low, high, low) if is_ql else (high, low, high - 1)
    g = (d[b, near + 1 if is_ql else near - 1] - d[b, near]) / (2 * e[b, beside])
    r = sqrt(g * g + 1)
    r = r if g >= 0 else -r
    g = d[b, far] - d[b, near] + e[b, beside] / (g + r)
    s, c, p = g * 0 + 1, g * 0 + 1, g * 0
    for step in range(high - low):
        i = high - 1 - step if is_ql else low + step
        here, there = (i + 1, i) if is_ql else (i, i + 1)
        f, size = s * e[b, i], c * e[b, i]
        c, s, r = rotation(g, f)
        if step > 0:
            e[b, i + 1 if is_ql else i - 1] = r
        g = d[b, here] - p
        r = (d[b, there] - g) * s + 2 * c * size
        p = s * r
        d[b, here] = g + p
        g = c * r - size
        turn = -s if is_ql else s
        for k in range(z.shape[1]):
            value = z[b, k, i + 1]
            z[b, k, i + 1] = c * value - turn * z[b, k, i]
            z[b, k, i] = turn * value + c * z[b, k, i]
    d[b, near] = d[b, near] - p
    e[b, beside] = g


def order_columns(d, z, b, rows):
    """Smallest first: a selection sort moves each column at most once."""
    n = d.shape[1]
    for i in range(n - 1):
        at, least = i, d[b, i]
        for j in range(i + 1, n):
            if d[b, j] < least:
                at, least = j, d[b, j]
        if at != i:
            d[b, at] = d[b, i]
            d[b, i] = least
            for k in range(rows):
                value = z[b, k, i]
                z[b, k, i] = z[b, k, at]
                z[b, k, at] = value


def symmetric_pairs(a, UPLO, vectors):
    a = matrices(a, True)
    if UPLO.upper() not in ("L", "U"):
        raise ValueError("UPLO argument must be 'L' or 'U'")
    made, outer = stacked(a)
    n = a.shape[-1]
    d, z, failed = shared(symmetric_parts, made, vectors, UPLO.upper() == "U")
    if any(failed):
        raise linalg.LinAlgError("Eigenvalues did not converge")
    return d.reshape((*outer, n)), z.reshape((*outer, -1, n)) if vectors else z


def symmetric_parts(a, vectors, upper):
    """Values, vectors, and whether some did not end. a: (count, n, n). The upper triangle is the
    lower one of the matrix that begins at its other end."""
    a = copy_array(a[:, ::-1, ::-1] if upper else a)
    count, n = a.shape[0], a.shape[-1]
    d, e = [zeros((count, n), real_dtype_of(a)) for _ in "de"]
    taus = zeros((count, n), dtype_of(a))
    tridiagonal(a, d, e, taus)
    z = zeros((count, 0, n), dtype_of(a))
    if vectors:
        z = copy_array(broadcast_to(eye(n, dtype=dtype_of(a)), (count, n, n)))
        form_symmetric_q(a, taus, z)
    shape = d.shape, z.shape
    if upper:
        d, z = d[:, ::-1], z[:, ::-1, ::-1]
        e = concatenate((e[:, : n - 1][:, ::-1], e[:, n - 1 :]), 1)
    d, z, failed = shared_by_all(diagonal_and_vectors, d, e, z, float(finfo(dtype_of(a)).eps) / 2)
    return d.reshape(shape[0]), z.reshape(shape[1]), failed


def diagonal_and_vectors(d, e, z, epsilon):
    d, e, z = copy_array(d), copy_array(e), copy_array(z)
    failed = diagonalise(d, e, z, epsilon)
    return d, z, failed


def eigh(a, UPLO="L"):
    return EighResult(*symmetric_pairs(a, UPLO, True))


def eigvalsh(a, UPLO="L"):
    return symmetric_pairs(a, UPLO, False)[0]


EighResult = namedtuple("EighResult", "eigenvalues eigenvectors")

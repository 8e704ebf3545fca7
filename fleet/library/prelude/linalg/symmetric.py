"""Eigenvalues of symmetric matrices, as LAPACK finds them, so that vectors have its signs.

Householder's reflections make a matrix tridiagonal (dsytd2, lower triangle), implicit QL or QR
steps make that diagonal (dsteqr), and a selection sort orders what is found.
"""

from collections import namedtuple

from primitives import dtype_of


def tridiagonal(a, d, e, taus):
    """d and e: the diagonals; a keeps the reflections. a: (count, n, n)."""
    count, n = a.shape[0], a.shape[-1]
    w = zeros((n,), dtype_of(a))
    for b in range(count):
        for k in range(n - 1):
            alpha = a[b, k + 1, k]
            below = alpha * 0
            for i in range(k + 2, n):
                below = below + a[b, i, k] * a[b, i, k]
            beta, tau = alpha, below
            if below != 0:
                beta = sqrt(alpha * alpha + below)
                if alpha >= 0:
                    beta = -beta
                tau = (beta - alpha) / beta
                scale = 1 / (alpha - beta)
                for i in range(k + 2, n):
                    a[b, i, k] = a[b, i, k] * scale
            e[b, k] = beta
            taus[b, k] = tau
            a[b, k + 1, k] = tau * 0 + 1
            if tau != 0:
                half = tau * 0
                for i in range(k + 1, n):
                    total = half * 0
                    for j in range(k + 1, n):
                        if j <= i:
                            total = total + a[b, i, j] * a[b, j, k]
                        else:
                            total = total + a[b, j, i] * a[b, j, k]
                    w[i] = total * tau
                for i in range(k + 1, n):
                    half = half + w[i] * a[b, i, k]
                half = half * tau * -0.5
                for i in range(k + 1, n):
                    w[i] = w[i] + half * a[b, i, k]
                for i in range(k + 1, n):
                    for j in range(k + 1, i + 1):
                        a[b, i, j] = a[b, i, j] - a[b, i, k] * w[j] - w[i] * a[b, j, k]
            d[b, k] = a[b, k, k]
        if n > 0:
            d[b, n - 1] = a[b, n - 1, n - 1]


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
                    total = total + a[b, i, k] * z[b, i, j]
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


def rotate_columns(z, b, j, c, s):
    """Columns j and j + 1 turned."""
    for i in range(z.shape[1]):
        value = z[b, i, j + 1]
        z[b, i, j + 1] = c * value - s * z[b, i, j]
        z[b, i, j] = s * value + c * z[b, i, j]


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
                if is_ql:
                    m = low
                    while m < high and not is_small(d, e, b, m, epsilon):
                        m = m + 1
                    if m < high:
                        e[b, m] = e[b, m] * 0
                    if m == low:
                        low = low + 1
                    else:
                        steps = steps + 1
                        if m == low + 1:
                            ql_pair(d, e, z, b, low, rows)
                            low = low + 2
                        else:
                            ql_step(d, e, z, b, low, m, rows)
                else:
                    m = high
                    while m > low and not is_small(d, e, b, m - 1, epsilon):
                        m = m - 1
                    if m > low:
                        e[b, m - 1] = e[b, m - 1] * 0
                    if m == high:
                        high = high - 1
                    else:
                        steps = steps + 1
                        if m == high - 1:
                            ql_pair(d, e, z, b, high - 1, rows)
                            high = high - 2
                        else:
                            qr_step(d, e, z, b, m, high, rows)
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


def shifted(d, e, b, at, beside, other):
    """Wilkinson's shift from the block of two at an end; where the bulge begins."""
    p = d[b, at]
    g = (d[b, beside] - p) / (2 * e[b, smaller_of(at, beside)])
    r = sqrt(g * g + 1)
    r = r if g >= 0 else -r
    return d[b, other] - p + e[b, smaller_of(at, beside)] / (g + r)


def smaller_of(i, j):
    return i if i < j else j


def ql_step(d, e, z, b, low, high, rows):
    g = shifted(d, e, b, low, low + 1, high)
    s, c, p = g * 0 + 1, g * 0 + 1, g * 0
    for back in range(high - low):
        i = high - 1 - back
        f, size = s * e[b, i], c * e[b, i]
        c, s, r = rotation(g, f)
        if i != high - 1:
            e[b, i + 1] = r
        g = d[b, i + 1] - p
        r = (d[b, i] - g) * s + 2 * c * size
        p = s * r
        d[b, i + 1] = g + p
        g = c * r - size
        for k in range(rows):
            value = z[b, k, i + 1]
            z[b, k, i + 1] = c * value + s * z[b, k, i]
            z[b, k, i] = c * z[b, k, i] - s * value
    d[b, low] = d[b, low] - p
    e[b, low] = g


def qr_step(d, e, z, b, low, high, rows):
    g = shifted(d, e, b, high, high - 1, low)
    s, c, p = g * 0 + 1, g * 0 + 1, g * 0
    for i in range(low, high):
        f, size = s * e[b, i], c * e[b, i]
        c, s, r = rotation(g, f)
        if i != low:
            e[b, i - 1] = r
        g = d[b, i] - p
        r = (d[b, i + 1] - g) * s + 2 * c * size
        p = s * r
        d[b, i] = g + p
        g = c * r - size
        for k in range(rows):
            value = z[b, k, i + 1]
            z[b, k, i + 1] = c * value - s * z[b, k, i]
            z[b, k, i] = s * value + c * z[b, k, i]
    d[b, high] = d[b, high] - p
    e[b, high - 1] = g


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
    made, outer = stacked(swapped(a) if UPLO.upper() == "U" else a)
    count, n = made.shape[0], a.shape[-1]
    d, e = zeros((count, n), dtype_of(a)), zeros((count, n), dtype_of(a))
    taus = zeros((count, n), dtype_of(a))
    tridiagonal(made, d, e, taus)
    z = zeros((count, 0, n), dtype_of(a))
    if vectors:
        z = copy_array(broadcast_to(eye(n, dtype=dtype_of(a)), (count, n, n)))
        form_symmetric_q(made, taus, z)
    epsilon = finfo(dtype_of(a)).eps / 2
    if any(diagonalise(d, e, z, epsilon)):
        raise linalg.LinAlgError("Eigenvalues did not converge")
    return d.reshape((*outer, n)), z.reshape((*outer, -1, n)) if vectors else z


def eigh(a, UPLO="L"):
    return EighResult(*symmetric_pairs(a, UPLO, True))


def eigvalsh(a, UPLO="L"):
    return symmetric_pairs(a, UPLO, False)[0]


EighResult = namedtuple("EighResult", "eigenvalues eigenvectors")

"""Eigenvalues of complex matrices without symmetry, as LAPACK finds them for small ones.

In: complex matrices (count, n, n). Out: the eigenvalues, in LAPACK's order, and their vectors. As
for real ones (`schur`), but the form is triangular, steps have one shift (Wilkinson's), and the
elements below the diagonal are kept real (zlahqr, ztrevc, zgeev).
"""

from primitives import dtype_of, larger, of_parts, part, smaller


def sum_of_parts(x):
    """|re| + |im|, which is cheaper than the size (cabs1)."""
    return abs(part("real", x)) + abs(part("imag", x))


def with_imaginary_zero(x):
    """A real element as a complex one."""
    return of_parts(x, x * 0)


def turn_line(h, z, b, i, top, factor):
    """Column i down to `top`, and all of z's, times a factor of size 1."""
    for j in range(top):
        h[b, j, i] = h[b, j, i] * factor
    for j in range(z.shape[1]):
        z[b, j, i] = z[b, j, i] * factor


def turn_row(h, b, i, start, factor):
    for j in range(start, h.shape[1]):
        h[b, i, j] = h[b, i, j] * factor


def make_real(h, z, b, low, high):
    """The elements below the diagonal made real."""
    for i in range(low + 1, high + 1):
        value = h[b, i, i - 1]
        if part("imag", value) != 0:
            factor = value / sum_of_parts(value)
            factor = method_conj(factor) / abs(factor)
            h[b, i, i - 1] = abs(value)
            turn_row(h, b, i, i, factor)
            turn_line(h, z, b, i, smaller(high, i + 1) + 1, method_conj(factor))


def may_be_nothing(h, b, k, low, high, epsilon, tiny):
    """Whether the element before the diagonal's k-th may be 0 (Ahues and Tisseur)."""
    size, here, before = sum_of_parts(h[b, k, k - 1]), h[b, k, k], h[b, k - 1, k - 1]
    found = size <= tiny
    if not found:
        total = sum_of_parts(before) + sum_of_parts(here)
        if total == 0:
            if k - 2 >= low:
                total = total + abs(part("real", h[b, k - 1, k - 2]))
            if k + 1 <= high:
                total = total + abs(part("real", h[b, k + 1, k]))
        if abs(part("real", h[b, k, k - 1])) <= epsilon * total:
            other, gap = sum_of_parts(h[b, k - 1, k]), sum_of_parts(before - here)
            most, least = greater_of(size, other), smaller_number(size, other)
            whole = sum_of_parts(here)
            wide, narrow = greater_of(whole, gap), smaller_number(whole, gap)
            s = wide + most
            found = least * (most / s) <= greater_of(tiny, epsilon * (narrow * (wide / s)))
    return found


def single_shift(h, b, i, start, tries):
    """The eigenvalue that a step aims at: Wilkinson's, and at times another one."""
    t = h[b, i, i]
    if tries % 20 == 0:
        t = t + 0.75 * abs(part("real", h[b, i, i - 1]))
    elif tries % 10 == 0:
        t = h[b, start, start] + 0.75 * abs(part("real", h[b, start + 1, start]))
    else:
        u = sqrt(h[b, i - 1, i]) * sqrt(h[b, i, i - 1])
        s = sum_of_parts(u)
        if s != 0:
            x = 0.5 * (h[b, i - 1, i - 1] - t)
            wide = sum_of_parts(x)
            s = greater_of(s, wide)
            p, q = x / s, u / s
            y = s * sqrt(p * p + q * q)
            if wide > 0:
                p = x / wide
                if part("real", p) * part("real", y) + part("imag", p) * part("imag", y) < 0:
                    y = -y
            t = t - u * (u / (x + y))
    return t


def single_step(h, z, b, start, i, tries, epsilon):
    """One QR step on rows start to i."""
    n = h.shape[1]
    t = single_shift(h, b, i, start, tries)
    m, done = i - 1, 0
    u, v = h[b, m, m] - t, part("real", h[b, m + 1, m])
    while done == 0:
        u, v = h[b, m, m] - t, part("real", h[b, m + 1, m])
        s = sum_of_parts(u) + abs(v)
        u, v = u / s, v / s
        if m == start:
            done = 1
        else:
            around = sum_of_parts(h[b, m, m]) + sum_of_parts(h[b, m + 1, m + 1])
            before = abs(part("real", h[b, m, m - 1]))
            if before * abs(v) <= epsilon * (sum_of_parts(u) * around):
                done = 1
            else:
                m = m - 1
    first, second = u, with_imaginary_zero(v)
    for k in range(m, i):
        if k > m:
            first, second = h[b, k, k - 1], h[b, k + 1, k - 1]
        tau, below = first * 0, square_of(second)
        if is_turned(first, below):
            beta, tau, scale = reflector(first, below)
            first, second = with_imaginary_zero(beta), second * scale
        if k > m:
            h[b, k, k - 1] = first
            h[b, k + 1, k - 1] = first * 0
        side = part("real", tau * second)
        for j in range(k, n):
            total = method_conj(tau) * h[b, k, j] + side * h[b, k + 1, j]
            h[b, k, j] = h[b, k, j] - total
            h[b, k + 1, j] = h[b, k + 1, j] - total * second
        for j in range(smaller(k + 2, i) + 1):
            total = tau * h[b, j, k] + side * h[b, j, k + 1]
            h[b, j, k] = h[b, j, k] - total
            h[b, j, k + 1] = h[b, j, k + 1] - total * method_conj(second)
        for j in range(n):
            total = tau * z[b, j, k] + side * z[b, j, k + 1]
            z[b, j, k] = z[b, j, k] - total
            z[b, j, k + 1] = z[b, j, k + 1] - total * method_conj(second)
        if k == m and m > start:
            keep_real(h, z, b, m, i, 1 - tau)
    value = h[b, i, i - 1]
    if part("imag", value) != 0:
        size = abs(value)
        h[b, i, i - 1] = size
        factor = value / size
        turn_row(h, b, i, i + 1, method_conj(factor))
        turn_line(h, z, b, i, i, factor)


def keep_real(h, z, b, m, i, factor):
    """After a step that began within the block: the element before it is real again."""
    factor = factor / abs(factor)
    h[b, m + 1, m] = h[b, m + 1, m] * method_conj(factor)
    if m + 2 <= i:
        h[b, m + 2, m + 1] = h[b, m + 2, m + 1] * factor
    for j in range(m, i + 1):
        if j != m + 1:
            turn_row(h, b, j, j + 1, factor)
            turn_line(h, z, b, j, j, method_conj(factor))


def complex_schur(h, z, b, low, high, epsilon, tiny):
    """QR steps until the matrix is triangular; whether they did not end."""
    n = h.shape[1]
    make_real(h, z, b, low, high)
    least = tiny * ((high - low + 1) / epsilon)
    limit = 30 * larger(10, high - low + 1)
    i, tries, total = high, 0, 0
    while i >= low and total <= limit * n:
        start = i
        while start > low and not may_be_nothing(h, b, start, low, high, epsilon, least):
            start = start - 1
        if start > low:
            h[b, start, start - 1] = h[b, start, start - 1] * 0
        if start == i:
            i, tries = i - 1, 0
        else:
            tries, total = tries + 1, total + 1
            single_step(h, z, b, start, i, tries, epsilon)
    return i >= low


def complex_vector(t, x, b, k, epsilon, tiny):
    """The eigenvector of a triangular matrix that belongs to its k-th value (ztrevc)."""
    value = t[b, k, k]
    least = greater_of(epsilon * sum_of_parts(value), tiny)
    x[b, k, k] = value * 0 + 1
    for back in range(k):
        j = k - 1 - back
        total = -t[b, j, k]
        for m in range(j + 1, k):
            total = total - t[b, j, m] * x[b, m, k]
        gap = t[b, j, j] - value
        if sum_of_parts(gap) < least:
            gap = gap * 0 + least
        x[b, j, k] = total / gap


def normalise_complex(x, b):
    """Each of length 1, its largest element real (zgeev)."""
    n = x.shape[1]
    for k in range(n):
        total = part("real", x[b, 0, k]) * 0
        at, most = 0, total - 1
        for i in range(n):
            size = square_of(x[b, i, k])
            total = total + size
            if size > most:
                at, most = i, size
        factor = method_conj(x[b, at, k]) / sqrt(most) / sqrt(total)
        for i in range(n):
            x[b, i, k] = x[b, i, k] * factor
        x[b, at, k] = part("real", x[b, at, k])


def complex_pairs(a, vectors, epsilon, tiny):
    """The eigenvalues of each matrix, its eigenvectors, and whether they were not found."""
    a = copy_array(a)
    count, n = a.shape[0], a.shape[2]
    dtype = dtype_of(a)
    values, taus, row = [zeros((count, n), dtype) for _ in "vtr"]
    scale = zeros((count, n), real_dtype_of(a))
    z = copy_array(broadcast_to(eye(n, dtype=dtype), (count, n, n)))
    x = zeros((count, n, n), dtype)
    failed = zeros((count,), bool)
    for b in range(count):
        low, high = balance(a, scale, b)
        hessenberg(a, z, taus, b, low, high)
        failed[b] = complex_schur(a, z, b, low, high, epsilon, tiny)
        for k in range(n):
            values[b, k] = a[b, k, k]
        if vectors:
            for k in range(n):
                complex_vector(a, x, b, k, epsilon, tiny)
            turn_part(z, x, row, b)
            balance_back(x, scale, b, low, high)
            normalise_complex(x, b)
    return values, x, failed

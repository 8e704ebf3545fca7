"""Eigenvalues of matrices without symmetry: real or complex, as the values say."""

from collections import namedtuple

from primitives import dtype_of, is_known, known, of_parts, shared_by_all, ufunc


def eig(a):
    a = asarray(a)
    if is_known(a):
        return EigResult(*known("linalg.eig", a))
    if dtype_of(a).kind == "c":
        return EigResult(*complex_eigen(a, True))
    re, im, x, y = general_pairs(a, True)
    if all(ufunc("equal", im, 0)):
        values, vectors = re, x
    else:
        values, vectors = of_parts(re, im), of_parts(x, y)
    return EigResult(values, vectors)


def eigvals(a):
    a = asarray(a)
    if is_known(a):
        return known("linalg.eigvals", a)
    if dtype_of(a).kind == "c":
        return complex_eigen(a, False)[0]
    re, im, _, _ = general_pairs(a, False)
    return re if all(ufunc("equal", im, 0)) else of_parts(re, im)


def general_pairs(a, vectors):
    """The real and imaginary parts of the values, then those of the vectors."""
    a = finite_matrices(a)
    made, _ = stacked(a)
    limits = finfo(dtype_of(a))
    re, im, x, y, failed = shared_by_all(
        general_parts, made, vectors, float(limits.eps), float(limits.tiny)
    )
    if any(failed):
        raise linalg.LinAlgError("Eigenvalues did not converge")
    shape = a.shape[:-1]
    return re.reshape(shape), im.reshape(shape), x.reshape(a.shape), y.reshape(a.shape)


def finite_matrices(a):
    """As square matrices. Raises LinAlgError."""
    a = matrices(a, True)
    if not all(isfinite(a)):
        raise linalg.LinAlgError("Array must not contain infs or NaNs")
    return a


def complex_eigen(a, vectors):
    """The values and the vectors of complex matrices."""
    a = finite_matrices(a)
    made, _ = stacked(a)
    limits = finfo(dtype_of(a))
    values, x, failed = shared_by_all(
        complex_pairs, made, vectors, float(limits.eps), float(limits.tiny)
    )
    if any(failed):
        raise linalg.LinAlgError("Eigenvalues did not converge")
    return values.reshape(a.shape[:-1]), x.reshape(a.shape)


def general_parts(a, vectors, epsilon, tiny):
    a = copy_array(a)
    count, n = a.shape[0], a.shape[2]
    dtype = dtype_of(a)
    re, im, scale, taus = [zeros((count, n), dtype) for _ in "rist"]
    z = copy_array(broadcast_to(eye(n, dtype=dtype), (count, n, n)))
    x, y = zeros((count, n, n), dtype), zeros((count, n, n), dtype)
    failed = zeros((count,), bool)
    for b in range(count):
        low, high = balance(a, scale, b)
        hessenberg(a, z, taus, b, low, high)
        failed[b] = schur_in_place(a, z, re, im, b, low, high, epsilon, tiny)
        if vectors:
            for k in range(n):
                if im[b, k] >= 0:
                    form_vector(a, re, im, x, y, b, k, epsilon, tiny)
            turn_vectors(z, x, y, taus, b)
            balance_back(x, scale, b, low, high)
            balance_back(y, scale, b, low, high)
            normalise(x, y, im, b)
    return re, im, x, y, failed


def form_vector(t, re, im, x, y, b, k, epsilon, tiny):
    """The eigenvector of a quasi-triangular matrix that belongs to its k-th value (dtrevc), in the
    k-th columns of x and y. With an imaginary part the block of two begins at k."""
    p, q = re[b, k], im[b, k]
    last = k
    x[b, k, k] = p * 0 + 1
    if q != 0:
        last = k + 1
        if abs(t[b, k, last]) >= abs(t[b, last, k]):
            y[b, last, k] = q / t[b, k, last]
        else:
            x[b, k, k] = -q / t[b, last, k]
            y[b, last, k] = p * 0 + 1
    least = greater_of(epsilon * (abs(p) + abs(q)), tiny)
    j = k - 1
    while j >= 0:
        u, v = p * 0, p * 0
        for m in range(j + 1, last + 1):
            u = u - t[b, j, m] * x[b, m, k]
            v = v - t[b, j, m] * y[b, m, k]
        is_pair = j > 0 and im[b, j] < 0
        if is_pair:
            f, g = p * 0, p * 0
            for m in range(j + 1, last + 1):
                f = f - t[b, j - 1, m] * x[b, m, k]
                g = g - t[b, j - 1, m] * y[b, m, k]
            # [t00 - l, t01; t10, t11 - l] solved by Cramer's rule
            t00, t11 = t[b, j - 1, j - 1] - p, t[b, j, j] - p
            t01, t10 = t[b, j - 1, j], t[b, j, j - 1]
            dr, di = t00 * t11 - q * q - t01 * t10, -q * (t00 + t11)
            ar, ai = f * t11 + g * q - t01 * u, g * t11 - f * q - t01 * v
            br, bi = t00 * u + q * v - t10 * f, t00 * v - q * u - t10 * g
            x[b, j - 1, k], y[b, j - 1, k] = divided(ar, ai, dr, di, least * least)
            x[b, j, k], y[b, j, k] = divided(br, bi, dr, di, least * least)
            j = j - 2
        else:
            x[b, j, k], y[b, j, k] = divided(u, v, t[b, j, j] - p, -q, least)
            j = j - 1


def divided(a, b, c, d, least):
    """(a + bi) / (c + di), the divisor at least so large."""
    if abs(c) + abs(d) < least:
        c, d = c * 0 + least, d * 0
    if abs(c) >= abs(d):
        ratio = d / c
        size = c + d * ratio
        return (a + b * ratio) / size, (b - a * ratio) / size
    ratio = c / d
    size = c * ratio + d
    return (a * ratio + b) / size, (b * ratio - a) / size


def turn_vectors(z, x, y, row, b):
    """z @ x and z @ y in their places."""
    for part in (x, y):
        turn_part(z, part, row, b)


def turn_part(z, part, row, b):
    n = z.shape[1]
    for k in range(n):
        for i in range(n):
            total = z[b, i, k] * 0
            for j in range(n):
                total = total + z[b, i, j] * part[b, j, k]
            row[b, i] = total
        for i in range(n):
            part[b, i, k] = row[b, i]


def normalise(x, y, im, b):
    """Each of length 1; of a complex one the largest element is real. The second of a pair is the
    first's conjugate (dgeev)."""
    n = x.shape[1]
    for k in range(n):
        if im[b, k] >= 0:
            total = x[b, 0, k] * 0
            at, most = 0, total - 1
            for i in range(n):
                size = x[b, i, k] * x[b, i, k] + y[b, i, k] * y[b, i, k]
                total = total + size
                if size > most:
                    at, most = i, size
            total = sqrt(total)
            c, s, _ = rotation(x[b, at, k], y[b, at, k])
            c, s = c / total, s / total
            for i in range(n):
                u, v = x[b, i, k], y[b, i, k]
                if im[b, k] > 0:
                    x[b, i, k], y[b, i, k] = c * u + s * v, c * v - s * u
                    x[b, i, k + 1], y[b, i, k + 1] = x[b, i, k], -y[b, i, k]
                else:
                    x[b, i, k] = u / total
            if im[b, k] > 0:
                y[b, at, k], y[b, at, k + 1] = total * 0, total * 0


EigResult = namedtuple("EigResult", "eigenvalues eigenvectors")

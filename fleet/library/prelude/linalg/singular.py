"""Singular values, as LAPACK finds them, so that vectors have its signs.

Householder's reflections from both sides make a matrix bidiagonal (dgebd2; of a tall one, its R),
implicit QR steps with a zero shift where that is more accurate make that diagonal (dbdsqr; Demmel
and Kahan, 1990), and a selection sort orders what is found.
"""

from collections import namedtuple

from primitives import dtype_of, is_known, shared, shared_by_all


def bidiagonal(a, d, e, tau_left, tau_right):
    """d and e: the diagonals; a keeps the reflections. a: (count, m, n) with m >= n."""
    count, m, n = a.shape
    for b in range(count):
        for k in range(n):
            alpha = a[b, k, k]
            below = real_of(alpha) * 0
            tau = alpha * 0
            for i in range(k + 1, m):
                below = below + square_of(a[b, i, k])
            front = real_of(alpha)
            if is_turned(alpha, below):
                front, tau, scale = reflector(alpha, below)
                for i in range(k + 1, m):
                    a[b, i, k] = a[b, i, k] * scale
                for j in range(k + 1, n):
                    total = a[b, k, j]
                    for i in range(k + 1, m):
                        total = total + method_conj(a[b, i, k]) * a[b, i, j]
                    total = total * method_conj(tau)
                    a[b, k, j] = a[b, k, j] - total
                    for i in range(k + 1, m):
                        a[b, i, j] = a[b, i, j] - a[b, i, k] * total
            d[b, k] = front
            tau_left[b, k] = tau
            if k < n - 1:
                alpha = method_conj(a[b, k, k + 1])
                beside = front * 0
                tau = alpha * 0
                for j in range(k + 2, n):
                    beside = beside + square_of(a[b, k, j])
                front = real_of(alpha)
                if is_turned(alpha, beside):
                    front, tau, scale = reflector(alpha, beside)
                    for j in range(k + 2, n):
                        a[b, k, j] = method_conj(a[b, k, j]) * scale
                    for i in range(k + 1, m):
                        total = a[b, i, k + 1]
                        for j in range(k + 2, n):
                            total = total + a[b, k, j] * a[b, i, j]
                        total = total * tau
                        a[b, i, k + 1] = a[b, i, k + 1] - total
                        for j in range(k + 2, n):
                            a[b, i, j] = a[b, i, j] - method_conj(a[b, k, j]) * total
                e[b, k] = front
                tau_right[b, k] = tau


def form_right(a, taus, vt):
    """The adjoint of the product of the reflections of rows, in place of the identity."""
    count, n = a.shape[0], a.shape[2]
    for b in range(count):
        for back in range(n - 1):
            k = n - 2 - back
            tau = method_conj(taus[b, k])
            for i in range(k + 1, n):
                total = vt[b, i, k + 1]
                for j in range(k + 2, n):
                    total = total + a[b, k, j] * vt[b, i, j]
                total = total * tau
                vt[b, i, k + 1] = vt[b, i, k + 1] - total
                for j in range(k + 2, n):
                    vt[b, i, j] = vt[b, i, j] - method_conj(a[b, k, j]) * total


def greater_of(x, y):
    return x if x > y else y


def with_sign(x, y):
    """The size of one number with the sign of the other."""
    return abs(x) if y >= 0 else -abs(x)


def turn_rows(vt, b, i, c, s):
    """Rows i and i + 1 turned."""
    for j in range(vt.shape[2]):
        value = vt[b, i + 1, j]
        vt[b, i + 1, j] = c * value - s * vt[b, i, j]
        vt[b, i, j] = s * value + c * vt[b, i, j]


def turn_columns(u, b, j, c, s):
    """Columns j and j + 1 turned."""
    for i in range(u.shape[1]):
        value = u[b, i, j + 1]
        u[b, i, j + 1] = c * value - s * u[b, i, j]
        u[b, i, j] = s * value + c * u[b, i, j]


def least_singular(f, g, h):
    """The smaller singular value of [f g; 0 h] (dlas2)."""
    f, g, h = abs(f), abs(g), abs(h)
    low, high = (f, h) if f < h else (h, f)
    found = low
    if low != 0:
        above, apart = 1 + low / high, (high - low) / high
        if g < high:
            share = (g / high) * (g / high)
            c = 2 / (sqrt(above * above + share) + sqrt(apart * apart + share))
            found = low * c
        else:
            share = high / g
            if share == 0:
                found = low * high / g
            else:
                x, y = above * share, apart * share
                found = low * (1 / (sqrt(1 + x * x) + sqrt(1 + y * y))) * share * 2
    return found


def singular_pair(f, g, h, epsilon):
    """(smaller, larger, right sine and cosine, left sine and cosine) of [f g; 0 h] (dlasv2)."""
    is_swapped = abs(h) > abs(f)
    ft, ht = (h, f) if is_swapped else (f, h)
    fa, ha, ga = abs(ft), abs(ht), abs(g)
    low, high = ha, fa
    one = f * 0 + 1
    clt, crt, slt, srt = one, one, f * 0, f * 0
    if ga != 0:
        if ga > fa and fa / ga < epsilon:
            high = ga
            low = fa / (ga / ha) if ha > 1 else fa / ga * ha
            slt, srt, crt = ht / g, one, ft / g
        else:
            gap = fa - ha
            share = one if gap == fa else gap / fa
            m, t = g / ft, 2 - share
            s = sqrt(t * t + m * m)
            r = abs(m) if share == 0 else sqrt(share * share + m * m)
            a = 0.5 * (s + r)
            low, high = ha / a, fa * a
            if m * m == 0:
                if share == 0:
                    t = with_sign(one * 2, ft) * with_sign(one, g)
                else:
                    t = g / with_sign(gap, ft) + m / t
            else:
                t = (m / (s + t) + m / (r + share)) * (1 + a)
            size = sqrt(t * t + 4)
            crt, srt = 2 / size, t / size
            clt = (crt + srt * m) / a
            slt = ht / ft * srt / a
    csl, snl, csr, snr = (srt, crt, slt, clt) if is_swapped else (clt, slt, crt, srt)
    if ga > fa:
        side = with_sign(one, snr) * with_sign(one, csl) * with_sign(one, g)
    elif is_swapped:
        side = with_sign(one, snr) * with_sign(one, snl) * with_sign(one, h)
    else:
        side = with_sign(one, csr) * with_sign(one, csl) * with_sign(one, f)
    high = with_sign(high, side)
    low = with_sign(low, side * with_sign(one, f) * with_sign(one, h))
    return low, high, snr, csr, snl, csl


def diagonalise_both(d, e, u, vt, epsilon, tiny):
    """Singular values in d, largest first; whether some did not end. d: (count, n)."""
    count, n = d.shape
    tolerance = epsilon * greater_of(10.0, smaller_number(100.0, epsilon ** -0.125))
    failed = zeros((count,), bool)
    for b in range(count):
        least = abs(d[b, 0])
        mu = least
        for i in range(1, n):
            if mu != 0:
                mu = abs(d[b, i]) * (mu / (mu + abs(e[b, i - 1])))
                if mu < least:
                    least = mu
        threshold = greater_of(tolerance * least / sqrt(n * (least * 0 + 1)), 6 * n * n * tiny)
        m, steps, old_low, old_high, forwards = n - 1, 0, -1, -1, True
        while m > 0 and steps <= 6 * n * n + 100:
            low, is_split, greatest = m, False, abs(d[b, m])
            while low > 0 and not is_split:
                if abs(e[b, low - 1]) <= threshold:
                    e[b, low - 1] = e[b, low - 1] * 0
                    is_split = True
                else:
                    greatest = greater_of(greatest, abs(d[b, low - 1]))
                    greatest = greater_of(greatest, abs(e[b, low - 1]))
                    low = low - 1
            if low == m:
                m = m - 1
            elif low == m - 1:
                small, big, snr, csr, snl, csl = singular_pair(
                    d[b, low], e[b, low], d[b, m], epsilon
                )
                d[b, low] = big
                e[b, low] = big * 0
                d[b, m] = small
                turn_rows(vt, b, low, csr, snr)
                turn_columns(u, b, low, csl, snl)
                m = m - 2
            else:
                if low > old_high or m < old_low:
                    forwards = abs(d[b, low]) >= abs(d[b, m])
                least, is_split = least_of_block(d, e, b, low, m, forwards, tolerance)
                if not is_split:
                    old_low, old_high = low, m
                    steps = steps + 1
                    shift = shift_of(d, e, b, low, m, forwards, epsilon)
                    if n * tolerance * (least / greatest) <= greater_of(epsilon, 0.01 * tolerance):
                        shift = shift * 0
                    if shift == 0:
                        unshifted_step(d, e, u, vt, b, low, m, forwards)
                    else:
                        shifted_step(d, e, u, vt, b, low, m, forwards, shift)
                    end = m - 1 if forwards else low
                    if abs(e[b, end]) <= threshold:
                        e[b, end] = e[b, end] * 0
        if m > 0:
            failed[b] = True
        for i in range(n):
            if d[b, i] < 0:
                d[b, i] = -d[b, i]
                for j in range(vt.shape[2]):
                    vt[b, i, j] = -vt[b, i, j]
        order_both(d, u, vt, b)
    return failed


def smaller_number(x, y):
    return x if x < y else y


def least_of_block(d, e, b, low, m, forwards, tolerance):
    """A lower bound of the block's singular values, and whether an element of e could go."""
    first, end = (low, m - 1) if forwards else (m, low)
    is_split = False
    if abs(e[b, end]) <= tolerance * abs(d[b, m if forwards else low]):
        e[b, end] = e[b, end] * 0
        is_split = True
    mu = abs(d[b, first])
    least = mu
    for step in range(m - low):
        at = low + step if forwards else m - 1 - step
        beyond = at + 1 if forwards else at
        if not is_split:
            if abs(e[b, at]) <= tolerance * mu:
                e[b, at] = e[b, at] * 0
                is_split = True
            else:
                mu = abs(d[b, beyond]) * (mu / (mu + abs(e[b, at])))
                if mu < least:
                    least = mu
    return least, is_split


def shift_of(d, e, b, low, m, forwards, epsilon):
    if forwards:
        start = abs(d[b, low])
        shift = least_singular(d[b, m - 1], e[b, m - 1], d[b, m])
    else:
        start = abs(d[b, m])
        shift = least_singular(d[b, low], e[b, low], d[b, low + 1])
    if start > 0 and (shift / start) * (shift / start) < epsilon:
        shift = shift * 0
    return shift


def places(low, m, forwards, step):
    """Of a step along a block: this row, the next, the elements of e between and before them."""
    i = low + step if forwards else m - step
    j = i + 1 if forwards else i - 1
    return i, j, i if forwards else j, i - 1 if forwards else i


def turn_both(u, vt, b, at, forwards, c, s, c2, s2):
    """Rows by the first rotation and columns by the second, or from the other end."""
    if forwards:
        turn_rows(vt, b, at, c, s)
        turn_columns(u, b, at, c2, s2)
    else:
        turn_rows(vt, b, at, c2, -s2)
        turn_columns(u, b, at, c, -s)


def unshifted_step(d, e, u, vt, b, low, m, forwards):
    one = d[b, low] * 0 + 1
    c, s, old_c, old_s = one, one * 0, one, one * 0
    for step in range(m - low):
        i, j, at, before = places(low, m, forwards, step)
        c, s, r = rotation(d[b, i] * c, e[b, at])
        if step > 0:
            e[b, before] = old_s * r
        old_c, old_s, value = rotation(old_c * r, d[b, j] * s)
        d[b, i] = value
        turn_both(u, vt, b, at, forwards, c, s, old_c, old_s)
    last, end = (m, m - 1) if forwards else (low, low)
    h = d[b, last] * c
    d[b, last] = h * old_c
    e[b, end] = h * old_s


def shifted_step(d, e, u, vt, b, low, m, forwards, shift):
    start = d[b, low if forwards else m]
    f = (abs(start) - shift) * (with_sign(start * 0 + 1, start) + shift / start)
    g = e[b, low if forwards else m - 1]
    for step in range(m - low):
        i, j, at, before = places(low, m, forwards, step)
        c, s, r = rotation(f, g)
        if step > 0:
            e[b, before] = r
        f = c * d[b, i] + s * e[b, at]
        e[b, at] = c * e[b, at] - s * d[b, i]
        g = s * d[b, j]
        d[b, j] = c * d[b, j]
        c2, s2, r = rotation(f, g)
        d[b, i] = r
        f = c2 * e[b, at] + s2 * d[b, j]
        d[b, j] = c2 * d[b, j] - s2 * e[b, at]
        if step < m - low - 1:
            after = at + 1 if forwards else at - 1
            g = s2 * e[b, after]
            e[b, after] = c2 * e[b, after]
        turn_both(u, vt, b, at, forwards, c, s, c2, s2)
    e[b, m - 1 if forwards else low] = f


def order_both(d, u, vt, b):
    """Largest first."""
    n = d.shape[1]
    for done in range(n - 1):
        end = n - 1 - done
        at, least = 0, d[b, 0]
        for j in range(1, end + 1):
            if d[b, j] <= least:
                at, least = j, d[b, j]
        if at != end:
            d[b, at] = d[b, end]
            d[b, end] = least
            for j in range(vt.shape[2]):
                value = vt[b, at, j]
                vt[b, at, j] = vt[b, end, j]
                vt[b, end, j] = value
            for i in range(u.shape[1]):
                value = u[b, i, at]
                u[b, i, at] = u[b, i, end]
                u[b, i, end] = value


def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    a = matrices(a)
    if hermitian:
        return hermitian_svd(a, compute_uv)
    u, s, vt = singular_parts(a, full_matrices, compute_uv)
    return SVDResult(u, s, vt) if compute_uv else s


def svdvals(x, /):
    return svd(x, compute_uv=False)


def hermitian_svd(a, compute_uv):
    values, vectors = eigh(a)
    order = argsort(absolute(values), -1)[..., ::-1]
    s = take_along_axis(absolute(values), order, -1)
    if not compute_uv:
        return s
    sides = take_along_axis(sign(values), order, -1)
    vectors = take_along_axis(vectors, order[..., None, :], -1)
    return SVDResult(vectors, s, adjoint(vectors * sides[..., None, :]))


def singular_parts(a, full_matrices, vectors):
    """(left vectors, values, right vectors transposed), the vectors empty if not wanted."""
    work, outer = stacked(a)
    count, m, n = work.shape
    is_wide = m < n
    long, short = (n, m) if is_wide else (m, n)
    columns = bool(full_matrices)
    much = short * 17 // 9 if dtype_of(a).kind == "c" else short * 11 // 6
    if is_known(m, n) and long >= much and long > short:
        u, s, vt, failed = shared(of_long, work, is_wide, columns, vectors)
    else:
        u, s, vt, failed = shared(of_matrix, work, is_wide, columns, vectors)
    if any(failed):
        raise linalg.LinAlgError("SVD did not converge")
    return tuple([copy_array(one.reshape((*outer, *one.shape[1:]))) for one in (u, s, vt)])


def unit(count, rows, columns, dtype):
    return copy_array(broadcast_to(eye(rows, columns, dtype=dtype), (count, rows, columns)))


def of_long(work, is_wide, full_matrices, vectors):
    """Of a matrix with far more rows than columns, or the other way: of its triangle."""
    work = copy_array(adjoint(work) if is_wide else work)
    count, m, n = work.shape
    taus = zeros((count, n), dtype_of(work))
    reflect_columns(work, taus)
    triangle = triu(work[:, :n])
    u, s, vt, failed = of_matrix(adjoint(triangle) if is_wide else triangle, False, False, vectors)
    if vectors:
        q = unit(count, m, m if full_matrices else n, dtype_of(work))
        q = form_q(work, taus, q)
        near, rest = q[:, :, :n], q[:, :, n:]
        if is_wide:
            vt = concatenate((matmul(vt, adjoint(near)), adjoint(rest)), 1)
        else:
            u = concatenate((matmul(near, u), rest), 2)
    return u, s, vt, failed


def of_matrix(work, is_wide, full_matrices, vectors):
    """Vectors, values, and whether some did not end."""
    work = copy_array(adjoint(work) if is_wide else work)
    count, m, n = work.shape
    columns = m if full_matrices else n
    dtype = dtype_of(work)
    d, e = [zeros((count, n), real_dtype_of(work)) for _ in "de"]
    tau_left, tau_right = [zeros((count, n), dtype) for _ in "lr"]
    bidiagonal(work, d, e, tau_left, tau_right)
    u, vt = zeros((count, 0, n), dtype), zeros((count, n, 0), dtype)
    if vectors:
        u = form_q(work, tau_left, unit(count, m, columns, dtype))
        vt = unit(count, n, n, dtype)
        form_right(work, tau_right, vt)
    if is_wide:
        u, vt = adjoint(vt), adjoint(u)
    u, vt = copy_array(u), copy_array(vt)
    if is_wide:
        make_upper(d, e, u)
    failed = zeros((count,), bool)
    if is_known(n) and n == 1:  # dbdsdc
        u, d = where((d < 0)[:, None], -u, u), absolute(d)
    elif not (is_known(n) and n == 0):
        info = finfo(dtype)
        limits = float(info.eps) / 2, float(info.tiny)
        shape = d.shape, u.shape, vt.shape
        d, u, vt, failed = shared_by_all(diagonal_of, d, e, u, vt, *limits)
        d, u, vt = d.reshape(shape[0]), u.reshape(shape[1]), vt.reshape(shape[2])
    return u, d, vt, failed


def diagonal_of(d, e, u, vt, epsilon, tiny):
    d, e, u, vt = copy_array(d), copy_array(e), copy_array(u), copy_array(vt)
    failed = diagonalise_both(d, e, u, vt, epsilon, tiny)
    return d, u, vt, failed


def make_upper(d, e, u):
    """The elements below a diagonal moved above it, by turns from the left."""
    count, n = d.shape
    for b in range(count):
        for i in range(n - 1):
            c, s, r = rotation(d[b, i], e[b, i])
            d[b, i] = r
            e[b, i] = s * d[b, i + 1]
            d[b, i + 1] = c * d[b, i + 1]
            turn_columns(u, b, i, c, s)


SVDResult = namedtuple("SVDResult", "U S Vh")

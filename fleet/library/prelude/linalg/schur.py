"""The real Schur form of matrices without symmetry, as LAPACK finds it for small ones.

In: matrices (count, n, n) of floats. Out: the quasi-triangular form, what turned them into it, and
the eigenvalues, in LAPACK's order. Rows and columns are permuted and scaled (dgebal), reflections
leave one diagonal below the main one (dgehd2, dorghr; of complex ones zgehd2, zunghr), and double
implicit QR steps with small bulges split it (dlahqr, dlanv2; Golub and Van Loan, 7.5).
"""

from primitives import larger, smaller


def swap_in(a, b, i, j, high, low):
    """Columns i and j down to `high`, then rows i and j from `low` on, exchanged."""
    n = a.shape[1]
    for k in range(high + 1):
        value = a[b, k, i]
        a[b, k, i] = a[b, k, j]
        a[b, k, j] = value
    for k in range(low, n):
        value = a[b, i, k]
        a[b, i, k] = a[b, j, k]
        a[b, j, k] = value


def is_alone(a, b, i, low, high, row):
    """Whether a row, or column, has nothing but its diagonal element."""
    found = 0
    for k in range(low, high + 1):
        value = a[b, i, k] if row else a[b, k, i]
        if k != i and value != 0:
            found = 1
    return found == 0


def balance(a, scale, b):
    """Rows and columns of eigenvalues that stand alone moved to the ends, the others scaled: the
    first and the last place between. scale: where they came from, and by what."""
    n = a.shape[1]
    low, high = 0, n - 1
    moved = 1
    while moved == 1 and high >= 0:
        moved = 0
        top = high
        for back in range(top + 1):
            i = top - back
            if moved < 2 and is_alone(a, b, i, 0, high, True):
                scale[b, high] = i
                if i != high:
                    swap_in(a, b, i, high, high, low)
                moved = 1
                high = high - 1
                if high < 0:
                    moved = 2
    moved = 1
    while moved == 1 and high >= 0:
        moved = 0
        for j in range(low, high + 1):
            if is_alone(a, b, j, low, high, False):
                scale[b, low] = j
                if j != low:
                    swap_in(a, b, j, low, high, low)
                moved = 1
                low = low + 1
    for i in range(low, high + 1):
        scale[b, i] = 1
    moved = 1
    while moved == 1:
        moved = 0
        for i in range(low, high + 1):
            c, r = scale[b, i] * 0, scale[b, i] * 0
            for k in range(low, high + 1):
                c = c + square_of(a[b, k, i])
                r = r + square_of(a[b, i, k])
            c, r = sqrt(c), sqrt(r)
            if c != 0 and r != 0:
                f, s = c * 0 + 1, c + r
                g = r / 2
                while c < g and f < 1e30:
                    f, c, r, g = f * 2, c * 2, r / 2, g / 2
                g = c / 2
                while g >= r and f > 1e-30:
                    f, c, g, r = f / 2, c / 2, g / 2, r * 2
                if c + r < s * 0.95:
                    scale[b, i] = scale[b, i] * f
                    moved = 1
                    for k in range(low, n):
                        a[b, i, k] = a[b, i, k] / f
                    for k in range(high + 1):
                        a[b, k, i] = a[b, k, i] * f
    return low, high


def balance_back(v, scale, b, low, high):
    """Eigenvectors of a balanced matrix as those of the matrix itself."""
    n = v.shape[1]
    for i in range(low, high + 1):
        for j in range(n):
            v[b, i, j] = v[b, i, j] * scale[b, i]
    for step in range(n):
        i = low - 1 - step if step < low else step
        if step < low or step > high:
            k = int(scale[b, i])
            for j in range(n):
                value = v[b, i, j]
                v[b, i, j] = v[b, k, j]
                v[b, k, j] = value


def hessenberg(a, z, taus, b, low, high):
    """One diagonal below the main one, by reflections; z, the identity, becomes their product."""
    n = a.shape[1]
    for k in range(low, high):
        below = real_of(a[b, k, k]) * 0
        for i in range(k + 2, high + 1):
            below = below + square_of(a[b, i, k])
        tau = a[b, k, k] * 0
        if is_turned(a[b, k + 1, k], below):
            beta, tau, scale = reflector(a[b, k + 1, k], below)
            for i in range(k + 2, high + 1):
                a[b, i, k] = a[b, i, k] * scale
            a[b, k + 1, k] = beta
            for i in range(high + 1):
                total = a[b, i, k + 1]
                for j in range(k + 2, high + 1):
                    total = total + a[b, i, j] * a[b, j, k]
                total = total * tau
                a[b, i, k + 1] = a[b, i, k + 1] - total
                for j in range(k + 2, high + 1):
                    a[b, i, j] = a[b, i, j] - total * method_conj(a[b, j, k])
            for j in range(k + 1, n):
                total = a[b, k + 1, j]
                for i in range(k + 2, high + 1):
                    total = total + method_conj(a[b, i, k]) * a[b, i, j]
                total = total * method_conj(tau)
                a[b, k + 1, j] = a[b, k + 1, j] - total
                for i in range(k + 2, high + 1):
                    a[b, i, j] = a[b, i, j] - a[b, i, k] * total
        taus[b, k] = tau
    for back in range(high - low):
        k = high - 1 - back
        tau = taus[b, k]
        for j in range(k + 1, high + 1):
            total = z[b, k + 1, j]
            for i in range(k + 2, high + 1):
                total = total + method_conj(a[b, i, k]) * z[b, i, j]
            total = total * tau
            z[b, k + 1, j] = z[b, k + 1, j] - total
            for i in range(k + 2, high + 1):
                z[b, i, j] = z[b, i, j] - a[b, i, k] * total
    for k in range(low, high - 1):
        for i in range(k + 2, high + 1):
            a[b, i, k] = a[b, i, k] * 0


def is_split(h, b, k, low, high, epsilon, tiny):
    """Whether the element before the diagonal's k-th may be 0 (Ahues and Tisseur)."""
    size, here, before = abs(h[b, k, k - 1]), h[b, k, k], h[b, k - 1, k - 1]
    found = size <= tiny
    if not found:
        total = abs(before) + abs(here)
        if total == 0:
            if k - 2 >= low:
                total = total + abs(h[b, k - 1, k - 2])
            if k + 1 <= high:
                total = total + abs(h[b, k + 1, k])
        if size <= epsilon * total:
            other, gap = abs(h[b, k - 1, k]), abs(before - here)
            most, least = greater_of(size, other), smaller_number(size, other)
            wide, narrow = greater_of(abs(here), gap), smaller_number(abs(here), gap)
            s = wide + most
            found = least * (most / s) <= greater_of(tiny, epsilon * (narrow * (wide / s)))
    return found


def shifts_of(h, b, i, start, tries):
    """The eigenvalues that a step aims at: (real, imaginary) parts of both."""
    h11, h21, h12, h22 = h[b, i - 1, i - 1], h[b, i, i - 1], h[b, i - 1, i], h[b, i, i]
    if tries % 20 == 0:
        s = abs(h[b, i, i - 1]) + abs(h[b, i - 1, i - 2])
        h11 = 0.75 * s + h[b, i, i]
        h12, h21, h22 = -0.4375 * s, s, h11
    elif tries % 10 == 0:
        s = abs(h[b, start + 1, start]) + abs(h[b, start + 2, start + 1])
        h11 = 0.75 * s + h[b, start, start]
        h12, h21, h22 = -0.4375 * s, s, h11
    s = abs(h11) + abs(h12) + abs(h21) + abs(h22)
    first, second, side = s * 0, s * 0, s * 0
    if s != 0:
        h11, h12, h21, h22 = h11 / s, h12 / s, h21 / s, h22 / s
        middle = (h11 + h22) / 2
        det = (h11 - middle) * (h22 - middle) - h12 * h21
        root = sqrt(abs(det))
        if det >= 0:
            first, second, side = middle * s, middle * s, root * s
        else:
            up, down = middle + root, middle - root
            first = (up if abs(up - h22) <= abs(down - h22) else down) * s
            second = first
    return first, second, side


def bulge_of(h, b, m, first, second, side):
    """The first column of the product of both shifted matrices, from the m-th row on."""
    s = abs(h[b, m, m] - second) + abs(side) + abs(h[b, m + 1, m])
    below = h[b, m + 1, m] / s
    u = below * h[b, m, m + 1] + (h[b, m, m] - first) * ((h[b, m, m] - second) / s)
    u = u + side * (side / s)
    v = below * (h[b, m, m] + h[b, m + 1, m + 1] - first - second)
    w = below * h[b, m + 2, m + 1]
    s = abs(u) + abs(v) + abs(w)
    return u / s, v / s, w / s


def double_step(h, z, b, start, i, tries, epsilon):
    """One double QR step on rows start to i."""
    n = h.shape[1]
    first, second, side = shifts_of(h, b, i, start, tries)
    m = i - 2
    u, v, w = bulge_of(h, b, m, first, second, side)
    done = 0
    while m > start and done == 0:
        around = abs(h[b, m - 1, m - 1]) + abs(h[b, m, m]) + abs(h[b, m + 1, m + 1])
        if abs(h[b, m, m - 1]) * (abs(v) + abs(w)) <= epsilon * abs(u) * around:
            done = 1
        else:
            m = m - 1
            u, v, w = bulge_of(h, b, m, first, second, side)
    for k in range(m, i):
        three = k < i - 1
        if k > m:
            u, v = h[b, k, k - 1], h[b, k + 1, k - 1]
            w = h[b, k + 2, k - 1] if three else u * 0
        if not three:
            w = u * 0
        below = v * v + w * w
        tau = below
        if below != 0:
            beta, tau, scale = reflector(u, below)
            u, v, w = beta, v * scale, w * scale
        if k > m:
            h[b, k, k - 1] = u
            h[b, k + 1, k - 1] = u * 0
            if three:
                h[b, k + 2, k - 1] = u * 0
        elif m > start:
            h[b, k, k - 1] = h[b, k, k - 1] * (1 - tau)
        last = k + 2 if three else k + 1  # with w 0 the third is added to nothing
        for j in range(k, n):
            total = (h[b, k, j] + v * h[b, k + 1, j] + w * h[b, last, j]) * tau
            h[b, k, j] = h[b, k, j] - total
            h[b, k + 1, j] = h[b, k + 1, j] - total * v
            h[b, last, j] = h[b, last, j] - total * w
        for j in range(smaller(k + 3, i) + 1):
            total = (h[b, j, k] + v * h[b, j, k + 1] + w * h[b, j, last]) * tau
            h[b, j, k] = h[b, j, k] - total
            h[b, j, k + 1] = h[b, j, k + 1] - total * v
            h[b, j, last] = h[b, j, last] - total * w
        for j in range(n):
            total = (z[b, j, k] + v * z[b, j, k + 1] + w * z[b, j, last]) * tau
            z[b, j, k] = z[b, j, k] - total
            z[b, j, k + 1] = z[b, j, k + 1] - total * v
            z[b, j, last] = z[b, j, last] - total * w


def standard_pair(a, b, c, d, epsilon):
    """[a b; c d] turned into its real Schur form (dlanv2): the form, cosine and sine."""
    cs, sn = a * 0 + 1, a * 0
    if c != 0:
        if b == 0:
            cs, sn = sn, cs
            a, d = d, a
            b, c = -c, b
        elif a - d != 0 or (b > 0) == (c > 0):
            gap = a - d
            p = 0.5 * gap
            most = greater_of(abs(b), abs(c))
            least = smaller_number(abs(b), abs(c)) * sign_of(b) * sign_of(c)
            scale = greater_of(abs(p), most)
            z = p / scale * p + most / scale * least
            if z >= 4 * epsilon:
                z = p + with_sign(sqrt(scale) * sqrt(z), p)
                a = d + z
                d = d - most / z * least
                size = sqrt(c * c + z * z)
                cs, sn = z / size, c / size
                b = b - c
                c = c * 0
            else:
                sigma = b + c
                size = sqrt(sigma * sigma + gap * gap)
                cs = sqrt(0.5 * (1 + abs(sigma) / size))
                sn = -(p / (size * cs)) * sign_of(sigma)
                aa, bb, cc, dd = a * cs + b * sn, b * cs - a * sn, c * cs + d * sn, d * cs - c * sn
                a, b, c, d = (aa * cs + cc * sn, bb * cs + dd * sn, cc * cs - aa * sn,
                              dd * cs - bb * sn)  # fmt: skip
                middle = 0.5 * (a + d)
                a, d = middle, middle
                if c != 0:
                    if b == 0:
                        b, c = -c, b
                        cs, sn = -sn, cs
                    elif (b > 0) == (c > 0):
                        above, below = sqrt(abs(b)), sqrt(abs(c))
                        p = with_sign(above * below, c)
                        size = 1 / sqrt(abs(b + c))
                        a, d = middle + p, middle - p
                        b = b - c
                        c = c * 0
                        one, other = above * size, below * size
                        cs, sn = cs * one - sn * other, cs * other + sn * one
    return a, b, c, d, cs, sn


def split_pair(h, z, re, im, b, i, epsilon):
    """Rows i - 1 and i are a block of their own: two eigenvalues."""
    n = h.shape[1]
    p, q, r, s, cs, sn = standard_pair(
        h[b, i - 1, i - 1], h[b, i - 1, i], h[b, i, i - 1], h[b, i, i], epsilon
    )
    h[b, i - 1, i - 1], h[b, i - 1, i], h[b, i, i - 1], h[b, i, i] = p, q, r, s
    re[b, i - 1], re[b, i] = p, s
    size = sqrt(abs(q)) * sqrt(abs(r))
    im[b, i - 1], im[b, i] = size, -size
    for j in range(i + 1, n):
        value = h[b, i - 1, j]
        h[b, i - 1, j] = cs * value + sn * h[b, i, j]
        h[b, i, j] = cs * h[b, i, j] - sn * value
    for j in range(i - 1):
        value = h[b, j, i - 1]
        h[b, j, i - 1] = cs * value + sn * h[b, j, i]
        h[b, j, i] = cs * h[b, j, i] - sn * value
    for j in range(n):
        value = z[b, j, i - 1]
        z[b, j, i - 1] = cs * value + sn * z[b, j, i]
        z[b, j, i] = cs * z[b, j, i] - sn * value


def schur_in_place(h, z, re, im, b, low, high, epsilon, tiny):
    """QR steps until only blocks of one and two are left; whether some did not end."""
    n = h.shape[1]
    for k in range(n):
        re[b, k] = h[b, k, k]
    limit = 30 * larger(10, high - low + 1)
    i, tries, total = high, 0, 0
    while i >= low and total <= limit * n:
        start = i
        while start > low and not is_split(h, b, start, low, high, epsilon, tiny):
            start = start - 1
        if start > low:
            h[b, start, start - 1] = h[b, start, start - 1] * 0
        if start == i:
            re[b, i] = h[b, i, i]
            i, tries = i - 1, 0
        elif start == i - 1:
            split_pair(h, z, re, im, b, i, epsilon)
            i, tries = i - 2, 0
        else:
            tries, total = tries + 1, total + 1
            double_step(h, z, b, start, i, tries, epsilon)
    return i >= low

"""Numbers in other bases, bits in bytes, and small questions about values."""

from primitives import cast, dtype_of, is_known, known, ufunc


def base_repr(number, base=2, padding=0):
    if not is_known(number, base, padding):
        return digits_of(int(number), int(base), int(padding))
    return known("base_repr", number, base, padding)


DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def digits_of(n, base, padding):
    if base > len(DIGITS):
        raise ValueError("Bases greater than 36 not handled in base_repr.")
    if base < 2:
        raise ValueError("Bases less than 2 not handled in base_repr.")
    rest = -n if n < 0 else n
    text = ""
    while rest > 0:
        text = DIGITS[rest % base] + text
        rest = rest // base
    text = "0" * padding + text
    text = "-" + text if n < 0 else text
    return text or "0"


def binary_repr(num, width=None):
    if not is_known(num, width):
        return two_complement(int(num), width)
    return known("binary_repr", num, width)


def two_complement(n, width):
    """np.binary_repr; of a negative number with a width, its two's complement."""
    if n >= 0 or width is None:
        text = f"{n:b}"
        if width is None:
            return text
        check_bits(len(text), width)
        return text.zfill(width)
    text = f"{-n - 1:b}" if n < -1 else ""
    text = "1" + text.replace("0", "x").replace("1", "0").replace("x", "1")
    check_bits(len(text), width)
    return "1" * (width - len(text)) + text


def check_bits(binwidth, width):
    if width < binwidth:
        raise ValueError(f"Insufficient bit width={width} provided for binwidth={binwidth}")


def isfortran(a):
    return a.flags.fnc


def iterable(y):
    if isinstance(y, ndarray):
        return y.ndim > 0
    try:
        iter(y)
    except TypeError:
        return False
    return True


def packbits(a, /, axis=None, bitorder="big"):
    check_bitorder(bitorder)
    a = asarray(a)
    if dtype_of(a).kind not in "biu":
        raise TypeError("Expected an input array of integer or boolean data type")
    lanes = ravel(a)[None] if axis is None else moveaxis(a, axis, -1)
    bits = cast(ufunc("not_equal", lanes, 0), "uint8")
    n = lanes.shape[-1]
    count = (n + 7) // 8
    rest = zeros((*lanes.shape[:-1], count * 8 - n), "uint8")
    bits = concatenate((bits, rest), -1).reshape((*lanes.shape[:-1], count, 8))
    weights = array([128, 64, 32, 16, 8, 4, 2, 1], "uint8")
    weighted = bits * (weights if bitorder == "big" else weights[::-1])
    made = cast(sum(weighted, -1), "uint8")
    return made[0] if axis is None else moveaxis(made, -1, axis)


def unpackbits(a, /, axis=None, count=None, bitorder="big"):
    check_bitorder(bitorder)
    a = asarray(a)
    if dtype_of(a) != "uint8":
        raise TypeError("Expected an input array of unsigned byte data type")
    lanes = ravel(a)[None] if axis is None else moveaxis(a, axis, -1)
    shifts = array([7, 6, 5, 4, 3, 2, 1, 0], "uint8")
    shifts = shifts if bitorder == "big" else shifts[::-1]
    bits = ufunc("bitwise_and", ufunc("right_shift", lanes[..., None], shifts), 1)
    made = cast(bits, "uint8").reshape((*lanes.shape[:-1], lanes.shape[-1] * 8))
    if count is not None:
        n = lanes.shape[-1] * 8
        made = made[..., :count]
        if count > n:
            made = concatenate((made, zeros((*made.shape[:-1], count - n), "uint8")), -1)
    return made[0] if axis is None else moveaxis(made, -1, axis)


def check_bitorder(bitorder):
    if bitorder not in ("big", "little"):
        raise ValueError("'order' must be either 'little' or 'big'")


class broadcast:
    """np.broadcast: the shape that arrays have together, and their elements side by side."""

    def __init__(self, *args):
        self.arrays = broadcast_arrays(*args)

    @property
    def shape(self):
        return self.arrays[0].shape

    @property
    def ndim(self):
        return self.arrays[0].ndim

    @property
    def nd(self):
        return self.arrays[0].ndim

    @property
    def size(self):
        return self.arrays[0].size

    @property
    def numiter(self):
        return len(self.arrays)

    def __iter__(self):
        return iter(zip(*[ravel(a) for a in self.arrays]))


call_it(broadcast, "broadcast")

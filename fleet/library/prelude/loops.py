"""Element-wise functions whose loops are made of others; operands have the dtypes of a loop."""

from primitives import asarray as asarray_
from primitives import bitcast, cast, dtype_of, loop_of, part, put_into, ufunc
from primitives import where as where_


def cast_to_loop(name, x):
    """An operand in the dtype that NumPy's function of this name computes in."""
    x = asarray_(x)
    dtype = loop_of(name, x)
    return x if dtype_of(x) == dtype else cast(x, dtype)


def square(x):
    x = cast_to_loop("square", x)
    if dtype_of(x).kind == "c":
        return ufunc("square", x)
    return ufunc("multiply", x, x)


def reciprocal(x):
    x = cast_to_loop("reciprocal", x)
    if dtype_of(x).kind == "c":
        return complex_reciprocal(x)
    if dtype_of(x).kind == "f":
        return ufunc("divide", 1, x)
    return cast(ufunc("divide", 1.0, cast(x, "float64")), dtype_of(x))


def positive(x):
    return +cast_to_loop("positive", x)


def fabs(x):
    return ufunc("absolute", x)


def sign(x):
    x = cast_to_loop("sign", x)
    if dtype_of(x).kind == "c":
        return complex_sign(x)
    up = cast(ufunc("greater", x, 0), dtype_of(x))
    down = cast(ufunc("less", x, 0), dtype_of(x))
    return where_(isnan(x), x, up - down) if dtype_of(x).kind == "f" else up - down


def isnan(x):
    return ufunc("isnan", x)


def isfinite(x):
    x = asarray_(x)
    if dtype_of(x).kind == "c":
        return ufunc("bitwise_and", isfinite(part("real", x)), isfinite(part("imag", x)))
    if dtype_of(x).kind != "f":
        return ufunc("equal", x, x)
    return ufunc("less", ufunc("absolute", x), float("inf"))


def isinf(x):
    x = asarray_(x)
    if dtype_of(x).kind == "c":
        return ufunc("bitwise_or", isinf(part("real", x)), isinf(part("imag", x)))
    if dtype_of(x).kind != "f":
        return ufunc("not_equal", x, x)
    return ufunc("equal", ufunc("absolute", x), float("inf"))


def ordered(x):
    if dtype_of(x).kind == "c":
        raise TypeError(
            f"This operation is not supported for {dtype_of(x)} values because it would be "
            "ambiguous."
        )
    return x


def isposinf(x, out=None):
    made = ufunc("equal", ordered(asarray_(x)), float("inf"))
    return made if out is None else put_into(out, made)


def isneginf(x, out=None):
    made = ufunc("equal", ordered(asarray_(x)), float("-inf"))
    return made if out is None else put_into(out, made)


def fix(x, out=None):
    made = ufunc("trunc", asarray_(x))
    return made if out is None else put_into(out, made)


def truth_of(x):
    x = asarray_(x)
    return x if dtype_of(x) == "bool" else ufunc("not_equal", x, 0)


def logical_and(x1, x2):
    return ufunc("bitwise_and", truth_of(x1), truth_of(x2))


def logical_or(x1, x2):
    return ufunc("bitwise_or", truth_of(x1), truth_of(x2))


def logical_xor(x1, x2):
    return ufunc("bitwise_xor", truth_of(x1), truth_of(x2))


def degrees(x):
    number = dtype_of(x).type if dtype_of(x) != "float16" else float32
    return cast(ufunc("multiply", x, number(180.0) / number(3.141592653589793)), dtype_of(x))


def radians(x):
    number = dtype_of(x).type if dtype_of(x) != "float16" else float32
    return cast(ufunc("multiply", x, number(3.141592653589793) / number(180.0)), dtype_of(x))


def rad2deg(x):
    return degrees(x)


def deg2rad(x):
    return radians(x)


def float_power(x1, x2):
    return ufunc("power", x1, x2)


def divmod(x1, x2):
    return ufunc("floor_divide", x1, x2), ufunc("remainder", x1, x2)


def fmax(x1, x2):
    if dtype_of(x1).kind not in "fc":
        return ufunc("maximum", x1, x2)
    first = ufunc("bitwise_or", ufunc("greater_equal", x1, x2), ufunc("isnan", x2))
    return where_(first, x1, x2)


def fmin(x1, x2):
    if dtype_of(x1).kind not in "fc":
        return ufunc("minimum", x1, x2)
    first = ufunc("bitwise_or", ufunc("less_equal", x1, x2), ufunc("isnan", x2))
    return where_(first, x1, x2)


def heaviside(x1, x2):
    step = cast(ufunc("greater", x1, 0), dtype_of(x1))
    step = where_(ufunc("equal", x1, 0), x2, step)
    return where_(ufunc("isnan", x1), x1, step)


def logaddexp(x1, x2):
    high, gap = high_and_gap(x1, x2)
    return ufunc("add", high, ufunc("log1p", ufunc("exp", gap)))


def logaddexp2(x1, x2):
    high, gap = high_and_gap(x1, x2)
    rest = ufunc("log1p", ufunc("exp2", gap))
    return ufunc("add", high, ufunc("multiply", rest, 1.4426950408889634))


def high_and_gap(x1, x2):
    """The larger one, and how far the other is below it."""
    zero = dtype_of(x1).type(0)
    same = ufunc("equal", x1, x2)
    gap = ufunc("absolute", ufunc("subtract", where_(same, zero, x1), where_(same, zero, x2)))
    return ufunc("maximum", x1, x2), ufunc("negative", gap)


# -- the parts of numbers


FORMATS = {2: (10, 5), 4: (23, 8), 8: (52, 11)}
"""Bytes -> bits of the fraction and of the exponent."""


def bits_of(x):
    """A float's bits as an int."""
    if dtype_of(x) == "float16":
        return half_bits(cast(x, "float32"))
    return bitcast(x, f"int{8 * dtype_of(x).itemsize}")


def number_of(bits, dtype):
    """The float that has these bits."""
    return cast(half_of(bits), dtype) if dtype == "float16" else bitcast(bits, dtype)


def half_bits(x):
    """The bits that a float16 has, of the float32 that is equal to it."""
    wide = bitcast(x, "int32")
    size = ufunc("bitwise_and", wide, 0x7FFFFFFF)
    tiny = ufunc("less", ufunc("absolute", x), 2.0**-14)
    least = where_(tiny, ufunc("absolute", x), dtype_of(x).type(0))
    small = cast(ufunc("multiply", least, 2.0**24), "int32")
    endless = ufunc("bitwise_or", ufunc("bitwise_and", size >> 13, 0x3FF), 0x7C00)
    made = where_(ufunc("less", size, 0x7F800000), (size >> 13) - (112 << 10), endless)
    made = where_(tiny, small, made)
    return cast(made - where_(ufunc("less", wide, 0), 0x8000, 0), "int16")


def half_of(bits):
    """The float32 that is equal to the float16 with these bits."""
    wide = cast(bits, "int32")
    size = ufunc("bitwise_and", wide, 0x7FFF)
    endless = ufunc("bitwise_or", size << 13, 0x7F800000)
    normal = where_(ufunc("less", size, 0x7C00), (size << 13) + (112 << 23), endless)
    small = ufunc("multiply", cast(size, "float32"), 2.0**-24)
    made = where_(ufunc("less", size, 0x400), small, bitcast(normal, "float32"))
    negative = ufunc("less", wide, 0)
    return where_(negative, ufunc("negative", made), made)


def signbit(x):
    dtype = dtype_of(x)
    if dtype == "float16":  # conversions lose the signs of NaNs
        return ufunc("less", ufunc("copysign", dtype.type(1), x), 0)
    return ufunc("less", bits_of(x), 0)


def nextafter(x1, x2):
    dtype = dtype_of(x1)
    bits = bits_of(x1)
    away = ufunc("equal", ufunc("less", x1, x2), ufunc("greater", x1, 0))
    moved = number_of(where_(away, bits + 1, bits - 1), dtype)
    least = ufunc("copysign", number_of(bits * 0 + 1, dtype), x2)
    moved = where_(ufunc("equal", x1, 0), least, moved)
    moved = where_(ufunc("equal", x1, x2), x1 if dtype == "float16" else x2, moved)
    unordered = ufunc("bitwise_or", ufunc("isnan", x1), ufunc("isnan", x2))
    return where_(unordered, ufunc("add", x1, x2), moved)


def spacing(x):
    dtype = dtype_of(x)
    bits = bits_of(x)
    least = number_of(bits * 0 + 1, dtype)
    is_number = isfinite(x)
    here = where_(is_number, x, dtype.type(1))
    away = bits_of(here) + 1
    if dtype == "float16":  # of which NumPy gives the distance to the next larger one
        away = where_(ufunc("less", x, 0), bits_of(here) - 1, away)
    gap = ufunc("subtract", number_of(away, dtype), here)
    gap = where_(ufunc("equal", x, 0), least, gap)
    return where_(is_number, gap, dtype.type(float("nan")))


def modf(x):
    whole = ufunc("trunc", x)
    endless = isinf(x)
    rest = ufunc("subtract", where_(endless, dtype_of(x).type(0), x),
                 where_(endless, dtype_of(x).type(0), whole))
    return ufunc("copysign", rest, x), whole


def frexp(x):
    dtype = dtype_of(x)
    fraction, width = FORMATS[dtype.itemsize]
    bias = (1 << (width - 1)) - 2
    small = ufunc("less", ufunc("absolute", x), dtype.type(2.0 ** (1 - bias)))
    tiny = where_(small, x, dtype.type(0))  # so that nothing overflows
    scaled = where_(small, ufunc("multiply", tiny, dtype.type(2.0 ** (fraction + 2))), x)
    bits = bits_of(scaled)
    mask = (1 << width) - 1
    found = ufunc("bitwise_and", ufunc("right_shift", bits, fraction), mask)
    exponent = cast(found, "int32") - bias - where_(small, fraction + 2, 0)
    cleared = ufunc("bitwise_and", bits, ~(mask << fraction))
    mantissa = number_of(ufunc("bitwise_or", cleared, bias << fraction), dtype)
    plain = ufunc("bitwise_and", isfinite(x), ufunc("not_equal", x, 0))
    return where_(plain, mantissa, x), cast(where_(plain, exponent, 0), "int32")


def ldexp(x1, x2):
    dtype = dtype_of(x1)
    power = ufunc("maximum", ufunc("minimum", x2, 3000), -3000)
    made, power = cast(x1, "float64"), cast(power, "int64")
    for _ in range(2):
        high, low = ufunc("greater", power, 1023), ufunc("less", power, -1022)
        factor = where_(high, 2.0**1023, where_(low, 2.0**-969, 1.0))
        made = ufunc("multiply", made, factor)
        power = power - where_(high, 1023, where_(low, -969, 0))
    power = ufunc("maximum", ufunc("minimum", power, 1023), -1022)
    factor = bitcast(ufunc("left_shift", power + 1023, 52), "float64")
    return cast(ufunc("multiply", made, factor), dtype)


# -- whole numbers


def unsigned(x):
    """The size of an int, which an unsigned one always holds."""
    return cast(ufunc("absolute", x), f"uint{8 * dtype_of(x).itemsize}")


def gcd(x1, x2):
    dtype = dtype_of(x1)
    return cast(common_divisor(unsigned(x1), unsigned(x2)), dtype)


def common_divisor(a, b):
    rest = ufunc("not_equal", b, 0)
    a, b = where_(rest, a, a), where_(ufunc("equal", a, 0), b, b)
    rest = ufunc("not_equal", b, 0)
    while any(rest):
        a, b = (where_(rest, b, a),
                where_(rest, ufunc("remainder", a, where_(rest, b, dtype_of(b).type(1))), b))
        rest = ufunc("not_equal", b, 0)
    return a


def lcm(x1, x2):
    dtype = dtype_of(x1)
    a, b = unsigned(x1), unsigned(x2)
    common = common_divisor(a, b)
    none = ufunc("equal", common, 0)
    divisor = where_(none, dtype_of(a).type(1), common)
    return cast(ufunc("multiply", ufunc("floor_divide", a, divisor), b), dtype)


def bitwise_count(x):
    x = cast(unsigned(x), "uint64")
    x = x - ufunc("bitwise_and", x >> 1, 0x5555555555555555)
    x = ufunc("bitwise_and", x, 0x3333333333333333) + ufunc(
        "bitwise_and", x >> 2, 0x3333333333333333)
    x = ufunc("bitwise_and", x + (x >> 4), 0x0F0F0F0F0F0F0F0F)
    return cast((x * 0x0101010101010101) >> 56, "uint8")

"""Numbers as bits: float formats that NumPy lacks, integers of any width, decimal texts.

In: Python numbers and element types. Out: rounded or wrapped values, bits, text. The one idea: a
float format is four numbers and what it does at its upper end, and all conversions follow from
these. (IEEE 754-2019, 3.4; OCP 8-bit Floating Point Specification, 5; "FNUZ": arXiv 2206.02915.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fleet.ir.types import (
    FloatType,
    IndexType,
    OtherFloatType,
    Type,
    numpy_dtype,
    storage_dtype,
)


@dataclass(frozen=True)
class Format:
    """A binary float format.

    top: what the largest exponent means: "ieee" infinities and NaNs; "fn" finite numbers but one
    NaN at the very end; "fnuz" finite numbers, NaN in place of minus zero.
    """

    exponent: int
    mantissa: int
    bias: int
    top: str = "ieee"

    @property
    def width(self) -> int:
        return 1 + self.exponent + self.mantissa

    @property
    def largest(self) -> float:
        """The largest finite number."""
        full = (1 << self.mantissa) - 1
        exponent = (1 << self.exponent) - 1 - self.bias
        if self.top == "ieee":
            exponent -= 1
        elif self.top == "fn":
            full -= 1
        return math.ldexp((1 << self.mantissa) + full, exponent - self.mantissa)

    def round(self, value: float, mode: str = "to_nearest_even") -> float:
        """The nearest number of the format, of two the even one; or as another mode says."""
        if value == 0 and self.top == "fnuz":
            return 0.0
        if math.isinf(value) and self.top != "ieee":
            return math.nan
        if not math.isfinite(value) or value == 0:
            return value
        exponent = max(math.frexp(value)[1] - 1, 1 - self.bias)
        unit = math.ldexp(1.0, exponent - self.mantissa)
        rounded = ROUNDINGS[mode](value / unit) * unit
        if abs(rounded) > self.largest:
            inwards = mode == "toward_zero" or mode == ("upward" if value < 0 else "downward")
            if inwards:
                return math.copysign(self.largest, value)
            return math.copysign(math.inf, value) if self.top == "ieee" else math.nan
        return 0.0 if rounded == 0 and self.top == "fnuz" else math.copysign(rounded, value)

    def bits(self, value: float) -> int:
        """The bits of a number of the format."""
        sign = int(math.copysign(1.0, value) < 0) << (self.width - 1)
        full = (1 << self.exponent) - 1
        if math.isnan(value):
            if self.top == "fnuz":
                return 1 << (self.width - 1)
            quiet = (1 << self.mantissa) - 1 if self.top == "fn" else 1 << (self.mantissa - 1)
            return sign | full << self.mantissa | quiet
        if math.isinf(value):
            return sign | full << self.mantissa
        if value == 0:
            return sign
        exponent = max(math.frexp(value)[1] - 1, 1 - self.bias)
        number = int(math.ldexp(abs(value), self.mantissa - exponent))
        if number >> self.mantissa:
            number += (exponent + self.bias - 1) << self.mantissa
        return sign | number

    def value(self, bits: int) -> float:
        """The number that these bits are."""
        sign = -1.0 if bits >> (self.width - 1) else 1.0
        exponent = bits >> self.mantissa & ((1 << self.exponent) - 1)
        mantissa = bits & ((1 << self.mantissa) - 1)
        last = exponent == (1 << self.exponent) - 1
        if last and self.top == "ieee":
            return math.nan if mantissa else sign * math.inf
        if last and self.top == "fn" and mantissa == (1 << self.mantissa) - 1:
            return math.nan
        if self.top == "fnuz" and bits == 1 << (self.width - 1):
            return math.nan
        if exponent:
            mantissa += 1 << self.mantissa
        return math.copysign(
            math.ldexp(mantissa, max(exponent, 1) - self.bias - self.mantissa), sign
        )


ROUNDINGS = {
    "to_nearest_even": round,
    "downward": math.floor,
    "upward": math.ceil,
    "toward_zero": math.trunc,
    "to_nearest_away": lambda x: math.floor(abs(x) + 0.5) * (1 if x > 0 else -1),
}
"""How to an integer, by the mode's name."""

FORMATS: dict[Type, Format] = {
    FloatType(16): Format(5, 10, 15),
    FloatType(32): Format(8, 23, 127),
    FloatType(64): Format(11, 52, 1023),
    OtherFloatType("bf16"): Format(8, 7, 127),
    OtherFloatType("tf32"): Format(8, 10, 127),
    OtherFloatType("f8E5M2"): Format(5, 2, 15),
    OtherFloatType("f8E4M3"): Format(4, 3, 7),
    OtherFloatType("f8E4M3FN"): Format(4, 3, 7, "fn"),
    OtherFloatType("f8E5M2FNUZ"): Format(5, 2, 16, "fnuz"),
    OtherFloatType("f8E4M3FNUZ"): Format(4, 3, 8, "fnuz"),
    OtherFloatType("f8E4M3B11FNUZ"): Format(4, 3, 11, "fnuz"),
}
"""The formats whose numbers Fleet knows. (f80 and f128 are types only.)"""


def rounded(value: float, type: Type) -> float:
    """The nearest number of a float type. Raises KeyError for types without known numbers."""
    if isinstance(type, FloatType):
        with np.errstate(over="ignore"):
            return float(numpy_dtype(type).type(value))
    return FORMATS[type].round(value)


def float_bits(value: float, type: Type) -> int:
    """The bits of a number of a float type."""
    if isinstance(type, FloatType):  # NumPy keeps what a NaN carries
        return int(numpy_dtype(type).type(value).view(f"u{type.width // 8}"))
    return FORMATS[type].bits(value)


def float_of_bits(bits: int, type: Type) -> float:
    """The number of a float type that these bits are."""
    if isinstance(type, FloatType):
        return float(np.array(bits, f"u{type.width // 8}").view(numpy_dtype(type)))
    return FORMATS[type].value(bits)


def integer_width(type: Type) -> int:
    """The bits of an integer type; index has 64."""
    return 64 if isinstance(type, IndexType) else type.width


def wrapped(number: int, type: Type) -> int:
    """The number modulo 2**width, as constants hold it: signed unless unsigned or a single bit."""
    width = integer_width(type)
    number &= (1 << width) - 1
    if width <= 1 or getattr(type, "signedness", "") == "u":
        return number
    return number - ((number >> (width - 1)) << width)


_round_elements = np.vectorize(lambda value, format: format.round(float(value)), otypes=["f4"])
_wrap_elements = np.vectorize(lambda value, type: wrapped(int(value), type), otypes=[object])


def held(array: np.ndarray, element: Type) -> np.ndarray:
    """An array of results as the executor holds elements of a type (see `storage_dtype`)."""
    dtype = storage_dtype(element)
    if isinstance(element, OtherFloatType):
        return _round_elements(array, FORMATS[element]) if array.size else array.astype(dtype)
    if dtype.kind == "O":
        return _wrap_elements(array, element) if array.size else array.astype(dtype)
    return array if array.dtype == dtype else array.astype(dtype)


def elements_of_bytes(data: bytes, element: Type) -> np.ndarray:
    """The elements, as the executor holds them, whose little-endian whole bytes these are."""
    dtype = storage_dtype(element)
    if dtype.kind != "O" and not isinstance(element, OtherFloatType):
        return np.frombuffer(data, dtype.newbyteorder("<")).astype(dtype, copy=False)
    size = (element.width + 7) // 8
    numbers = [int.from_bytes(data[at : at + size], "little") for at in range(0, len(data), size)]
    if dtype.kind == "O":
        values = np.empty(len(numbers), object)
        values[:] = [wrapped(number, element) for number in numbers]
        return values
    return np.array([float_of_bits(number, element) for number in numbers], dtype)


# -- texts


def float_text(value: float, type: Type) -> str:
    """A number as MLIR spells it: six digits and an exponent where that is exact, else as many
    digits as the format has; NaN, infinity and what has no point then as hexadecimal bits."""
    if math.isfinite(value):
        short = _scientific(value)
        again = rounded(float(short), type)
        if again == value and math.copysign(1, again) == math.copysign(1, value):
            return short
        text = _digits(value, 2 + (FORMATS[type].mantissa + 1) * 59 // 196)
        if "." in text:
            return text
    return f"0x{float_bits(value, type):0{(type.width + 3) // 4}X}"


def _scientific(value: float) -> str:
    """Six significant digits, and a seventh that is 0."""
    sign = "-" if math.copysign(1, value) < 0 else ""
    if value == 0:
        return f"{sign}0.000000e+00"
    digits, exponent = _decimal(abs(value), 6)
    return f"{sign}{digits[0]}.{digits[1:]:0<6}e{exponent + len(digits) - 1:+03d}"


def _digits(value: float, precision: int) -> str:
    """Up to so many significant digits; a power of ten only where the point would be far off."""
    digits, exponent = _decimal(abs(value), precision)
    sign = "-" if value < 0 else ""
    leading = exponent + len(digits) - 1
    if exponent >= 0:
        scientific = exponent > 3 or len(digits) + exponent > precision
    else:
        scientific = leading < -3
    if scientific:
        return f"{sign}{digits[0]}.{digits[1:] or '0'}E{leading:+d}"
    if exponent >= 0:
        return sign + digits + "0" * exponent
    whole = len(digits) + exponent
    if whole > 0:
        return f"{sign}{digits[:whole]}.{digits[whole:]}"
    return f"{sign}0.{'0' * -whole}{digits}"


def _decimal(value: float, precision: int) -> tuple[str, int]:
    """Digits, without zeros at the end, and the power of ten of the last one.

    LLVM's way, which drops what lies far behind the last digit before it rounds.
    """
    number, denominator = value.as_integer_ratio()
    exponent = -(denominator.bit_length() - 1)
    number *= 5**-exponent
    needed = (precision * 196 + 58) // 59
    spare = max(number.bit_length() - needed, 0) * 59 // 196
    text = str(number // 10**spare)
    exponent += spare
    if len(text) > precision:
        exponent += len(text) - precision
        kept = int(text[:precision]) + (text[precision] >= "5")
        text = str(kept)
    digits = text.rstrip("0")
    return digits, exponent + len(text) - len(digits)


def significant_bits(type: Type) -> int | None:
    """How many binary digits a float of the type holds: integers of so many bits are exact."""
    found = FORMATS.get(type)
    return None if found is None else found.mantissa + 1

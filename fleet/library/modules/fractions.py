"""`fractions`: rational numbers in lowest terms."""

import math


class Fraction:
    __slots__ = ("_numerator", "_denominator")

    def __init__(self, numerator=0, denominator=None):
        if denominator is None:
            if isinstance(numerator, Fraction):
                top, bottom = numerator._numerator, numerator._denominator
            elif isinstance(numerator, int):
                top, bottom = numerator, 1
            elif isinstance(numerator, float):
                top, bottom = numerator.as_integer_ratio()
            elif isinstance(numerator, str):
                top, bottom = _parsed(numerator)
            else:
                raise TypeError("argument should be a string or a Rational instance")
        else:
            if not isinstance(numerator, (int, Fraction)) or (
                    not isinstance(denominator, (int, Fraction))):  # fmt: skip
                raise TypeError("both arguments should be Rational instances")
            top = numerator.numerator * denominator.denominator
            bottom = numerator.denominator * denominator.numerator
        if bottom == 0:
            raise ZeroDivisionError(f"Fraction({top}, 0)")
        common = math.gcd(top, bottom)
        if bottom < 0:
            common = -common
        self._numerator = top // common
        self._denominator = bottom // common

    @property
    def numerator(self):
        return self._numerator

    @property
    def denominator(self):
        return self._denominator

    @classmethod
    def from_float(cls, f):
        return cls(f)

    def as_integer_ratio(self):
        return (self._numerator, self._denominator)

    def limit_denominator(self, max_denominator=1000000):
        if max_denominator < 1:
            raise ValueError("max_denominator should be at least 1")
        if self._denominator <= max_denominator:
            return Fraction(self)
        p0, q0, p1, q1 = 0, 1, 1, 0
        n, d = self._numerator, self._denominator
        while True:
            a = n // d
            q2 = q0 + a * q1
            if q2 > max_denominator:
                break
            p0, q0, p1, q1 = p1, q1, p0 + a * p1, q2
            n, d = d, n - a * d
        k = (max_denominator - q0) // q1
        if 2 * d * (q0 + k * q1) <= self._denominator:
            return Fraction(p1, q1)
        return Fraction(p0 + k * p1, q0 + k * q1)

    def __repr__(self):
        return f"{self.__class__.__name__}({self._numerator}, {self._denominator})"

    def __str__(self):
        if self._denominator == 1:
            return str(self._numerator)
        return f"{self._numerator}/{self._denominator}"

    def __hash__(self):
        prime = (1 << 61) - 1
        if self._denominator % prime == 0:
            found = 314159
        else:
            found = hash(hash(abs(self._numerator)) * pow(self._denominator, -1, prime))
        found = found if self._numerator >= 0 else -found
        return -2 if found == -1 else found

    def __bool__(self):
        return self._numerator != 0

    def __int__(self):
        return int(self.__trunc__())

    def __float__(self):
        return self._numerator / self._denominator

    def __trunc__(self):
        if self._numerator < 0:
            return -(-self._numerator // self._denominator)
        return self._numerator // self._denominator

    def __floor__(self):
        return self._numerator // self._denominator

    def __ceil__(self):
        return -(-self._numerator // self._denominator)

    def __round__(self, ndigits=None):
        if ndigits is None:
            whole, rest = divmod(self._numerator, self._denominator)
            if rest * 2 < self._denominator:
                return whole
            if rest * 2 > self._denominator:
                return whole + 1
            return whole + whole % 2
        shift = 10 ** abs(ndigits)
        if ndigits > 0:
            return Fraction(round(self * shift), shift)
        return Fraction(round(self / shift) * shift)

    def __neg__(self):
        return Fraction(-self._numerator, self._denominator)

    def __pos__(self):
        return Fraction(self)

    def __abs__(self):
        return Fraction(abs(self._numerator), self._denominator)

    def __pow__(self, other):
        if isinstance(other, Fraction) and other._denominator == 1:
            other = other._numerator
        if isinstance(other, int):
            if other >= 0:
                return Fraction(self._numerator**other, self._denominator**other)
            if self._numerator == 0:
                raise ZeroDivisionError(f"Fraction({self._denominator ** -other}, 0)")
            return Fraction(self._denominator**-other, self._numerator**-other)
        return float(self) ** float(other)

    def __rpow__(self, other):
        if self._denominator == 1 and self._numerator >= 0:
            return other**self._numerator
        return other ** float(self)

    def _operate(self, other, exact, plain):
        if isinstance(other, int):
            other = Fraction(other)
        if isinstance(other, Fraction):
            return Fraction(*exact(self._numerator, self._denominator, other._numerator,
                                   other._denominator))  # fmt: skip
        if isinstance(other, float):
            return plain(float(self), other)
        return NotImplemented

    def __add__(self, other):
        return self._operate(other, lambda a, b, c, d: (a * d + c * b, b * d), lambda x, y: x + y)

    __radd__ = __add__

    def __sub__(self, other):
        return self._operate(other, lambda a, b, c, d: (a * d - c * b, b * d), lambda x, y: x - y)

    def __rsub__(self, other):
        return self._operate(other, lambda a, b, c, d: (c * b - a * d, b * d), lambda x, y: y - x)

    def __mul__(self, other):
        return self._operate(other, lambda a, b, c, d: (a * c, b * d), lambda x, y: x * y)

    __rmul__ = __mul__

    def __truediv__(self, other):
        return self._operate(other, lambda a, b, c, d: (a * d, b * c), lambda x, y: x / y)

    def __rtruediv__(self, other):
        return self._operate(other, lambda a, b, c, d: (c * b, d * a), lambda x, y: y / x)

    def __floordiv__(self, other):
        if isinstance(other, float):
            return float(self) // other
        return (self / other).__floor__()

    def __mod__(self, other):
        if isinstance(other, float):
            return float(self) % other
        return self - other * (self // other)

    def _compare(self, other, exact):
        if isinstance(other, int):
            return exact(self._numerator, other * self._denominator)
        if isinstance(other, Fraction):
            return exact(self._numerator * other._denominator, other._numerator * self._denominator)
        if isinstance(other, float):
            if math.isnan(other) or math.isinf(other):
                return exact(0.0, other)
            return self._compare(Fraction(other), exact)
        return NotImplemented

    def __eq__(self, other):
        return self._compare(other, lambda a, b: a == b)

    def __lt__(self, other):
        return self._compare(other, lambda a, b: a < b)

    def __le__(self, other):
        return self._compare(other, lambda a, b: a <= b)

    def __gt__(self, other):
        return self._compare(other, lambda a, b: a > b)

    def __ge__(self, other):
        return self._compare(other, lambda a, b: a >= b)


def _parsed(text):
    """A literal: 3, -3/4, 0.25, 1e-3."""
    plain = text.strip()
    try:
        if "/" in plain:
            top, bottom = plain.split("/")
            if not bottom.isdigit():
                raise ValueError(plain)
            return int(top), int(bottom)
        mantissa, _, exponent = plain.lower().partition("e")
        whole, _, rest = mantissa.partition(".")
        if rest and not rest.replace("_", "").isdigit():
            raise ValueError(plain)
        power = (int(exponent) if exponent else 0) - len(rest)
        top = int((whole if whole not in ("", "-", "+") else whole + "0") + rest)
        return (top * 10**power, 1) if power >= 0 else (top, 10**-power)
    except ValueError:
        raise ValueError(f"Invalid literal for Fraction: {text!r}") from None

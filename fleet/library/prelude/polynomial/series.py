"""Series as objects: coefficients, and the interval that is mapped onto another one."""

from collections import namedtuple


def map_parameters(old, new):
    """Offset and scale of the map from an interval onto another."""
    length = old[1] - old[0]
    return (old[1] * new[0] - old[0] * new[1]) / length, (new[1] - new[0]) / length


def mapped(x, old, new):
    if not isinstance(x, (int, float, complex, generic, Series)):
        x = asarray(x)
    off, scale = map_parameters(old, new)
    return x * scale + off if isinstance(x, Series) else off + scale * x


def interval_of(x):
    """The least and the greatest of some points."""
    (x,) = series_of(x, trim=False)
    if iscomplexobj(x):
        return array((x.real.min() + 1j * x.imag.min(), x.real.max() + 1j * x.imag.max()))
    return array((x.min(), x.max()))


def coefficient_text(x, parens=False):
    """A number as polynomials show it, by the options of printing."""
    if not isinstance(x, floating):
        return str(x)
    options = get_printoptions()
    if x != x:
        return options["nanstr"]
    if abs(x) == inf:
        return ("-" if x < 0 else "") + options["infstr"]
    digits, fixed = options["precision"], options["floatmode"] == "fixed"
    trim = "k" if fixed else "0"
    size = abs(x)
    low = (1 - digits) // 2
    if size != 0 and (size >= 1e8 or size < 10 ** (low if low < 0 else 0)):
        text = format_float_scientific(x, precision=digits, unique=not fixed, trim=trim,
                                       sign=options["sign"] == "+")  # fmt: skip
        return f"({text})" if parens else text
    return format_float_positional(x, precision=digits, unique=not fixed, trim=trim,
                                   sign=options["sign"] == "+")  # fmt: skip


SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"

Family = namedtuple(
    "Family", "value total difference product quotient power integral derivative line roots "
    "from_roots fit"
)  # fmt: skip
"""What the classes of series do with coefficients."""


class Series:
    """A series: its value at x is that of the coefficients where `domain` maps x to."""

    domain = array([-1.0, 1.0])
    window = array([-1.0, 1.0])
    maxpower = 100

    def __init__(self, coef, domain=None, window=None, symbol="x"):
        (self.coef,) = series_of(coef, trim=False)
        if domain is not None:
            (self.domain,) = series_of(domain, trim=False)
            if len(self.domain) != 2:
                raise ValueError("Domain has wrong number of elements.")
        if window is not None:
            (self.window,) = series_of(window, trim=False)
            if len(self.window) != 2:
                raise ValueError("Window has wrong number of elements.")
        if not isinstance(symbol, str):
            raise TypeError("Symbol must be a non-empty string")
        if not symbol.isidentifier():
            raise ValueError("Symbol string must be a valid Python identifier")
        self._symbol = symbol

    @property
    def symbol(self):
        return self._symbol

    def _like(self, coef):
        return type(self)(coef, self.domain, self.window, self._symbol)

    def __call__(self, arg):
        return self.family.value(mapped(arg, self.domain, self.window), self.coef)

    def __len__(self):
        return len(self.coef)

    def __iter__(self):
        return iter(self.coef)

    def has_samecoef(self, other):
        return len(self.coef) == len(other.coef) and bool(all(self.coef == other.coef))

    def has_samedomain(self, other):
        return bool(all(self.domain == other.domain))

    def has_samewindow(self, other):
        return bool(all(self.window == other.window))

    def has_sametype(self, other):
        return type(self) is type(other)

    def _coefficients(self, other):
        if not isinstance(other, Series):
            return other
        if not self.has_sametype(other):
            raise TypeError("Polynomial types differ")
        if not self.has_samedomain(other):
            raise TypeError("Domains differ")
        if not self.has_samewindow(other):
            raise TypeError("Windows differ")
        if self._symbol != other._symbol:
            raise ValueError("Polynomial symbols differ")
        return other.coef

    def __neg__(self):
        return self._like(-self.coef)

    def __pos__(self):
        return self

    def __add__(self, other):
        return self._like(self.family.total(self.coef, self._coefficients(other)))

    def __radd__(self, other):
        return self._like(self.family.total(other, self.coef))

    def __sub__(self, other):
        return self._like(self.family.difference(self.coef, self._coefficients(other)))

    def __rsub__(self, other):
        return self._like(self.family.difference(other, self.coef))

    def __mul__(self, other):
        return self._like(self.family.product(self.coef, self._coefficients(other)))

    def __rmul__(self, other):
        return self._like(self.family.product(other, self.coef))

    def __truediv__(self, other):
        if not isinstance(other, (int, float, complex, number)) or isinstance(other, bool):
            raise TypeError(
                f"unsupported types for true division: '{type(self)}', '{type(other)}'"
            )
        return self // other

    def __divmod__(self, other):
        quotient, rest = self.family.quotient(self.coef, self._coefficients(other))
        return self._like(quotient), self._like(rest)

    def __floordiv__(self, other):
        return self.__divmod__(other)[0]

    def __mod__(self, other):
        return self.__divmod__(other)[1]

    def __rdivmod__(self, other):
        quotient, rest = self.family.quotient(other, self.coef)
        return self._like(quotient), self._like(rest)

    def __rfloordiv__(self, other):
        return self.__rdivmod__(other)[0]

    def __rmod__(self, other):
        return self.__rdivmod__(other)[1]

    def __pow__(self, other):
        return self._like(self.family.power(self.coef, other, self.maxpower))

    def __eq__(self, other):
        return (
            type(self) is type(other) and self.has_samedomain(other)
            and self.has_samewindow(other) and self.has_samecoef(other)
            and self._symbol == other._symbol
        )  # fmt: skip

    def __ne__(self, other):
        return not self == other

    def copy(self):
        return self._like(self.coef)

    def degree(self):
        return len(self) - 1

    def cutdeg(self, deg):
        return self.truncate(deg + 1)

    def trim(self, tol=0):
        return self._like(polytrim(self.coef, tol))

    def truncate(self, size):
        count = int(size)
        if count != size or count < 1:
            raise ValueError("size must be a positive integer")
        return self._like(self.coef if count >= len(self.coef) else self.coef[:count])

    def convert(self, domain=None, kind=None, window=None):
        kind = type(self) if kind is None else kind
        domain = kind.domain if domain is None else domain
        window = kind.window if window is None else window
        return self(kind.identity(domain, window=window, symbol=self._symbol))

    def mapparms(self):
        return map_parameters(self.domain, self.window)

    def integ(self, m=1, k=(), lbnd=None):
        off, scale = self.mapparms()
        low = 0 if lbnd is None else off + scale * lbnd
        return self._like(self.family.integral(self.coef, m, k, low, 1.0 / scale))

    def deriv(self, m=1):
        _, scale = self.mapparms()
        return self._like(self.family.derivative(self.coef, m, scale))

    def roots(self):
        return mapped(self.family.roots(self.coef), self.window, self.domain)

    def linspace(self, n=100, domain=None):
        domain = self.domain if domain is None else domain
        x = linspace(domain[0], domain[1], n)
        return x, self(x)

    @classmethod
    def fit(cls, x, y, deg, domain=None, rcond=None, full=False, w=None, window=None, symbol="x"):
        if domain is None:
            domain = interval_of(x)
            if domain[0] == domain[1]:
                domain = domain + array([-1.0, 1.0])
        elif len(domain) == 0:
            domain = cls.domain
        window = cls.window if window is None else window
        made = cls.family.fit(mapped(x, domain, window), y, deg, w=w, rcond=rcond, full=full)
        if full:
            return cls(made[0], domain, window, symbol), made[1]
        return cls(made, domain, window, symbol)

    @classmethod
    def fromroots(cls, roots, domain=(), window=None, symbol="x"):
        (roots,) = series_of(roots, trim=False)
        if domain is None:
            domain = interval_of(roots)
        elif len(domain) == 0:
            domain = cls.domain
        window = cls.window if window is None else window
        off, scale = map_parameters(domain, window)
        coef = cls.family.from_roots(off + scale * roots) / scale ** len(roots)
        return cls(coef, domain, window, symbol)

    @classmethod
    def identity(cls, domain=None, window=None, symbol="x"):
        domain = cls.domain if domain is None else domain
        window = cls.window if window is None else window
        off, scale = map_parameters(window, domain)
        return cls(cls.family.line(off, scale), domain, window, symbol)

    @classmethod
    def basis(cls, deg, domain=None, window=None, symbol="x"):
        count = int(deg)
        if count != deg or count < 0:
            raise ValueError("deg must be non-negative integer")
        return cls([0] * count + [1], domain, window, symbol)

    @classmethod
    def cast(cls, series, domain=None, window=None):
        domain = cls.domain if domain is None else domain
        window = cls.window if window is None else window
        return series.convert(domain, cls, window)

    def __repr__(self):
        coef, domain = repr(self.coef)[6:-1], repr(self.domain)[6:-1]
        window = repr(self.window)[6:-1]
        name = type(self).__name__
        return f"{name}({coef}, domain={domain}, window={window}, symbol='{self._symbol}')"

    def __format__(self, spec):
        if spec not in ("", "ascii", "unicode"):
            raise ValueError(
                f"Unsupported format string '{spec}' passed to {type(self)}.__format__. Valid "
                "options are 'ascii' and 'unicode'"
            )
        return self._shown(spec != "ascii")

    def __str__(self):
        return self._shown(True)

    def _shown(self, unicode):
        """The terms, as lines of no more than the options' width."""
        width = get_printoptions()["linewidth"]
        symbol, last = self._mapped_symbol(), len(self.coef) - 1
        text = line = coefficient_text(self.coef[0])
        for i in range(1, last + 1):
            term = signed_term(self.coef[i]) + self._term(symbol, i, unicode)
            if len(line) + 1 + len(term) + (2 if i < last else 0) >= (1 if width < 1 else width):
                term = term.replace(" ", "\n", 1)
                line = term.partition("\n")[2]
            else:
                line = line + " " + term
            text = text + " " + term
        return text

    def _mapped_symbol(self):
        """What the polynomials are of, in brackets if it is a sum or a product."""
        off, scale = self.mapparms()
        if off == 0 and scale == 1:
            return self._symbol
        if scale == 1:
            return f"({coefficient_text(off)} + {self._symbol})"
        if off == 0:
            return f"({coefficient_text(scale)}{self._symbol})"
        return f"({coefficient_text(off)} + {coefficient_text(scale)}{self._symbol})"

    def _term(self, symbol, i, unicode):
        """The polynomial of degree i."""
        if unicode:
            return f"·{self.basis_name}{digits_as(SUBSCRIPTS, i)}({symbol})"
        return f" {self.basis_name}_{i}({symbol})"


def signed_term(coefficient):
    """A number that is added, with its sign in front."""
    if isinstance(coefficient, complexfloating):
        return f"+ {coefficient}"
    if coefficient >= 0:
        return "+ " + coefficient_text(coefficient, True)
    return "- " + coefficient_text(-coefficient, True)


def power_text(symbol, i, unicode):
    if not unicode:
        return f" {symbol}" if i == 1 else f" {symbol}**{i}"
    if i == 1:
        return f"·{symbol}"
    return f"·{symbol}{digits_as(SUPERSCRIPTS, i)}"


def digits_as(digits, i):
    """A number in other digits."""
    text = str(i)
    for digit in range(10):
        text = text.replace(str(digit), digits[digit])
    return text


class Polynomial(Series):
    """np.polynomial.Polynomial."""

    basis_name = None
    family = Family(
        power_series_polyval, power_series_polyadd, power_series_polysub, power_series_polymul,
        power_series_polydiv, polypow, power_series_polyint, power_series_polyder, polyline,
        polyroots, polyfromroots, power_series_polyfit,
    )  # fmt: skip

    def _term(self, symbol, i, unicode):
        return power_text(symbol, i, unicode)


call_it(Polynomial, "Polynomial")

"""Element-wise functions beyond the primitive ones."""

from primitives import asarray as asarray_
from primitives import cast, dtype_of, is_known, laid_like, of_parts, part, put_into, ufunc, whole
from primitives import where as where_

CLIP_FUNCTIONS = {(False, False): "positive", (True, False): "maximum",
                  (False, True): "minimum", (True, True): "clip"}  # fmt: skip
"""What NumPy's clip comes to, by which limits there are."""
CLIP_OPTIONS = ("where", "casting", "order", "dtype", "subok", "signature")


NOT_GIVEN = ...


def clip(a, a_min=NOT_GIVEN, a_max=NOT_GIVEN, out=None, *, min=NOT_GIVEN, max=NOT_GIVEN, **options):
    if a_min is NOT_GIVEN and a_max is NOT_GIVEN:
        low, high = None if min is NOT_GIVEN else min, None if max is NOT_GIVEN else max
        return method_clip(a, low, high, out, **options)
    if a_min is NOT_GIVEN or a_max is NOT_GIVEN:
        name = "a_min" if a_min is NOT_GIVEN else "a_max"
        raise TypeError(f"clip() missing 1 required positional argument: '{name}'")
    if min is not NOT_GIVEN or max is not NOT_GIVEN:
        raise ValueError(
            "Passing `min` or `max` keyword argument when `a_min` and `a_max` are provided is "
            "forbidden."
        )
    return method_clip(a, a_min, a_max, out, **options)


def method_clip(a, min=None, max=None, out=None, **options):
    a = asarray_(a)
    low, high = min, max
    if dtype_of(a).kind in "iu":
        info = iinfo(dtype_of(a))
        if low.__class__ is int and is_known(low) and low <= info.min:
            low = None
        if high.__class__ is int and is_known(high) and high >= info.max:
            high = None
    for name in options:
        if name not in CLIP_OPTIONS:
            asked = CLIP_FUNCTIONS[low is not None, high is not None]
            raise TypeError(f"{asked}() got an unexpected keyword argument '{name}'")
    if low is None and high is None:
        a = cast(a, options["dtype"]) if options.get("dtype") is not None else a
        return (+a)[()] if out is None else put_into(out, a)
    if low is None:
        return minimum(a, high, out=out, **options)
    if high is None:
        return maximum(a, low, out=out, **options)
    shapes = [shape(one) for one in (a, low, high)]
    if is_known(*shapes):
        require_broadcast(shapes)
    return minimum(maximum(a, low, **options), high, out=out, **options)


def require_broadcast(shapes):
    """Raise what NumPy's functions say where these shapes do not fit."""
    try:
        broadcast_shapes(*shapes)
    except ValueError:
        words = " ".join([shape_text(one) for one in shapes])
        raise ValueError(
            f"operands could not be broadcast together with shapes {words} "
        ) from None


def sinc(x):
    x = asarray_(x)
    x = x if dtype_of(x).kind in "fc" else cast(x, "float64")
    y = 3.141592653589793 * where_(ufunc("equal", x, 0), 1.0e-20, x)
    return sin(y) / y


def chebyshev(x, coefficients):
    b0 = coefficients[0]
    b1 = b2 = 0.0
    for coefficient in coefficients[1:]:
        b2 = b1
        b1 = b0
        b0 = x * b1 - b2 + coefficient
    return 0.5 * (b0 - b2)


I0_NEAR = (
    -4.41534164647933937950E-18, 3.33079451882223809783E-17, -2.43127984654795469359E-16,
    1.71539128555513303061E-15, -1.16853328779934516808E-14, 7.67618549860493561688E-14,
    -4.85644678311192946090E-13, 2.95505266312963983461E-12, -1.72682629144155570723E-11,
    9.67580903537323691224E-11, -5.18979560163526290666E-10, 2.65982372468238665035E-9,
    -1.30002500998624804212E-8, 6.04699502254191894932E-8, -2.67079385394061173391E-7,
    1.11738753912010371815E-6, -4.41673835845875056359E-6, 1.64484480707288970893E-5,
    -5.75419501008210370398E-5, 1.88502885095841655729E-4, -5.76375574538582365885E-4,
    1.63947561694133579842E-3, -4.32430999505057594430E-3, 1.05464603945949983183E-2,
    -2.37374148058994688156E-2, 4.93052842396707084878E-2, -9.49010970480476444210E-2,
    1.71620901522208775349E-1, -3.04682672343198398683E-1, 6.76795274409476084995E-1,
)
I0_FAR = (
    -7.23318048787475395456E-18, -4.83050448594418207126E-18, 4.46562142029675999901E-17,
    3.46122286769746109310E-17, -2.82762398051658348494E-16, -3.42548561967721913462E-16,
    1.77256013305652638360E-15, 3.81168066935262242075E-15, -9.55484669882830764870E-15,
    -4.15056934728722208663E-14, 1.54008621752140982691E-14, 3.85277838274214270114E-13,
    7.18012445138366623367E-13, -1.79417853150680611778E-12, -1.32158118404477131188E-11,
    -3.14991652796324136454E-11, 1.18891471078464383424E-11, 4.94060238822496958910E-10,
    3.39623202570838634515E-9, 2.26666899049817806459E-8, 2.04891858946906374183E-7,
    2.89137052083475648297E-6, 6.88975834691682398426E-5, 3.36911647825569408990E-3,
    8.04490411014108831608E-1,
)


def i0(x):
    x = asarray_(x)
    if dtype_of(x).kind == "c":
        raise TypeError("i0 not supported for complex values")
    x = ufunc("absolute", x if dtype_of(x).kind == "f" else cast(x, "float64"))
    near = ufunc("exp", x) * chebyshev(x / 2.0 - 2, I0_NEAR)
    far_x = ufunc("maximum", x, 8.0)
    far = ufunc("exp", far_x) * chebyshev(32.0 / far_x - 2.0, I0_FAR) / ufunc("sqrt", far_x)
    return where_(ufunc("less_equal", x, 8.0), near, far)


def round(a, decimals=0, out=None):
    made = rounded(asarray_(a), whole(decimals))
    made = made[()] if made.ndim == 0 else made
    return made if out is None else put_into(out, made)


def rounded(a, decimals):
    if dtype_of(a).kind == "c":
        return of_parts(rounded(part("real", a), decimals), rounded(part("imag", a), decimals))
    is_whole = dtype_of(a).kind in "iu"
    if is_whole and decimals >= 0:
        return a
    if decimals == 0:
        return ufunc("rint", a)
    if dtype_of(a) == "bool":
        one = ones(1, bool)
        (multiply if decimals > 0 else divide)(one, 1.0, out=one)  # raises
    if decimals > 0:
        scale = 10.0**decimals
        return laid_like(ufunc("divide", ufunc("rint", ufunc("multiply", a, scale)), scale), a, "A")
    scale = 10.0**-decimals
    made = ufunc("multiply", ufunc("rint", ufunc("divide", a, scale)), scale)
    return laid_like(cast(made, dtype_of(a)) if is_whole else made, a, "A")


around = round

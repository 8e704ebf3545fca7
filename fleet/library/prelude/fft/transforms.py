"""Discrete Fourier transforms along one axis and along several."""

from primitives import asarray as asarray_
from primitives import (
    axis_of,
    cast,
    dtype_of,
    is_known,
    laid_like,
    of_parts,
    part,
    result_type,
    ufunc,
    unwarned,
)
from primitives import where as where_

SWAPPED = {"backward": "forward", None: "forward", "ortho": "ortho", "forward": "backward"}


def swapped_norm(norm):
    if norm not in SWAPPED:
        raise ValueError(
            f'Invalid norm value {norm}; should be "backward", "ortho" or "forward".'
        )
    return SWAPPED[norm]


def scale_of(norm, n, dtype):
    """What a transform is multiplied by."""
    if norm is None or norm == "backward":
        return None
    if norm == "ortho":
        return reciprocal(sqrt(asarray_(n, dtype)))
    if norm == "forward":
        return reciprocal(asarray_(n, dtype))
    raise ValueError(f'Invalid norm value {norm}; should be "backward","ortho" or "forward".')


def real_dtype(a):
    return result_type(dtype_of(part("real", a)), 1.0)


def points(n, a, axis):
    n = a.shape[axis] if n is None else n
    if n < 1:
        raise ValueError(f"Invalid number of FFT data points ({n}) specified.")
    return n


def of_length(a, n, axis):
    """Cut or filled with zeros to a length along an axis, which becomes the last."""
    a = moveaxis(a, axis, -1)
    if a.shape[-1] > n:
        return a[..., :n]
    if a.shape[-1] == n:
        return a
    return concatenate([a, zeros((*a.shape[:-1], n - a.shape[-1]), dtype_of(a))], -1)


def rows(a):
    """The parts of an array as (batch, n) float64 each."""
    shape = (-1, a.shape[-1])
    if dtype_of(a).kind != "c":
        real = cast(a, "float64").reshape(shape)
        return [real, zeros_like(real)]
    return [cast(part(name, a), "float64").reshape(shape) for name in ("real", "imag")]


def unwarned_then(n, function, *given):
    """function(*given). What a length that only run time knows takes are loops: nothing in them is
    NumPy's, so nothing of them is warned of."""
    return function(*given) if is_known(n) else unwarned(function, *given)


def one_axis(a, n, axis, norm, forward):
    """The complex transform along an axis."""
    a = asarray(a)
    n = points(n, a, axis)
    return unwarned_then(n, axis_transformed, a, n, axis, norm, forward)


def axis_transformed(a, n, axis, norm, forward):
    dtype = result_type(dtype_of(a), 1j)
    scale = scale_of(norm if forward else swapped_norm(norm), n, real_dtype(a))
    axis = axis_of(axis, a.ndim)
    given, a = a, of_length(a, n, axis)
    made = transformed(rows(a), forward)
    made = [one if scale is None else one * float(scale) for one in made]
    made = [cast(one, real_dtype(a)).reshape(a.shape) for one in made]
    return laid_like(moveaxis(cast(of_parts(made[0], made[1]), dtype), -1, axis), given, "K")


def fft_fft(a, n=None, axis=-1, norm=None, out=None):
    no_out(out)
    return one_axis(a, n, axis, norm, True)


def ifft(a, n=None, axis=-1, norm=None, out=None):
    no_out(out)
    return one_axis(a, n, axis, norm, False)


def rfft(a, n=None, axis=-1, norm=None, out=None):
    no_out(out)
    a = asarray(a)
    if dtype_of(a).kind == "c":
        real_only("rfft_n_even" if points(n, a, axis) % 2 == 0 else "rfft_n_odd")
    n = points(n, a, axis)
    return unwarned_then(n, half_transformed, a, n, axis, norm)


def half_transformed(a, n, axis, norm):
    scale = scale_of(norm, n, real_dtype(a))
    axis = axis_of(axis, a.ndim)
    given, a = a, of_length(a, n, axis)
    re, im = [one[:, : n // 2 + 1] for one in transformed(rows(a), True, True)]
    if is_known(n):
        ends = [zeros_like(im[:, :1])] * (1 if n == 1 else 2 - n % 2)
        im = concatenate([ends[0], im[:, 1 : (n + 1) // 2], *ends[1:]], 1)
    else:
        im = where_(ufunc("equal", 2 * arange(n // 2 + 1) % n, 0), 0.0, im)
    parts = [one if scale is None else one * float(scale) for one in (re, im)]
    shape = (*a.shape[:-1], n // 2 + 1)
    re, im = [cast(one, real_dtype(a)).reshape(shape) for one in parts]
    return laid_like(moveaxis(of_parts(re, im), -1, axis), given, "K")


def real_only(name):
    raise TypeError(
        f"ufunc '{name}' did not contain a loop with signature matching types "
        "<class 'numpy.dtypes.Complex128DType'> -> None"
    )


def irfft(a, n=None, axis=-1, norm=None, out=None):
    no_out(out)
    a = asarray(a)
    if n is None:
        n = (a.shape[axis] - 1) * 2
    if n < 1:
        raise ValueError(f"Invalid number of FFT data points ({n}) specified.")
    return unwarned_then(n, real_transformed, a, n, axis, norm)


def real_transformed(a, n, axis, norm):
    scale = scale_of(swapped_norm(norm), n, real_dtype(a))
    axis = axis_of(axis, a.ndim)
    half = of_length(a, n // 2 + 1, axis)
    re, im = rows(half)
    count = (n - 1) // 2
    mirrored = [re[:, count:0:-1], -im[:, count:0:-1]]
    im = concatenate([zeros_like(im[:, :1]), im[:, 1 : count + 1], 0 * im[:, count + 1 :]], 1)
    whole = [concatenate([re, mirrored[0]], 1), concatenate([im, mirrored[1]], 1)]
    made = transformed(whole, False, True)[0]
    made = made if scale is None else made * float(scale)
    made = cast(made, real_dtype(a)).reshape((*half.shape[:-1], n))
    return laid_like(moveaxis(made, -1, axis), a, "K")


def hfft(a, n=None, axis=-1, norm=None, out=None):
    no_out(out)
    a = asarray(a)
    if n is None:
        n = (a.shape[axis] - 1) * 2
    return irfft(conjugate(a), n, axis, norm=swapped_norm(norm))


def ihfft(a, n=None, axis=-1, norm=None, out=None):
    no_out(out)
    a = asarray(a)
    n = a.shape[axis] if n is None else n
    return conjugate(rfft(a, n, axis, norm=swapped_norm(norm)))


# -- several axes


def lengths_and_axes(a, s, axes, inverse_of_real=False):
    given = s is not None
    if not given:
        s = list(a.shape) if axes is None else taken(a.shape, axes)
    s = list(s)
    axes = list(range(-len(s), 0)) if axes is None else axes
    if len(s) != len(axes):
        raise ValueError("Shape and axes have different lengths.")
    if inverse_of_real and not given:
        s[-1] = (a.shape[axes[-1]] - 1) * 2
    return [a.shape[axis] if n == -1 else n for n, axis in zip(s, axes)], axes


def taken(shape, axes):
    """As np.take(shape, axes), with its errors."""
    rank = len(shape)
    for axis in axes:
        if rank == 0:
            raise IndexError("cannot do a non-empty take from an empty axes.")
        if not -rank <= axis < rank:
            raise IndexError(f"index {axis} is out of bounds for axis 0 with size {rank}")
    return [shape[axis] for axis in axes]


def several_axes(a, s, axes, function, norm):
    a = asarray(a)
    s, axes = lengths_and_axes(a, s, axes)
    for i in reversed(range(len(axes))):
        a = function(a, s[i], axes[i], norm)
    return a


def fftn(a, s=None, axes=None, norm=None, out=None):
    no_out(out)
    return several_axes(a, s, axes, fft_fft, norm)


def ifftn(a, s=None, axes=None, norm=None, out=None):
    no_out(out)
    return several_axes(a, s, axes, ifft, norm)


def fft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    no_out(out)
    return several_axes(a, s, axes, fft_fft, norm)


def ifft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    no_out(out)
    return several_axes(a, s, axes, ifft, norm)


def rfftn(a, s=None, axes=None, norm=None, out=None):
    no_out(out)
    a = asarray(a)
    s, axes = lengths_and_axes(a, s, axes)
    a = rfft(a, s[-1], axes[-1], norm)
    for i in range(len(axes) - 2, -1, -1):
        a = fft_fft(a, s[i], axes[i], norm)
    return a


def rfft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    return rfftn(a, s, axes, norm, out)


def irfftn(a, s=None, axes=None, norm=None, out=None):
    no_out(out)
    a = asarray(a)
    s, axes = lengths_and_axes(a, s, axes, True)
    for i in range(len(axes) - 1):
        a = ifft(a, s[i], axes[i], norm)
    return irfft(a, s[-1], axes[-1], norm)


def irfft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    return irfftn(a, s, axes, norm, out)


# -- frequencies


def fftfreq(n, d=1.0, device=None):
    if not isinstance(n, int):
        raise ValueError("n should be an integer")
    middle = (n - 1) // 2 + 1
    return concatenate([arange(0, middle), arange(-(n // 2), 0)]) * (1.0 / (n * d))


def rfftfreq(n, d=1.0, device=None):
    if not isinstance(n, int):
        raise ValueError("n should be an integer")
    return arange(0, n // 2 + 1) * (1.0 / (n * d))


def shifted_by(x, axes, sign):
    x = asarray(x)
    if axes is None:
        axes = tuple(range(x.ndim))
    if isinstance(axes, int):
        axes = (axes,)
    return roll(x, [halved(x.shape[axis], sign) for axis in axes], tuple(axes))


def halved(n, sign):
    return n // 2 if sign > 0 else -(n // 2)


def fftshift(x, axes=None):
    return shifted_by(x, axes, 1)


def ifftshift(x, axes=None):
    return shifted_by(x, axes, -1)

"""Calls of NumPy's functions, as templates: see `filling`."""

from __future__ import annotations

_ONE = """
abs absolute acos acosh arccos arccosh arcsin arcsinh arctan arctanh bitwise_count
bitwise_invert cbrt ceil conj cos cosh deg2rad degrees exp exp2 expm1 fabs floor invert isfinite
isinf isnan log log10 log1p log2 logical_not negative positive rad2deg radians reciprocal rint
sign signbit sin sinh spacing sqrt square tan tanh trunc
""".split()
_OTHERS_OF_ONE = """
isneginf isposinf fix sinc i0 angle real imag iscomplex isreal nan_to_num
""".split()
_TWO = """
add arctan2 bitwise_and bitwise_or bitwise_xor copysign divide divmod equal float_power
floor_divide fmax fmin fmod gcd greater greater_equal heaviside hypot lcm ldexp left_shift less
less_equal logaddexp logaddexp2 logical_and logical_or logical_xor maximum minimum mod multiply
nextafter not_equal power remainder right_shift subtract true_divide
""".split()
_OF_ONE = [
    "np.{0}({a})",
    "np.{0}({a}[[, dtype={dt}]][[, casting='{unsafe|same_kind|safe}']])",
    "np.{0}({a}, out={same}[[, where={mask}]])",
]
_OF_TWO = [
    "np.{0}({a}, {b})",
    "np.{0}({a}, {x})",
    "np.{0}({x}, {a})",
    "np.{0}({a}, {b}[[, dtype={dt}]][[, casting='{unsafe|same_kind|safe}']])",
    "np.{0}({a}, {b}, out={same}[[, where={mask}]])",
    "np.{0}.outer({a}, {v})",
    "np.{0}.reduce({a}[[, axis={axes}]][[, keepdims={bool}]][[, dtype={dt}]][[, initial={x}]]"
    "[[, where={mask}]])",
    "np.{0}.accumulate({a}[[, axis={ax}]][[, dtype={dt}]])",
    "np.{0}.reduceat({a}, {[0]|[0, 1]|[1, 0, 2]|[]|[3]}[[, axis={ax}]])",
    "np.{0}.at({a}, {index}, {x}); {a}",
]
_OTHERS = """
np.sum({a}[[, axis={axes}]][[, keepdims={bool}]][[, dtype={dt}]][[, where={mask}]]\
[[, initial={x}]])
{a}.sum([[{axis}]])
np.prod({a}[[, axis={axes}]][[, keepdims={bool}]][[, dtype={dt}]][[, where={mask}]]\
[[, initial={x}]])
{a}.prod([[{axis}]])
np.mean({a}[[, axis={axes}]][[, keepdims={bool}]][[, dtype={dt}]][[, where={mask}]])
{a}.mean([[{axis}]])
np.std({a}[[, axis={axes}]][[, keepdims={bool}]][[, dtype={dt}]][[, where={mask}]])
{a}.std([[{axis}]])
np.var({a}[[, axis={axes}]][[, keepdims={bool}]][[, dtype={dt}]][[, where={mask}]])
{a}.var([[{axis}]])
np.std({a}, ddof={n}[[, axis={axes}]])
np.var({a}, ddof={n}[[, axis={axes}]])
np.var({f}, correction={n}[[, axis={axes}]])
np.max({a}[[, axis={axes}]][[, keepdims={bool}]][[, where={mask}, initial={x}]])
{a}.max([[{axis}]])
np.max({a}[[, initial={x}]][[, where={mask}]])
np.min({a}[[, axis={axes}]][[, keepdims={bool}]][[, where={mask}, initial={x}]])
{a}.min([[{axis}]])
np.min({a}[[, initial={x}]][[, where={mask}]])
np.any({a}[[, axis={axes}]][[, keepdims={bool}]][[, where={mask}]])
{a}.any([[{axis}]])
np.all({a}[[, axis={axes}]][[, keepdims={bool}]][[, where={mask}]])
{a}.all([[{axis}]])
np.argmax({a}[[, axis={axis}]][[, keepdims={bool}]])
{a}.argmax([[{axis}]])
np.nanargmax({a}[[, axis={axis}]][[, keepdims={bool}]])
np.argmin({a}[[, axis={axis}]][[, keepdims={bool}]])
{a}.argmin([[{axis}]])
np.nanargmin({a}[[, axis={axis}]][[, keepdims={bool}]])
np.ptp({a}[[, axis={axes}]][[, keepdims={bool}]])
np.count_nonzero({a}[[, axis={axes}]][[, keepdims={bool}]])
np.cumsum({a}[[, axis={axis}]][[, dtype={dt}]])
np.cumprod({a}[[, axis={axis}]][[, dtype={dt}]])
np.nancumsum({a}[[, axis={axis}]][[, dtype={dt}]])
np.nancumprod({a}[[, axis={axis}]][[, dtype={dt}]])
np.cumulative_sum({a}[[, axis={axis}]][[, dtype={dt}]][[, include_initial={bool}]])
np.cumulative_prod({a}[[, axis={axis}]][[, dtype={dt}]][[, include_initial={bool}]])
np.nansum({a}[[, axis={axes}]][[, keepdims={bool}]][[, dtype={dt}]][[, where={mask}]])
np.nanprod({a}[[, axis={axes}]][[, keepdims={bool}]][[, dtype={dt}]][[, where={mask}]])
np.nanmean({a}[[, axis={axes}]][[, keepdims={bool}]][[, dtype={dt}]][[, where={mask}]])
np.nanstd({a}[[, axis={axes}]][[, keepdims={bool}]][[, ddof={n}]][[, where={mask}]])
np.nanvar({a}[[, axis={axes}]][[, keepdims={bool}]][[, ddof={n}]][[, where={mask}]])
np.nanmax({a}[[, axis={axes}]][[, keepdims={bool}]][[, initial={x}]][[, where={mask}]])
np.nanmin({a}[[, axis={axes}]][[, keepdims={bool}]][[, initial={x}]][[, where={mask}]])
np.median({r}[[, axis={axes}]][[, keepdims={bool}]])
np.nanmedian({r}[[, axis={axes}]][[, keepdims={bool}]])
np.percentile({r}, {0|25|50|90|100|[10, 50]|33.3|101|np.array([[5., 95.]])|[]}[[, axis={axes}]]\
[[, keepdims={bool}]]\
[[, \
method='{inverted_cdf|averaged_inverted_cdf|closest_observation|interpolated_inverted_cdf|hazen|\
weibull|linear|median_unbiased|normal_unbiased|lower|higher|midpoint|nearest}']])
np.nanpercentile({r}, {0|25|50|90|100|[10, 50]|33.3|101|np.array([[5., 95.]])|[]}\
[[, axis={axes}]][[, keepdims={bool}]]\
[[, \
method='{inverted_cdf|averaged_inverted_cdf|closest_observation|interpolated_inverted_cdf|hazen|\
weibull|linear|median_unbiased|normal_unbiased|lower|higher|midpoint|nearest}']])
np.quantile({r}, {0|0.25|0.5|0.9|1|[0.1, 0.5]|1.5|np.float32(0.3)}[[, axis={axes}]]\
[[, keepdims={bool}]]\
[[, \
method='{inverted_cdf|averaged_inverted_cdf|closest_observation|interpolated_inverted_cdf|hazen|\
weibull|linear|median_unbiased|normal_unbiased|lower|higher|midpoint|nearest}']])
np.nanquantile({r}, {0|0.25|0.5|0.9|1|[0.1, 0.5]|1.5|np.float32(0.3)}[[, axis={axes}]]\
[[, keepdims={bool}]]\
[[, \
method='{inverted_cdf|averaged_inverted_cdf|closest_observation|interpolated_inverted_cdf|hazen|\
weibull|linear|median_unbiased|normal_unbiased|lower|higher|midpoint|nearest}']])
np.average({a}[[, axis={axes}]][[, keepdims={bool}]])
np.average({a}, weights={s}[[, axis={axis}]][[, returned=True]])
np.average({v}, weights={w})
np.cov({a}[[, rowvar={bool}]][[, ddof={n}]][[, bias=True]])
np.corrcoef({a}[[, rowvar={bool}]])
np.cov({v}, {w})
np.corrcoef({v}, {w})
np.frexp({a})
np.modf({a})
{a} + {b}
{a} + {x}
{x} + {a}
{a} += {b}; {a}
{a} - {b}
{a} - {x}
{x} - {a}
{a} -= {b}; {a}
{a} * {b}
{a} * {x}
{x} * {a}
{a} *= {b}; {a}
{a} / {b}
{a} / {x}
{x} / {a}
{a} /= {b}; {a}
{a} // {b}
{a} // {x}
{x} // {a}
{a} //= {b}; {a}
{a} % {b}
{a} % {x}
{x} % {a}
{a} %= {b}; {a}
{a} ** {b}
{a} ** {x}
{x} ** {a}
{a} **= {b}; {a}
{a} & {b}
{a} & {x}
{x} & {a}
{a} &= {b}; {a}
{a} ^ {b}
{a} ^ {x}
{x} ^ {a}
{a} ^= {b}; {a}
{a} << {b}
{a} << {x}
{x} << {a}
{a} <<= {b}; {a}
{a} >> {b}
{a} >> {x}
{x} >> {a}
{a} >>= {b}; {a}
{a} == {b}
{a} == {x}
{x} == {a}
{a} != {b}
{a} != {x}
{x} != {a}
{a} < {b}
{a} < {x}
{x} < {a}
{a} <= {b}
{a} <= {x}
{x} <= {a}
{a} > {b}
{a} > {x}
{x} > {a}
{a} >= {b}
{a} >= {x}
{x} >= {a}
{a} @ {b}
{a} @ {x}
{x} @ {a}
-{a}
+{a}
abs({a})
~{a}
divmod({a}, {b})
bool({a})
float({a})
int({a})
len({a})
complex({a})
{a}.item()
{a}.tolist()
round({a}, 1)
list({a})
str({a})
{a} in {b}
{x} in {a}
np.clip({a}, {x}, {x})
np.clip({a}, {b}, {c})
np.clip({a}, None, {x})
np.clip({a}, min={x})
{a}.clip({x}, {x})
np.round({a}[[, {n}]])
np.round({a}, -1)
{a}.round({n})
np.where({a}, {b}, {c})
np.where({a}, {x}, {b})
np.where({a})
np.where({a} > 0, {a}, {x})
np.nonzero({a})
{a}.nonzero()
np.argwhere({a})
np.flatnonzero({a})
np.select([{a} > 1, {s} > 0], [{a}, {x}][[, {x}]])
np.choose({i} % 2, [{a}, {x}])
np.choose({i}, [{b}, {c}][[, mode='{wrap|clip|raise}']])
np.compress({vi} > 0, {a}[[, axis={axis}]])
np.extract({Mask}, {a})
np.piecewise({f}, [{f} < 0, {f} >= 0], [{x}, {x}])
np.extract({a} > 0, {a})
np.take({a}, {index}[[, axis={axis}]][[, mode='{wrap|clip|raise}']])
{a}.take({index}[[, axis={axis}]])
np.take_along_axis({a}, {i}, axis={ax})
np.take_along_axis({a}, np.argsort({a}, axis={ax}), axis={ax})
np.put({a}, {index}, {x}[[, mode='{wrap|clip|raise}']]); {a}
np.place({a}, {Mask}, [{x}, {x}]); {a}
np.place({a}, {a} > 0, {v}); {a}
np.putmask({a}, {Mask}, {b}); {a}
np.copyto({a}, {b}[[, where={mask}]][[, casting='{unsafe|same_kind}']]); {a}
np.fill_diagonal({a}, {x}[[, wrap=True]]); {a}
np.put_along_axis({a}, {i}, {x}, {ax}); {a}
np.sort({a}[[, axis={axis}]][[, kind='{quicksort|stable|heapsort|mergesort}']])
np.argsort({a}[[, axis={axis}]], kind='stable')
{a}.sort([[axis={ax}]]); {a}
np.lexsort(({v}, {w}))
np.lexsort({m})
np.sort(np.partition({a}, {n}[[, axis={axis}]])[[, axis={axis}]])
np.partition({v}, {n})[{n}]
np.searchsorted({sorted}, {b}[[, side='{left|right}']])
np.searchsorted({sorted}, {x})
np.searchsorted({sorted}, {a}, sorter=np.argsort({sorted}))
np.sort_complex({a})
np.argpartition({v}, {n}).shape
np.unique({a}[[, return_index={bool}]][[, return_inverse={bool}]][[, return_counts={bool}]]\
[[, axis={axis}]])
np.unique_counts({a})
np.unique_all({a})
np.unique_inverse({a})
np.sort(np.unique_values({a}))
np.union1d({a}, {b})
np.intersect1d({a}, {b}[[, return_indices=True]])
np.setdiff1d({a}, {b})
np.setxor1d({a}, {b})
np.isin({a}, {b}[[, invert=True]])
np.ediff1d({a}[[, to_begin={x}]][[, to_end={x}]])
np.diff({a}[[, n={n}]][[, axis={ax}]])
np.diff({a}, prepend={x})
np.diff({a}, append={x}, axis={ax})
np.bincount({vi}[[, minlength={n}]])
np.bincount(abs({vi}), weights={w}[[, minlength={n}]])
np.digitize({a}, {sorted}[[, right={bool}]])
np.histogram({a}[[, {1|3|10|[-1, 0, 2]|'auto'}]][[, range=(-4, 4)]][[, density={bool}]])
np.histogram({a}, 4, weights={s})
np.histogram_bin_edges({a}, {3|'auto'|'sturges'|'fd'|'doane'|'scott'|'rice'|'sqrt'|'stone'})
np.histogram2d({v}, {w}[[, {2|[2, 3]}]])
np.histogramdd({m}[[, bins={2}]])
np.reshape({a}, {reshape}[[, order='{C|F|A}']])
{a}.reshape({reshape})
np.ravel({a}[[, order='{C|F|A|K}']])
{a}.flatten([['{C|F|A|K}']])
np.transpose({a}[[, {(0, 1)|(1, 0)|(0, 2, 1)|(-1, 0)|None}]])
{a}.T
{a}.mT
np.matrix_transpose({a})
np.moveaxis({a}, {k}, {k})
np.rollaxis({a}, {k}[[, {k}]])
np.swapaxes({a}, {k}, {k})
np.squeeze({a}[[, axis={axes}]])
np.expand_dims({a}, {k|(0, 1)|(0, -1)|-2|(0, 0)})
np.flip({a}[[, axis={axes}]])
np.fliplr({a})
np.flipud({a})
np.rot90({a}[[, {k}]][[, axes={(0, 1)|(1, 0)|(0, 0)|(1, 2)}]])
np.tile({a}, {2|(2, 1)|(1, 2, 3)|()|0|(0, 2)})
np.repeat({a}, {2|0|[1, 2]|[0]|3|-1}[[, axis={axis}]])
np.roll({a}, {1|-2|7|(1, 2)}[[, axis={axes}]])
np.broadcast_to({a}, {shape})
np.broadcast_to({a}, (2, *{a}.shape))
np.broadcast_arrays({a}, {b})
np.atleast_1d({a})
np.atleast_2d({a})
np.atleast_3d({a}[[, {b}]])
np.resize({a}, {shape})
np.delete({a}, {0|-1|[0, 1]|slice(0, 2)|[]|9|slice(None, None, 2)}[[, axis={axis}]])
np.insert({a}, {0|1|-1|[0, 1]|[0, 0]|slice(0, 2)|9}, {x}[[, axis={axis}]])
np.insert({a}, {0|1}, {v}[[, axis={ax}]])
np.append({a}, {b}[[, axis={axis}]])
np.trim_zeros({v}[[, '{f|b|fb}']])
np.pad({a}, {1|(1, 2)|0|((1, 0),)}\
[[, mode='{constant|edge|reflect|symmetric|wrap|linear_ramp|maximum|mean|median|minimum|empty}']])
np.pad({a}, 2, constant_values={x|(1, 2)})
np.pad({a}, (2, 3), '{reflect|symmetric}', reflect_type='odd')
np.concatenate([{a}, {b}][[, axis={axis}]][[, dtype={dt}, casting='unsafe']])
np.concatenate([{a}, {s}, {same}][[, {axis}]])
np.stack([{a}, {s}][[, axis={axis}]])
np.vstack([{a}, {s}])
np.hstack([{a}, {s}])
np.dstack([{a}, {s}])
np.column_stack([{a}, {s}])
np.block([ [{a}, {s}], [{same}, {a}] ])
np.block([{a}, {x}])
np.split({a}, {1|2|3|[1]|[1, 2]|[0]|0}[[, axis={ax}]])
np.array_split({a}, {1|2|3|[1]|[1, 2]|0}[[, axis={ax}]])
np.hsplit({a}, {1|2|[1]})
np.vsplit({a}, {1|2|[1]})
np.dsplit({a}, {1|[1]})
np.unstack({a}[[, axis={ax}]])
np.diag({a}[[, {k}]])
np.diagflat({a}[[, {k}]])
np.diagonal({a}[[, {k}]])
np.diagonal({a}, {k}, {k}, {k})
np.trace({a}[[, {k}]][[, dtype={dt}]])
np.tril({a}[[, {k}]])
np.triu({a}[[, {k}]])
np.tri({n}[[, {n}]][[, {k}]][[, dtype={dt}]])
np.eye({n}[[, {n}]][[, {k}]][[, dtype={dt}]])
np.identity({n}[[, dtype={dt}]])
np.vander({v}[[, {n}]][[, increasing={bool}]])
np.tril_indices({n}[[, {k}]][[, {n}]])
np.triu_indices_from({m})
np.diag_indices({n})
np.diag_indices_from({m})
np.mask_indices({n}, np.triu)
np.dot({a}, {b})
np.dot({m}, {a})
np.inner({a}, {b})
np.outer({a}, {b})
np.vdot({a}, {s})
np.matmul({a}, {b})
np.matmul({m}, {m}.T)
np.matmul({q}, {same})
{q} @ {same}
np.tensordot({a}, {b}[[, axes={0|1|2}]])
np.tensordot({a}, {s}, axes=({ax}, {ax}))
np.kron({a}, {b})
np.cross({v}, {same})
np.einsum('ij,jk', {m}, {m}.T)
np.einsum('...i->...', {a})
np.einsum('ii', {q})
np.einsum('ii->i', {q})
np.einsum('ij->ji', {m})
np.einsum('i,i', {v}, {w})
np.einsum('i,j->ij', {v}, {w})
np.vecdot({a}, {b})
np.matvec({q}, {q})
np.vecmat({m}, {m})
np.vecdot({a}, {same})
np.convolve({v}, {w}[[, '{full|same|valid}']])
np.correlate({v}, {w}[[, '{full|same|valid}']])
np.interp({r}, {sorted}, {x})
np.interp({r}, [-2, 0., 3], [1, 5, -2][[, left={x}]][[, right={x}]])
np.interp({r}, [0, 1, 2], [1, 5, 2], period=3)
np.gradient({a}[[, axis={axes}]])
np.gradient({a}, {x}[[, edge_order={1|2}]])
np.gradient({a}, [0., 1, 3, 4])
np.trapezoid({a}[[, dx={x}]][[, axis={ax}]])
np.trapezoid({a}, {s})
np.unwrap({f}[[, axis={ax}]][[, discont={x}]][[, period={x}]])
np.polyval({v}, {a})
np.polyadd({v}, {w})
np.polysub({v}, {w})
np.polymul({v}, {w})
np.polydiv({v}, {w})
np.polyder({v}[[, {n}]])
np.polyint({v}[[, {n}]])
np.poly({v})
np.polyfit([0, 1, 2, 3], [1., 3, 2, 5], {n})
np.hanning({k})
np.hamming({k})
np.blackman({k})
np.bartlett({k})
np.kaiser({k}, {x})
np.poly1d({v})
np.poly1d({v})({a})
np.arange({k}[[, {n}]][[, dtype={dt}]])
np.arange({x}, {n}, {0.5|1|2|-1|0})
np.linspace({x}, {x}[[, {n}]][[, endpoint={bool}]][[, dtype={dt}]][[, retstep=True]])
np.linspace({a}, {b}, 3[[, axis={ax}]])
np.logspace({k}, {k}, {n}[[, base=2]])
np.geomspace(1, {x}, {n})
np.zeros({shape}[[, {dt}]])
np.ones({shape}[[, {dt}]])
np.full({shape}, {x}[[, {dt}]])
np.full_like({a}, {x}[[, dtype={dt}]])
np.zeros_like({a}[[, dtype={dt}]][[, shape={shape}]])
np.ones_like({a}[[, dtype={dt}]])
np.array({a}[[, dtype={dt}]][[, ndmin={n}]])
np.asarray({a}[[, {dt}]])
{a}.astype({dt}[[, casting='{unsafe|same_kind|safe|equiv|no}']])
np.meshgrid({v}, {w}[[, indexing='ij']][[, sparse={bool}]])
np.indices({shape}[[, sparse=True]])
np.ix_({vi}, {w})
np.ravel_multi_index((abs({i}), abs({i})), (5, 4)[[, mode='{wrap|clip|raise}']])
np.unravel_index({i}, {(3, 4)|(200,)|(5, 60)})
np.fromfunction(lambda i, j: i + j, ({n}, {n})[[, dtype={dt}]])
np.fromiter((i * i for i in range({n})), {dt})
np.r_[{v}, {w}]
np.c_[{v}, {w}]
np.r_[0:{n}, {v}]
np.mgrid[0:{n}, 0:3]
np.ogrid[0:{n}, 0:1:3j]
np.allclose({a}, {s}[[, equal_nan=True]])
np.isclose({a}, {b}[[, rtol={x}]][[, equal_nan={bool}]])
np.array_equal({a}, {s}[[, equal_nan={bool}]])
np.array_equal({a}, {a})
np.array_equiv({a}, {b})
np.iscomplexobj({a})
np.isrealobj({a})
np.shape({a})
np.size({a}[[, {ax}]])
np.ndim({a})
np.result_type({a}, {b})
np.result_type({a}, {x})
np.promote_types({dt}, {dt})
np.can_cast({dt}, {dt}[[, '{safe|same_kind|unsafe}']])
np.min_scalar_type({x})
np.isscalar({a})
np.packbits({a}[[, axis={axis}]])
np.unpackbits({a}[[, axis={axis}]])
np.binary_repr({k}[[, {n}]])
np.base_repr({k}, {2|16})
np.apply_along_axis(np.sum, {ax}, {a})
np.apply_along_axis(lambda u: u[:1] * 2, {ax}, {a})
np.apply_over_axes(np.sum, {a}, {[0]|[0, 1]|0})
np.vectorize(lambda u: u + 1)({a})
list(np.ndenumerate({a}))
list(np.ndindex({shape}))
[v.item() for v in np.nditer({a})]
list({a}.flat)
{a}.flat[{k}]
np.lib.stride_tricks.sliding_window_view({a}, {n}[[, axis={ax}]])
{a}.view({dt})
{a}.real
{a}.imag
{a}.strides
{a}.nbytes, {a}.itemsize, {a}.size, {a}.ndim
{a}.tobytes()
{a}.flags['C_CONTIGUOUS'], {a}.flags['F_CONTIGUOUS']
{a}.fill({x}); {a}
{a}.repeat({2|[1, 2]})
{a}.squeeze()
{a}.trace()
{a}.diagonal()
{a}.item({k})
{a}.copy([['{C|F|A|K}']]).flags.c_contiguous
{a}.searchsorted({x})
{a}.compress([True, False][[, axis={axis}]])
{a}.choose([{x}, {x}])
{a}.dot({b})
{a}.conj()
{a}[{subscript}]
{a}[{subscript}] = {x}; {a}
np.linalg.norm({a}[[, {1|2|np.inf|-np.inf|0|-1|'fro'|'nuc'|3|None}]][[, axis={axes}]]\
[[, keepdims={bool}]])
np.linalg.inv({q})
np.linalg.det({q})
np.linalg.slogdet({q})
np.linalg.solve({q}, {same})
np.linalg.solve({q}, {v})
np.linalg.matrix_power({q}, {k})
np.linalg.matrix_rank({q})
np.linalg.multi_dot([{q}, {same}, {q}])
np.linalg.cond({q})
np.linalg.eigvalsh({q})
np.linalg.svd({q}, compute_uv=False)
abs(np.linalg.qr({q})[1])
np.linalg.cholesky({q} @ {q}.T + 50 * np.eye({q}.shape[-1]))
np.linalg.inv({a})
np.linalg.det({a})
np.linalg.cholesky({a})
np.linalg.eigh({a})[0].shape
np.linalg.trace({a}[[, offset={k}]])
np.linalg.diagonal({a})
np.linalg.vector_norm({a}[[, axis={axes}]][[, ord={x}]][[, keepdims={bool}]])
np.linalg.matrix_norm({a}[[, ord={1|2|'nuc'}]])
np.linalg.cross({v}, {same})
np.linalg.outer({a}, {b})
np.linalg.pinv({q}).shape
np.linalg.svdvals({a})
np.linalg.tensordot({a}, {b})
np.linalg.vecdot({a}, {b})
np.linalg.matmul({a}, {b})
np.linalg.matrix_transpose({a})
np.fft.fft({a}[[, n={n}]][[, axis={ax}]][[, norm='{ortho|forward|backward|bad}']])
np.fft.ifft({a}[[, n={n}]][[, axis={ax}]][[, norm='{ortho|forward|backward|bad}']])
np.fft.rfft({a}[[, n={n}]][[, axis={ax}]][[, norm='{ortho|forward|backward|bad}']])
np.fft.irfft({a}[[, n={n}]][[, axis={ax}]][[, norm='{ortho|forward|backward|bad}']])
np.fft.hfft({a}[[, n={n}]][[, axis={ax}]][[, norm='{ortho|forward|backward|bad}']])
np.fft.ihfft({a}[[, n={n}]][[, axis={ax}]][[, norm='{ortho|forward|backward|bad}']])
np.fft.fft2({a}[[, norm='ortho']])
np.fft.ifft2({a}[[, norm='ortho']])
np.fft.rfft2({a}[[, norm='ortho']])
np.fft.irfft2({a}[[, norm='ortho']])
np.fft.fftn({a}[[, norm='ortho']])
np.fft.ifftn({a}[[, norm='ortho']])
np.fft.rfftn({a}[[, norm='ortho']])
np.fft.irfftn({a}[[, norm='ortho']])
np.fft.fftfreq({n}[[, {x}]])
np.fft.rfftfreq({n})
np.fft.fftshift({a}[[, axes={ax}]])
np.fft.ifftshift({a})
{a}[{subscript}] += {x}; {a}
""".strip().splitlines()
_SUBSCRIPTS = ["{a}[{subscript}]", "{a}[{subscript}] = {x}; {a}", "{a}[{subscript}] += {x}; {a}"]

TEMPLATES = [
    *(one.replace("{0}", name) for name in _ONE for one in _OF_ONE),
    *(f"np.{name}({{a}})" for name in _OTHERS_OF_ONE),
    *(one.replace("{0}", name) for name in _TWO for one in _OF_TWO),
    *_OTHERS,
    *_SUBSCRIPTS * 8,
]

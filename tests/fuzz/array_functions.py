"""Random calls of NumPy's functions, with their options: a family of `arrays`.

In: the random choices of `arrays.Cases`. Out: cases. The one idea: a row for each function says how
a call is written, and the fields in it are filled at random.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol


class Choices(Protocol):
    """What `arrays.Cases` offers."""

    r: object

    def array(self, shape: tuple[int, ...], dtype: str) -> str: ...


CALLS = """
np.sort({a}{, axis})
np.argsort({a}{, axis}, kind="stable")
np.sort({a}, axis=None)
np.partition({f1}, {i3})[{i3}]
np.unique({a})
np.unique({v}, return_counts=True)
np.unique({v}, return_index=True, return_inverse=True)
np.unique({a}, axis=0)
np.searchsorted(np.sort({v}), {w}{, side})
np.where({a} > 2, {a}, {n})
np.where({v} > 1)
np.nonzero({a})
np.argwhere({a})
np.flatnonzero({a})
np.take({a}, [0, -1, {i3} % 2]{, axis}, mode="wrap")
np.take_along_axis({v}, np.argsort({v}, kind="stable")[:2], 0)
np.repeat({a}, {i3}{, axis})
np.repeat({v}, {v} % 3 * ({v} > 0))
np.tile({a}, {i3})
np.tile({v}, (2, {i3}))
np.pad({v}, {i3})
np.pad({m}, ((1, {i3}), (0, 2)), mode={mode})
np.roll({a}, k{, axis})
np.roll({m}, (1, k), axis=(0, 1))
np.flip({a}{, axis})
np.rot90({m}, k)
np.diff({a}{, axis})
np.diff({v}, n=2, prepend=0)
np.ediff1d({v})
np.gradient({f1})
np.cumsum({a}{, axis})
np.nancumsum({f2}{, axis})
np.convolve({v}, {v}, {cmode})
np.correlate({v}, {v}, {cmode})
np.median({a}{, axis})
np.percentile({a}, [25, 50, k * 10]{, axis})
np.quantile({f1}, 0.3, method={method})
np.average({f2}{, axis})
np.average({f1}, weights=np.arange(1, 4))
np.cov({f2})
np.histogram({f1}, bins={i3} + 1)
np.histogram({f1}, bins=[-5, 0, 1, 4, 9])
np.bincount(np.abs({iv}))
np.bincount(np.abs({iv}), weights={f1}, minlength=9)
np.digitize({f1}, [-2, 0, 3, 5])
np.concatenate([{m}, {m}], axis={x2})
np.concatenate([{v}, {w}, {v}])
np.stack([{v}, {v}], axis={x2})
np.vstack([{v}, {m}[:, :3]])
np.hstack([{v}, {w}])
np.column_stack([{v}, {v}])
np.dstack([{m}, {m}])
np.split({v}, [1, {i3}])
np.array_split({a}, 2)
np.insert({v}, {i3}, {n})
np.insert({m}, 1, {n}, axis={x2})
np.insert({v}, [0, 2], [7, 8])
np.delete({v}, {i3} % 3)
np.delete({m}, [0, -1], axis={x2})
np.append({v}, {w})
np.trim_zeros({v})
np.tensordot({m}, {m}.T, axes=1)
np.einsum("ij,kj->ik", {m}, {m})
np.einsum("ij->j", {m})
np.einsum("i,j->ij", {v}, {w})
np.kron({v}, {w})
np.outer({v}, {w})
np.inner({m}, {m})
np.dot({v}, {v})
np.vdot({v}, {v})
np.cross({v}, {v})
np.trace({m}, offset={x2})
np.diag({v}, k={x2})
np.diag({m}, k=-1)
np.diagonal({m}, offset=1)
np.tril({m}, k={x2})
np.triu({m}, k=-1)
np.select([{v} > 3, {v} > 1], [{v}, {v} * 2], default={n})
np.choose({iv} % 2, [{v}, {v} + 10])
np.clip({a}, 0, {n})
np.clip({a}, None, 3)
np.round({f2}, {i3})
np.around({a}, -1)
np.nanmax(np.where({f2} > 3, np.nan, {f2}){, axis})
np.nanmean(np.where({f2} > 3, np.nan, {f2}){, axis})
np.nansum({a}{, axis})
np.isclose({v}, {w})
np.allclose({a}, {n})
np.array_equal({v}, {w})
np.packbits({v} > 2)
np.union1d({v}, {w})
np.intersect1d({v}, {w})
np.setdiff1d({v}, {w})
np.setxor1d({v}, {w})
np.isin({a}, {v})
np.in1d({v}, {w}) if hasattr(np, "in1d") else 0
np.apply_along_axis(lambda r: r.max() - r.min(), {x2}, {m})
np.apply_over_axes(np.sum, {m}, [0, 1])
np.vectorize(lambda p, q: p * 2 + q)({v}, {n})
np.meshgrid({v}, {w})
np.meshgrid({v}, {w}, indexing="ij", sparse=True)
np.broadcast_to({v}, (2, n))
np.reshape({a}, -1)
np.reshape({m}, (-1, n), order={order})
np.ravel({a}, order={order})
np.transpose({a})
np.swapaxes({m}, 0, -1)
np.moveaxis({c}, 0, -1)
np.expand_dims({a}, 0)
np.squeeze({a})
np.atleast_2d({a})
np.argmax({a}{, axis})
np.argmin({a}{, axis})
np.count_nonzero({a}{, axis})
np.ptp({a}{, axis})
np.lexsort(({v}, {iv}))
np.interp({f1}, [-5, 0, 5], [1, 2, 4])
np.trapezoid({f1}, dx=0.5)
np.polyval([1, 2, {n}], {v})
np.polyadd({v}, {w})
np.polymul({v}, {w})
np.vander({v}, {i3} + 1)
np.fliplr({m})
np.full_like({a}, {n})
np.ones_like({a}, dtype="float32")
np.zeros_like({a}).sum()
np.linspace({n}, 5, {i3} + 1)
np.arange({i3}, k * 2, 2)
np.tri(n, k, {x2})
np.eye(n, k, {x2})
np.identity(n) * {n}
np.indices((2, n))
np.ix_({iv}, {v} > 1)
np.unravel_index({i3}, (n, 4))
np.ravel_multi_index(([1, 0], [2, {i3}]), (n, 4), mode="wrap")
np.mean({a}{, axis})
np.std({f2}{, axis}, ddof=1)
np.nan_to_num(np.array([np.nan, np.inf, k]))
np.sign({a})
np.heaviside({f1}, 0.5)
np.maximum.accumulate({a}) if {v}.size else 0
np.copysign({f1}, {n})
np.mod({a}, 4)
np.divmod({a}, 3)
np.fmod({a}, 3)
np.floor_divide({a}, 2)
np.gcd({iv}, 6)
np.lcm(np.abs({iv}) + 1, 4)
np.bitwise_count({iv})
np.invert({iv})
np.left_shift({iv}, {i3})
np.block([[{m}, {m}], [{m}, {m}]])
np.array({a}, dtype={dtype})
{a}.astype({dtype})
{a}.T.copy().flags["C_CONTIGUOUS"]
{m}.T.reshape(-1)
{m}.T.ravel()
{m}.flatten(order={order})
{a}.tolist()
{v}.searchsorted({n})
{v}.clip(1, 3).sum()
{m}.swapaxes(0, 1).sum(axis=0)
{m}.diagonal().sum()
{m}.trace()
{v}.dot({v})
{m} @ {m}.T
{v} @ {v}
{m}.cumprod(axis={x2})
{a}.round(1)
{a}.item() if {a}.size == 1 else 0
{v}.argsort()[::-1]
{v}.take([0, -1])
{m}.compress([True, False, True], axis={x2})
{v}.nonzero()
({a}.nbytes, {a}.itemsize)
sorted({v}.tolist())
[x for x in {v}]
list({m}[0])
({m}[:, 0], {m}[-1])
(len({m}), {m}.ndim, {m}.size)
str({a})
repr({a})
np.array2string({f2}, precision=3)
""".strip().split("\n")


def call(cases: Choices) -> list[str]:
    """One of these with random arguments."""
    r = cases.r
    text = r.choice(CALLS)
    fields: dict[str, Callable[[], str]] = {
        "a": lambda: cases.array(cases.shape(), cases.dtype()),
        "v": lambda: cases.array((3,), cases.dtype()),
        "w": lambda: cases.array((4,), cases.dtype()),
        "m": lambda: cases.array((3, 4), cases.dtype()),
        "c": lambda: cases.array((3, 4, 2), cases.dtype()),
        "f1": lambda: cases.array((3,), r.choice(["float64", "float32"])),
        "f2": lambda: cases.array((3, 4), r.choice(["float64", "float32"])),
        "iv": lambda: cases.array((3,), r.choice(["int64", "int32", "int8"])),
        "n": lambda: r.choice(["1", "k", "-3", "2.5", "np.int8(2)", "0"]),
        "i3": lambda: r.choice(["0", "1", "2", "k % 3", "n - 1"]),
        "x2": lambda: r.choice(["0", "1", "-1"]),
        ", axis": lambda: r.choice(["", ", axis=0", ", axis=-1", ", axis=None"]),
        ", side": lambda: r.choice(["", ', side="right"']),
        "mode": lambda: r.choice(['"edge"', '"reflect"', '"wrap"', '"symmetric"', '"maximum"']),
        "cmode": lambda: r.choice(['"full"', '"same"', '"valid"']),
        "method": lambda: r.choice(['"linear"', '"lower"', '"nearest"', '"midpoint"', '"weibull"']),
        "order": lambda: r.choice(['"C"', '"F"', '"A"']),
        "dtype": lambda: f'"{cases.dtype()}"',
    }  # fmt: skip
    return [f"show({re.sub(PLACE, lambda found: fields[found[1]](), text)})"]


PLACE = re.compile(r"\{(a|v|w|m|c|f1|f2|iv|n|i3|x2|, axis|, side|mode|cmode|method|order|dtype)\}")

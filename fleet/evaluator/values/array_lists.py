"""Lists of arrays and numbers that change as only run time knows: which ones they hold is learnt.

In: an expression that makes such a list, and what goes into it. Out: the kind of array that comes
out of it, or that NumPy makes of the whole. The one idea: dtype and rank must be known when the
program is compiled, so the kinds of all that goes in are joined, expression by expression; when one
widens, the program is evaluated again. What comes out is checked, because other ways may lead into
the list, and because of several dtypes of numbers the greatest need not be there when it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from fleet.evaluator.values import extents, kinds, numbers, seeds
from fleet.evaluator.values.emitter import KIND_DTYPES, Emitter, tensor_type
from fleet.evaluator.values.heap import SPLIT
from fleet.evaluator.values.kinds import Kind, TensorKind
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.then import Array, Object, Tensor, dim_type


class ArrayLists:
    """known: the kinds of arrays by the id of the expression that makes their list; dtypes: what
    NumPy makes of the numbers that go into it, None if other things do, too.

    again: called when a kind has widened; it does not come back.
    """

    def __init__(
        self, e: Emitter, known: dict[int, Any], dtypes: dict[int, np.dtype | None],
        again: Callable[[], None],
    ) -> None:  # fmt: skip
        self.e = e
        self.known = known
        self.dtypes = dtypes
        self.again = again
        self._asked: set[int] = set()
        """The expressions whose dtype something has been made with."""

    def note(self, site: int | None, values: Iterable[Any]) -> None:
        """These values go into a list that the expression has made."""
        values = list(values)
        if site is not None and self._widens_dtype(site, values) and site in self._asked:
            self.again()
        arrays = [value for value in values if isinstance(value, Array) and not value.scalar]
        if not arrays:
            return
        if site is None:
            raise self.e.error(
                "which arrays this list, dict or set holds cannot be said when the program is "
                "compiled",
                "keep arrays in a list of their own, made with [] and filled with append",
            )
        for array in arrays:
            array.cell.split = True
            array.frozen = array.frozen or SPLIT
        if self._widens(site, arrays):
            self.again()

    def expect(self, sites: Iterable[int], values: Iterable[Any]) -> None:
        """These values are in a list that will be one of run time."""
        values = list(values)
        arrays = [value for value in values if isinstance(value, Array) and not value.scalar]
        for site in sites:
            self._widens_dtype(site, values)
            self._widens(site, arrays)

    def _widens_dtype(self, site: int, values: list[Any]) -> bool:
        """Whether NumPy may make another dtype of these numbers than of those that are known."""
        found = {_dtype_of(value) for value in values}
        before = self.dtypes.get(site)
        if not found or (site in self.dtypes and before is None):
            return False
        if before is not None:
            found.add(before)
        joined = None if None in found else np.result_type(*filter(None, found))
        self.dtypes[site] = joined
        return joined != before

    def _widens(self, site: int, arrays: list[Array]) -> bool:
        """Whether these arrays are others than those that are known."""
        before = self.known.get(site)
        kind: Kind | None = before
        for array in arrays:
            own = seeds.opened(kinds.kind_of(array))
            kind = own if kind is None else kind.join(own)
            if kind is None:
                raise self.e.error("this list holds arrays of several dtypes or ranks")
        if kind is None or kind == before:
            return False
        self.known[site] = kind
        return True

    def typed(self, owner: Any, found: Object) -> Any:
        """An item of a list: an array, where it holds arrays."""
        kind = self.kind(owner)
        return found if kind is None else kind.unpack(self.e, iter([self._array(
            "array_item", found, kind, 0)]))  # fmt: skip

    def kind(self, owner: Any) -> TensorKind | None:
        """Which arrays an object holds; None for one that holds none."""
        return self.known.get(owner.site) if isinstance(owner, Object) else None

    def items(self, owner: Any) -> TensorKind | None:
        """What NumPy makes an array of: arrays, or numbers of a dtype; None for other objects."""
        kind = self.kind(owner)
        if kind is not None or not isinstance(owner, Object) or owner.site is None:
            return kind
        self._asked.add(owner.site)
        dtype = self.dtypes.get(owner.site)
        return None if dtype is None else TensorKind(dtype, (), "scalar")

    def stacked(self, owner: Object) -> Array | None:
        """np.array(owner) of a list of arrays or numbers; None for other objects."""
        kind = self.items(owner)
        if kind is None:
            return None
        native = self._array("stacked", owner, kind, 1)
        dims = (extents.Open().dim(), *extents.dims_of(kind.extents))
        return tensors.wrap(self.e, Tensor(native, dims, kind.dtype))

    def joined(self, name: str, owner: Object, axis: int | None) -> Array | None:
        """np.concatenate(owner, axis) or another of NumPy's functions that join the items; None for
        other objects."""
        kind = self.items(owner)
        if kind is None:
            return None
        rank = _JOINED_RANKS[name](len(kind.extents)) if axis is not None else 1
        dims = tuple(extents.Open().dim() for _ in range(rank))
        whole = TensorKind(kind.dtype, dims, "array")
        native = self._array(f"numpy.{name}", owner, whole, 0, axis="all" if axis is None else axis)
        return tensors.wrap(self.e, Tensor(native, dims, kind.dtype))

    def _array(self, name: str, owner: Object, kind: TensorKind, more: int, **options: Any) -> Any:
        rank = len(kind.extents) + more
        lengths = extents.dims_of(kind.extents)
        shape = (None,) * more + dim_type(lengths)
        shown = [length if isinstance(length, int) else -1 for length in shape]
        return self.e.attempt(
            "function", [owner.native], ["object"],
            ("array", tensor_type(shape, kind.dtype)), ("ValueError",), name=name, named=[],
            rank=rank, dtype=kind.dtype.name, shape=shown, **options,
        )  # fmt: skip


_JOINED_RANKS: dict[str, Callable[[int], int]] = {
    "concatenate": lambda rank: rank,
    "stack": lambda rank: rank + 1,
    "vstack": lambda rank: max(rank, 2),
    "hstack": lambda rank: max(rank, 1),
    "dstack": lambda rank: max(rank, 3),
    "column_stack": lambda rank: max(rank, 2),
}
"""The rank of what NumPy's functions make of a list of arrays of a rank."""


def _dtype_of(value: Any) -> np.dtype | None:
    """Of a number, in an array that NumPy makes of a list with it; None for other things."""
    if isinstance(value, np.generic) or (isinstance(value, Array) and value.scalar):
        return value.dtype
    if numbers.is_complex(value) or (isinstance(value, Object) and value.kind is complex):
        return np.dtype(complex)
    kind = numbers.plain_kind_of(value)
    return None if kind is None else KIND_DTYPES[kind]

"""Lists of arrays that change as only run time knows: which arrays they hold is learnt.

In: an expression that makes such a list, and the arrays that go into it. Out: the kind of array
that comes out of it. The one idea: dtype and rank must be known when the program is compiled, so
the kinds of all that goes in are joined, expression by expression; when one widens, the program is
evaluated again. What comes out is checked, because other ways may lead into the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fleet.evaluator.values import kinds
from fleet.evaluator.values.emitter import Emitter, tensor_type
from fleet.evaluator.values.heap import SPLIT
from fleet.evaluator.values.kinds import Kind, TensorKind
from fleet.evaluator.values.ndarrays import tensors
from fleet.evaluator.values.then import Array, Object, Tensor, dim_type


class ArrayLists:
    """known: the kinds of arrays by the id of the expression that makes their list.

    again: called when a kind has widened; it does not come back.
    """

    def __init__(self, e: Emitter, known: dict[int, Any], again: Callable[[], None]) -> None:
        self.e = e
        self.known = known
        self.again = again

    def note(self, site: int | None, values: Iterable[Any]) -> None:
        """These values go into a list that the expression has made."""
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
        arrays = [value for value in values if isinstance(value, Array) and not value.scalar]
        for site in sites:
            self._widens(site, arrays)

    def _widens(self, site: int, arrays: list[Array]) -> bool:
        """Whether these arrays are others than those that are known."""
        before = self.known.get(site)
        kind: Kind | None = before
        for array in arrays:
            own = kinds.opened(kinds.kind_of(array))
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

    def stacked(self, owner: Object) -> Array | None:
        """np.array(owner) of a list of arrays; None for other objects."""
        kind = self.kind(owner)
        if kind is None:
            return None
        native = self._array("stacked", owner, kind, 1)
        dims = (kinds.Open().dim(), *kinds.dims_of(kind.extents))
        return tensors.wrap(self.e, Tensor(native, dims, kind.dtype))

    def _array(self, name: str, owner: Object, kind: TensorKind, more: int) -> Any:
        rank = len(kind.extents) + more
        lengths = kinds.dims_of(kind.extents)
        shape = (None,) * more + dim_type(lengths)
        shown = [length if isinstance(length, int) else -1 for length in shape]
        (native,) = self.e.host(
            "function", [owner.native], ["object"],
            [("array", tensor_type(shape, kind.dtype))], name=name, named=[], rank=rank,
            dtype=kind.dtype.name, shape=shown,
        )  # fmt: skip
        return native


"""Values known at run time only, as Python objects that can be computed with at build time.

In: SSA values of the IR. Out: `Then` objects whose operators emit operations. The one idea:
a value carries its own stage. What is known now is a plain Python object, and the evaluator says
`a + b` without asking; if one of them is a Then, its `__add__` builds IR. Whatever in Python asks
a Then for something that must be known now (`bool()`, `len()`, hashing) is told so by a FleetError.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from fleet.diagnostics import FleetError
from fleet.evaluator.values.heap import MISSING, AtRunTime, Cell, List, Needed
from fleet.evaluator.values.sizes import Dim, Size, fresh, length
from fleet.ir.core import Value

BINARY = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**",
    "matmul": "@", "lshift": "<<", "rshift": ">>", "and": "&", "or": "|", "xor": "^",
}  # fmt: skip
"""Python's binary operators: special method -> symbol."""
COMPARE = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
MIRRORED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}
UNARY = {"neg": "-", "pos": "+", "invert": "~", "abs": "abs()"}


class Emits(Protocol):
    """What run-time values ask of the IR builder; `emitter.Emitter` is it."""

    operate: Callable[[str, Any, Any], Any]
    operate_unary: Callable[[str, Any], Any]
    operate_in_place: Callable[[str, Any, Any], Any]
    get_item: Callable[[Any, Any], Any]
    set_item: Callable[[Any, Any, Any], None]
    write_list: Callable[..., Any]
    in_place_on_object: Callable[[str, Any, Any], Any]
    cause_of: Callable[[Any], frozenset[int] | None]
    late: str

    def error(self, message: str, hint: str | None = None) -> FleetError:
        """A rejection of what is being evaluated now."""

    def dim(self, value: Value, axis: int, size: Dim) -> Any:
        """The length of a tensor's axis."""

    def extract(self, value: Value, at: Any) -> Value:
        """The element of a 1-d tensor at a position that is in range."""


class Then(AtRunTime):
    """A value that run time knows. `e` emits the operations."""

    __slots__ = ("e",)
    __array_ufunc__ = None  # NumPy's scalars leave operators to us

    e: Emits
    type_name = "object"

    def needed_now(self, use: str) -> FleetError:
        told = self.e.error(
            f"{use} needs a value that is known when the program is compiled, "
            f"but this {self.type_name} is known at run time only",
            self.e.late,
        )
        error = Needed(told.message, told.location, hint=told.hint)
        error.cause = self.e.cause_of(self)
        return error

    def __bool__(self) -> bool:
        raise self.needed_now("this condition")

    def __index__(self) -> int:
        raise self.needed_now("this use")

    def __int__(self) -> int:
        raise self.needed_now("this use")

    def __float__(self) -> float:
        raise self.needed_now("this use")

    def __len__(self) -> int:
        raise self.needed_now("this use")

    def __iter__(self) -> Any:
        raise self.needed_now("this iteration")

    def __contains__(self, item: object) -> bool:
        raise self.needed_now("`in`")

    def __hash__(self) -> int:
        raise self.needed_now("a dictionary key or set element")

    def __repr__(self) -> str:
        raise self.needed_now("this text")

    def __format__(self, spec: str) -> str:
        raise self.needed_now("this text")

    def __array__(self, *_: object, **__: object) -> np.ndarray:
        raise self.needed_now("this use")


def _operator(name: str, reflected: bool = False) -> Callable[[Any, Any], Any]:
    if reflected:
        return lambda self, other: self.e.operate(name, other, self)
    return lambda self, other: self.e.operate(name, self, other)


def _unary(name: str) -> Callable[[Any], Any]:
    return lambda self: self.e.operate_unary(name, self)


for _name in BINARY:
    setattr(Then, f"__{_name}__", _operator(_name))
    setattr(Then, f"__r{_name}__", _operator(_name, reflected=True))
for _name in COMPARE:
    setattr(Then, f"__{_name}__", _operator(_name))
for _name in UNARY:
    setattr(Then, f"__{_name}__", _unary(_name))


class Number(Then):
    """A Python int (i64 or index), float (f64) or bool (i1).

    size: for ints, what is known of the value symbolically.
    """

    __slots__ = ("kind", "native", "size")

    def __init__(self, e: Emits, kind: str, native: Value, size: Dim | None = None) -> None:
        self.e = e
        self.kind = kind
        self.native = native
        self.size: Dim = fresh() if size is None else size

    @property
    def type_name(self) -> str:
        return self.kind

    def __iter__(self) -> Any:
        raise TypeError(f"'{self.kind}' object is not iterable")

    def __len__(self) -> int:
        raise TypeError(f"object of type '{self.kind}' has no len()")

    def __contains__(self, item: object) -> bool:
        raise TypeError(f"argument of type '{self.kind}' is not iterable")


class Text(Then):
    """A str (kind `str`, UTF-8) or bytes: a 1-d tensor of ui8. `size`: its length in bytes.

    begins: what a str is known to begin with.
    """

    __slots__ = ("begins", "kind", "native", "size")

    def __init__(self, e: Emits, kind: str, native: Value, size: Dim | None = None) -> None:
        self.e = e
        self.kind = kind
        self.native = native
        self.size: Dim = length() if size is None else size
        self.begins = ""

    @property
    def type_name(self) -> str:
        return self.kind


class Range(Then):
    """range() with bounds known at run time. `count` is its length."""

    __slots__ = ("count", "start", "step", "stop")
    type_name = "range"

    def __init__(
        self,
        e: Emits,
        start: int | Number,
        stop: int | Number,
        step: int | Number,
        count: int | Number,
    ) -> None:
        self.e = e
        self.start, self.stop, self.step, self.count = start, stop, step, count


class Object(Then):
    """One of the run's objects (see `fleet.objects`): a list, dict, int, ... that only it knows.

    kind: its class, where that is known now; native: its name, an i64; factory: the program's
    function that makes missing values of a defaultdict; site: the expression that made it, by the
    id of its node, if that is known, or what else tells what it holds (see `number_lists`);
    item_of: the same of a list that it is an item of.
    """

    __slots__ = ("factory", "item_of", "kind", "native", "site")

    def __init__(self, e: Emits, kind: type | None, native: Value) -> None:
        self.e = e
        self.kind = kind
        self.native = native
        self.factory: Any = None
        self.site: Any = None
        self.item_of: Any = None

    @property
    def type_name(self) -> str:
        return "object" if self.kind is None else self.kind.__name__


class Numbers(Then):
    """What a run-time list holds: numbers of one kind, as a 1-d tensor. Immutable.

    count: how many there are, where that was known before they came to be; grown: of which numbers
    these are the continuation, and by how many, if they are that.
    """

    __slots__ = ("count", "grown", "kind", "native", "size")
    type_name = "list"
    is_table = False
    """Whether it is rows of numbers: see `tables`."""
    is_mixed = False
    """Whether it is numbers of several kinds, or None: see `mixed`."""

    def __init__(
        self, e: Emits, kind: str, native: Value, size: Dim | None = None,
        count: int | Number | None = None,
    ) -> None:  # fmt: skip
        self.e = e
        self.kind = kind
        self.native = native
        self.size: Dim = length() if size is None else size
        self.count = count
        self.grown: tuple[Numbers, int] | None = None

    def length(self) -> int | Number:
        """How many numbers there are."""
        return self.e.dim(self.native, 0, self.size) if self.count is None else self.count

    def extract(self, at: int | Number) -> Value:
        """The number at a position that is in range."""
        return self.e.extract(self.native, at)

    def write(self, owner: List, method: str, *arguments: Any, **named: Any) -> Any:
        """Carry out a mutating method of the list that holds this."""
        return self.e.write_list(owner, self, method, *arguments, **named)


class Tensor:
    """An SSA tensor with symbolic dimensions: an immutable array value."""

    __slots__ = ("dims", "dtype", "value")

    def __init__(self, value: Value, dims: tuple[Dim, ...], dtype: np.dtype) -> None:
        self.value = value
        self.dims = dims
        self.dtype = dtype


Content = np.ndarray | Tensor
"""What an array's storage holds: an array known now (never written to), or a run-time one."""


class Step:
    """From a base array to a view of it; `write` gives the base with the view replaced."""

    def read(self, e: Emits, base: Content) -> Content:
        raise NotImplementedError

    def write(self, e: Emits, base: Tensor, view: Tensor) -> Tensor:
        raise NotImplementedError


STALE = (
    "this array may or may not be a view of another one, or the same, after a run-time branch or "
    "loop, and that one was written to since"
)


UNREADABLE = ((Cell(None), MISSING),)
"""The sources of a copy that nobody may read."""


class Array(Then):
    """An ndarray, or with `scalar` a NumPy scalar (rank 0): storage, and the way to this view.

    Arrays that share a cell alias each other. `frozen` says why writing is not possible, if so:
    what the program raises then, or why we refuse it.
    """

    __slots__ = ("_read", "cell", "dims", "dtype", "frozen", "owner", "scalar", "sources", "steps")

    def __init__(
        self,
        e: Emits,
        cell: Cell,
        dims: tuple[Dim, ...],
        dtype: np.dtype,
        steps: tuple[Step, ...] = (),
        scalar: bool = False,
        frozen: str | ValueError | None = None,
    ) -> None:
        self.e = e
        self.cell = cell
        self.dims = dims
        self.dtype = dtype
        self.steps = steps
        self.scalar = scalar
        self.frozen = frozen
        self.owner: Array | None = None
        """Of a view, the array whose storage it shows."""
        self.sources: tuple[tuple[Cell, Any], ...] = ()
        """Of a copy that Python would have as a view: the storages that it may be of, and what they
        held when it was made."""
        self._read: tuple[Content, Content] | None = None
        """The storage's content when the view was made, and the view's, so that it is made once."""

    @property
    def type_name(self) -> str:
        return f"numpy.{self.dtype.name}" if self.scalar else "numpy.ndarray"

    @property
    def rank(self) -> int:
        return len(self.dims)

    def read(self) -> Content:
        """The present content, as a known array or an SSA tensor."""
        if (self.sources or self.cell.lost) and self.is_stale():
            raise self.e.error(STALE, "copy it, with .copy(), where it gets its value")
        return self.copied()

    def look_as(self, view: Array) -> None:
        """Become another view of the same storage."""
        self.dims, self.steps, self._read = view.dims, view.steps, view._read

    def become(self, other: Array) -> None:
        """Have the storage of a new array."""
        self.cell, self.owner, self.sources = other.cell, None, ()
        self.look_as(other)

    def cells(self) -> set[Cell]:
        """The storages that it has or may have."""
        return {self.cell, *(cell for cell, _ in self.sources)}

    def is_stale(self) -> bool:
        """Whether what it may be a view of was written to since."""
        return self.cell.lost or any(
            cell.content is not before or cell.lost for cell, before in self.sources)

    def copied(self) -> Content:
        """The content as it was when a branch or loop gave it, of which nobody needs to know."""
        content = self.cell.now()
        if self._read is not None and self._read[0] is content:
            return self._read[1]
        return self._follow(content)

    def look(self) -> None:
        """Make the view now, and not again while the storage is as it is."""
        content = self.cell.content
        if isinstance(content, Tensor) and self.cell.keeper is None:
            self._read = (content, self._follow(content))

    def _follow(self, content: Content) -> Content:
        for step in self.steps:
            content = step.read(self.e, content)
        return content

    @property
    def known(self) -> np.ndarray | None:
        """The array, when it is known now."""
        if self.cell.keeper is not None or not isinstance(self.cell.content, np.ndarray):
            return None
        content = self.read()
        return content if isinstance(content, np.ndarray) else None

    def __repr__(self) -> str:
        if self.known is not None:
            return repr(self.known)
        raise self.needed_now("this text")

    def __str__(self) -> str:
        if self.known is not None:
            return str(self.known)
        raise self.needed_now("this text")

    def __len__(self) -> int:
        if not self.dims:
            raise TypeError("len() of unsized object")
        if isinstance(self.dims[0], Size):
            raise self.needed_now("this length")
        return self.dims[0]

    def __iter__(self) -> Any:
        if not self.dims:
            raise TypeError("iteration over a 0-d array")
        return iter([self.e.get_item(self, i) for i in range(len(self))])

    def __getitem__(self, key: Any) -> Any:
        return self.e.get_item(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self.e.set_item(self, key, value)


def _in_place(name: str) -> Callable[[Array, Any], Any]:
    def update(self: Array, other: Any) -> Any:
        if self.scalar:
            return self.e.operate(name, self, other)
        return self.e.operate_in_place(name, self, other)

    return update


def _on_object(name: str) -> Callable[[Object, Any], Any]:
    return lambda self, other: self.e.in_place_on_object(name, self, other)


for _name in BINARY:
    setattr(Array, f"__i{_name}__", _in_place(_name))
    setattr(Object, f"__i{_name}__", _on_object(_name))


class Union(Then):
    """One of several values; `tag`, a run-time i64, says which.

    choices: tag -> value, the values known now or then, none of them a Union.
    """

    __slots__ = ("choices", "tag")

    def __init__(self, e: Emits, tag: Value, choices: dict[int, Any]) -> None:
        self.e = e
        self.tag = tag
        self.choices = choices

    @property
    def type_name(self) -> str:
        return " or ".join(dict.fromkeys(map(type_name, self.choices.values())))

    def without(self, tag: int) -> Any:
        """The value where it is not this choice: the only other one, or a union of the others."""
        rest = {number: one for number, one in self.choices.items() if number != tag}
        return next(iter(rest.values())) if len(rest) == 1 else Union(self.e, self.tag, rest)


def choices_of(value: Any) -> list[Any]:
    """The values of which it is one."""
    return list(value.choices.values()) if type(value) is Union else [value]


class Spread:
    """Arguments of a call, `*value`, of which only run time knows how many they are."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Rest:
    """All further arguments of a call: a tuple, of which only run time knows how long it is."""

    def __init__(self, value: Object) -> None:
        self.value = value


class Places(frozenset[int]):
    """Where an exception may have been raised. Of one that two paths raise: all these places."""


class Unbound:
    """Among the choices of a name or attribute: that it has no value. Reading it raises `error`."""

    def __init__(self, error: NameError | AttributeError) -> None:
        self.error = error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unbound) and str(other.error) == str(self.error)

    def __hash__(self) -> int:
        return hash(str(self.error))


class Unusable:
    """What a name holds whose value after a run-time branch or loop cannot be represented.

    values: those that it had on the paths.
    """

    def __init__(self, why: str, hint: str, values: tuple = ()) -> None:
        self.why = why
        self.hint = hint
        self.values = values


def unbound_tag(value: Any) -> int | None:
    """The tag with which a union has no value, if there is one."""
    if type(value) is not Union:
        return None
    return next((tag for tag, one in value.choices.items() if type(one) is Unbound), None)


class Message:
    """The text of an exception with run-time ints in it: a template with `{}` for each."""

    def __init__(self, template: str, shown: tuple[int | Number, ...]) -> None:
        self.template = template
        self.shown = shown


def type_name(value: Any) -> str:
    """The name of the value's Python type, as error messages have it."""
    if isinstance(value, Then):
        return value.type_name
    kind = type(value)
    return f"numpy.{kind.__name__}" if isinstance(value, np.generic | np.ndarray) else kind.__name__


def dim_type(dims: tuple[Dim, ...]) -> tuple[int | None, ...]:
    """The dimensions as an IR type has them."""
    return tuple(dim if isinstance(dim, int) else None for dim in dims)


def is_run_time_list(value: Any) -> bool:
    return isinstance(value, List) and value.run_time is not None


def natives(value: Any) -> list[Value] | None:
    """The SSA values that a value stands for; None where they cannot be told."""
    match value:
        case Numbers() if value.is_table and hasattr(value, "table"):
            return value.natives()
        case Numbers() if value.is_table:
            lengths = (value.count, value.width)
            return [value.whole] * (value.whole is not None) + [
                one.native for one in lengths if isinstance(one, Number)]
        case Numbers() if value.is_mixed:
            return value.natives()
        case Number() | Text() | Numbers() | Object():
            return [value.native]
        case Tensor():
            return [value.value]
        case Array() if value.cell.keeper is not None:
            return [value.cell.keeper.native]
        case Array():
            return natives(value.cell.content) if isinstance(value.cell.content, Tensor) else []
        case Range():
            parts = (value.start, value.stop, value.step, value.count)
            return [part.native for part in parts if isinstance(part, Number)]
        case Union():
            found = [value.tag]
            for choice in value.choices.values():
                more = natives(choice)
                if more is None:
                    return None
                found += more
            return found
        case List() if value.row is not None:
            return natives(value.row.position) + natives(value.row.table)
        case List() if value.run_time is not None:
            return natives(value.run_time)
        case Then():
            return None
    return []

"""`sink-slices`: slices of arrays at a call move into the function that is called.

In: linalg with private functions. Out: where every call of a function passes a part of an array
(one head's columns of q, k and v), the function takes the whole array and where the part begins;
where every call's result is only put into a part of another array (one head's columns of the
output), the function takes that array and gives it back updated. The one idea: inside a function a
slice is subscripts of the kernel that reads or writes it, while across a call it would be a copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fleet.dialects.tensor import mixed
from fleet.ir.attributes import TypeAttr
from fleet.ir.builder import Builder
from fleet.ir.core import BlockArgument, Operation, OpResult, Value
from fleet.ir.interfaces import CallLike, functions_of
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import FunctionType, TensorType, index
from fleet.ir.watch import count, may_apply
from fleet.passes.linalg.structured import Size, extract_slice, index_value, insert_slice
from fleet.passes.shapes.dims import Dims
from fleet.passes.shapes.symbolic import const

EXTRACT, INSERT = "tensor.extract_slice", "tensor.insert_slice"


@register_pass("sink-slices", "slices at all calls of a function move into it")
def run(module: Operation) -> None:
    """Move slices of arguments and of results into private functions, callees first."""
    functions = {
        name: op
        for name, op in functions_of(module).items()
        if op.get("sym_visibility") == "private"
        and op.regions[0].blocks
        and "kernel" not in op.attributes
    }
    calls: dict[str, list[Operation]] = {name: [] for name in functions}
    for op in module.walk():
        call = CallLike.of(op)
        if call is not None and call.name(op) in calls:
            calls[call.name(op)].append(op)
    for name, function in functions.items():
        if calls[name]:
            _Sinking(module, function, calls[name]).run()


@dataclass
class Form:
    """What all slices at a position have in common: what is dynamic becomes an argument.

    moving: axes whose offset is an argument, for the others it is 0.
    """

    whole: TensorType
    part: TensorType
    sizes: tuple[int | None, ...]
    strides: tuple[int, ...]
    moving: tuple[int, ...]


class _Sinking:
    """One function and all its calls."""

    def __init__(self, module: Operation, function: Operation, calls: list[Operation]) -> None:
        self.module = module
        self.function = function
        self.calls = calls
        self._dims: Dims | None = None

    @property
    def dims(self) -> Dims:
        """The sizes, worked out when there is a slice to ask for."""
        if self._dims is None:
            self._dims = Dims(self.module)
        return self._dims

    def run(self) -> None:
        self._arguments()
        self._results()

    # -- slices that are passed

    def _arguments(self) -> None:
        wholes: dict[tuple[Value, ...], BlockArgument] = {}
        body = self.function.body
        for number in range(len(body.arguments)):
            slices = [_maker(call.operand(number), EXTRACT) for call in self.calls]
            if None in slices or not body.arguments[number].uses:
                continue
            form = self._form([(op, op.operand(0)) for op in slices])
            if form is None or not may_apply():
                continue
            with rewriting("take the slice in the function", slices[0], self.module):
                self._take(number, form, slices, wholes)
            count("slices moved into functions", len(self.calls))
        for number in reversed(range(len(body.arguments))):
            argument = body.arguments[number]
            if not argument.uses and isinstance(argument.type, TensorType):
                body.erase_argument(number)
                for call in self.calls:
                    call.operands = [v for n, v in enumerate(call.operands) if n != number]
        self._retype()

    def _take(
        self, number: int, form: Form, slices: Sequence[Operation],
        wholes: dict[tuple[Value, ...], BlockArgument],
    ) -> None:  # fmt: skip
        """Let the function take the arrays that are sliced, and do the slicing."""
        body = self.function.body
        sources = tuple(op.operand(0) for op in slices)
        if sources not in wholes:
            whole = body.add_argument(form.whole, sources[0].hint)
            wholes[sources] = whole
            for call, source in zip(self.calls, sources, strict=True):
                _append(call, [source])
        offsets, sizes = self._index_arguments(form, slices, self.calls)
        builder = Builder(body, body.first, self.function.location)
        part = extract_slice(builder, wholes[sources], offsets, sizes, form.strides, form.part)
        body.arguments[number].replace_all_uses_with(part)

    def _index_arguments(
        self, form: Form, slices: Sequence[Operation], calls: Sequence[Operation]
    ) -> tuple[list[Size], list[Size]]:
        """Offsets and sizes inside the function; what is dynamic is added to it and its calls."""
        offsets: list[Size] = [0] * len(form.sizes)
        sizes: list[Size] = [size if size is not None else 0 for size in form.sizes]
        body = self.function.body
        for axis in form.moving:
            offsets[axis] = body.add_argument(index)
            for op, call in zip(slices, calls, strict=True):
                given = mixed(op, "offsets")[axis]
                _append(call, [index_value(Builder.before(call), given)])
        for axis, size in enumerate(form.sizes):
            if size is None:
                sizes[axis] = body.add_argument(index)
                for op, call in zip(slices, calls, strict=True):
                    given = mixed(op, "sizes")[axis]
                    _append(call, [index_value(Builder.before(call), given)])
        return offsets, sizes

    def _form(self, slices: Sequence[tuple[Operation, Value]]) -> Form | None:
        """What the slices (each with the whole array) have in common; None if they differ."""
        forms = set()
        moving: set[int] = set()
        for op, whole in slices:
            sizes = mixed(op, "sizes")
            offsets = mixed(op, "offsets")
            part = op.operand(0) if op.name == INSERT else op.result
            forms.add((
                whole.type, part.type,
                tuple(size if isinstance(size, int) else None for size in sizes),
                tuple(op.get("static_strides")),
            ))  # fmt: skip
            for axis, (offset, size) in enumerate(zip(offsets, sizes, strict=True)):
                here = const(size) if isinstance(size, int) else self.dims.size(size)
                if offset != 0 or here != self.dims.shape(whole)[axis]:
                    moving.add(axis)
        if len(forms) != 1 or any(stride < 1 for form in forms for stride in form[3]):
            return None
        (form,) = forms
        return Form(*form, tuple(sorted(moving)))

    # -- results that are put somewhere

    def _results(self) -> None:
        for number in range(len(self.calls[0].results)):
            inserts = [_only_insert(call.results[number]) for call in self.calls]
            if None in inserts or not self._destinations_come_first(inserts):
                continue
            form = self._form([(op, op.operand(1)) for op in inserts])
            if form is not None and may_apply():
                with rewriting("insert in the function", inserts[0], self.module):
                    self._put(number, form, inserts)
                count("insertions moved into functions", len(self.calls))
        self._retype()

    def _destinations_come_first(self, inserts: list[Operation]) -> bool:
        """Whether each call could be given what its result is inserted into: an array from before
        the call, what an earlier one of the calls will give, or a new array."""
        call_of = dict(zip(inserts, self.calls, strict=True))
        for insert, call in call_of.items():
            dest = insert.operand(1)
            if not all(_is_there(value, call) for value in insert.operands[2:]):
                return False
            if not isinstance(dest, OpResult) or dest.operation.parent is not call.parent:
                continue
            maker = dest.operation
            if maker in call_of:
                if not _comes_before(call_of[maker], call):
                    return False
            elif maker.name == "tensor.empty":
                if not all(_is_there(size, call) for size in maker.operands):
                    return False
            elif not _comes_before(maker, call):
                return False
        return True

    def _put(self, number: int, form: Form, inserts: list[Operation]) -> None:
        """Let the function do the inserting."""
        body = self.function.body
        whole = body.add_argument(form.whole, inserts[0].operand(1).hint)
        in_order = sorted(range(len(inserts)), key=lambda n: _position(inserts[n]))
        dests = {}
        for n in in_order:
            call, insert = self.calls[n], inserts[n]
            dests[n] = insert.operand(1)
            owner = dests[n].owner
            if isinstance(owner, Operation) and owner.name == "tensor.empty":
                dests[n] = Builder.before(call).insert(owner.clone()).result
            _append(call, [dests[n]])
            # From here on the call gives the whole; the insertion is still there for its sizes.
            insert.result.replace_all_uses_with(call.results[number])
        offsets, sizes = self._index_arguments(form, inserts, self.calls)
        end = body.terminator
        builder = Builder.before(end)
        part = end.operand(number)
        builder.location = part.owner.location if isinstance(part, OpResult) else builder.location
        end.set_operand(number, insert_slice(builder, part, whole, offsets, sizes, form.strides))
        for insert in inserts:
            insert.erase()
        for call in self.calls:
            call.results[number].type = form.whole

    def _retype(self) -> None:
        body = self.function.body
        kind = FunctionType(
            tuple(argument.type for argument in body.arguments),
            tuple(value.type for value in body.terminator.operands),
        )
        self.function.attributes["function_type"] = TypeAttr(kind)


def _append(call: Operation, values: list[Value]) -> None:
    call.operands = [*call.operands, *values]


def _maker(value: Value, name: str) -> Operation | None:
    owner = value.owner
    return owner if isinstance(owner, Operation) and owner.name == name else None


def _only_insert(result: OpResult) -> Operation | None:
    """The insert_slice that is all that happens to a call's result, in the same block."""
    uses = list(result.uses)
    if len(uses) != 1:
        return None
    user, number = uses[0]
    fits = user.name == INSERT and number == 0 and user.parent is result.operation.parent
    return user if fits else None


def _position(op: Operation) -> int:
    count = 0
    while op.previous is not None:
        op, count = op.previous, count + 1
    return count


def _comes_before(first: Operation, second: Operation) -> bool:
    return first.parent is second.parent and _position(first) < _position(second)


def _is_there(value: Value, op: Operation) -> bool:
    """Whether a value that is available somewhere behind the operation is so before it, too."""
    maker = value.operation if isinstance(value, OpResult) else None
    return maker is None or maker.parent is not op.parent or _comes_before(maker, op)

"""`carry-scalars`: what loops and branches carry as arrays of rank 0 becomes scalars.

    scf.for … iter_args(%s = %init) -> (tensor<i64>)    scf.for … iter_args(%s = %x) -> (i64)
      %a = tensor.extract %s[]                      →     … %s …
      scf.yield (tensor.from_elements %b)                 scf.yield %b

The one idea: values that flow into one another through regions are one class; it becomes scalar
where every array in it is made from an element, and nobody wants it but for its element. So what
is computed by the schedule stays in registers, and what kernels make and take stays in memory.
"""

from __future__ import annotations

from fleet.dialects import arith
from fleet.ir.analysis.effects import constant_of
from fleet.ir.attributes import DenseAttr, FloatAttr, IntegerAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Value
from fleet.ir.flow import Flow, RegionBranch, Use
from fleet.ir.rewriting.journal import rewriting
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import TensorType, is_float
from fleet.ir.watch import count, may_apply


@register_pass("carry-scalars", "carry elements rather than arrays of rank 0")
def run(module: Operation) -> None:
    """Change the types of classes of carried values from `tensor<T>` to `T`."""
    classes = _Classes()
    flows = [
        flow
        for op in module.walk()
        if (branch := RegionBranch.of(op)) is not None
        for flow in branch.flows(op)
        if _is_rank_0(flow.values[0])
    ]
    own = {value for flow in flows for value in flow.values}
    carried = {use for flow in flows for use in flow.uses}
    for flow in flows:
        values, sources = flow.values, flow.sources
        for value in (*values, *(source for source in sources if source in own)):
            classes.join(values[0], value)
        fits = all(source in own or _is_made_of_element(source) for source in sources)
        if not fits or not all(_gives_element(value, carried) for value in values):
            classes.spoil(values[0])
    alike: dict[Value, list[Flow]] = {}
    for flow in flows:
        if not classes.is_spoiled(flow.values[0]):
            alike.setdefault(classes.find(flow.values[0]), []).append(flow)
    for same in alike.values():
        operation = _holder(same[0].values[0])
        if may_apply():
            with rewriting("carry the element", operation):
                for flow in same:
                    _carry_elements(flow, own)


def _holder(value: Value) -> Operation:
    """The operation with regions that gives a carried value, or hands it to one of them."""
    owner = value.owner
    return owner if isinstance(owner, Operation) else owner.parent_op


def _carry_elements(flow: Flow, own: set[Value]) -> None:
    for operation, number in flow.uses:
        if operation.operand(number) not in own:
            operation.set_operand(number, _element(operation.operand(number), operation))
    count("values carried as scalars", len(flow.values))
    for value in flow.values:
        value.type = value.type.element
        for user in list(value.users):
            if user.name == "tensor.extract":
                user.replace_with([value])


def _is_rank_0(value: Value) -> bool:
    return isinstance(value.type, TensorType) and value.type.shape == ()


def _is_made_of_element(value: Value) -> bool:
    """Whether the array's element is at hand."""
    maker = value.owner
    return isinstance(maker, Operation) and (
        maker.name == "tensor.from_elements" or isinstance(constant_of(value), DenseAttr)
    )


def _gives_element(value: Value, carried: set[Use]) -> bool:
    """Whether all that is done with a carried array is to take its element or carry it on."""
    return all(
        user.name == "tensor.extract"
        or all((user, i) in carried for i, x in enumerate(user.operands) if x is value)
        for user in value.users
    )


def _element(value: Value, before: Operation) -> Value:
    maker = value.owner
    assert isinstance(maker, Operation)
    if maker.name == "tensor.from_elements":
        return maker.operand(0)
    element = value.type.element
    number = constant_of(value).value.item()
    attr = FloatAttr(number, element) if is_float(element) else IntegerAttr(int(number), element)
    return Builder.before(before).value(arith.constant, types=[element], value=attr)


class _Classes:
    """Disjoint sets of values, some of them spoiled (R. Tarjan's union-find)."""

    def __init__(self) -> None:
        self._parents: dict[Value, Value] = {}
        self._spoiled: set[Value] = set()

    def find(self, value: Value) -> Value:
        path: list[Value] = []
        while value in self._parents:
            path.append(value)
            value = self._parents[value]
        for passed in path:
            self._parents[passed] = value
        return value

    def join(self, a: Value, b: Value) -> None:
        a, b = self.find(a), self.find(b)
        if a is not b:
            self._parents[a] = b
            if a in self._spoiled:
                self._spoiled.add(b)

    def spoil(self, value: Value) -> None:
        self._spoiled.add(self.find(value))

    def is_spoiled(self, value: Value) -> bool:
        return self.find(value) in self._spoiled



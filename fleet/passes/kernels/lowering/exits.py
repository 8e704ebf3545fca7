"""Where a loop kernel may fail: exits in its loops, and after its launch what raises the error.

A check that fails gives a number (`Site`) and its operands in the buffer `status`; the schedule
makes the call that the number stands for, which raises the error at its place in the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from fleet.dialects import arith, loop, scf, tensor
from fleet.ir.affine import AffineConst
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.mapping import IRMapping
from fleet.ir.types import IntegerType, TensorType, Type, i1, i64, index, is_float
from fleet.passes.kernels.arrays.views import View
from fleet.passes.kernels.checks.failures import Service, failing_way, raising
from fleet.passes.kernels.checks.rules import integer_compare
from fleet.passes.kernels.lowering.signature import KernelSignature


@dataclass(frozen=True)
class Site:
    """Where the kernel may fail: a call that may raise, or a branch, one way of which does.

    noted: what it notes down then, which is all that the call or the way needs of it.
    """

    operation: Operation
    code: int
    noted: tuple[Value, ...]


class Exits:
    """The exits of one kernel. numbers: the new values of old ones. sites: what may raise. made:
    each exit with its site's number."""

    def __init__(self, signature: KernelSignature, numbers: IRMapping, service: Service) -> None:
        self.signature = signature
        self.numbers = numbers
        self.service = service
        self.sites: dict[object, Site] = {}
        self.made: list[tuple[Operation, int]] = []

    def leave_if(self, failed: Value, op: Operation, noted: Sequence[Value]) -> None:
        """The kernel ends here if `failed` holds, and its caller does what `op` does then."""
        code = self._site(op, noted).code
        words = [self.numbers[v] for v in noted]
        made = self.signature.builder.create(
            loop.exit_, failed, self._status(), words, code=code
        )
        self.made.append((made, code))

    def _site(self, op: Operation, noted: Sequence[Value]) -> Site:
        key = (op if op.regions else str(op.get("callee")), op.location)
        if key not in self.sites:
            self.sites[key] = Site(op, len(self.sites) + 1, tuple(noted))
        return self.sites[key]

    def _status(self) -> Value:
        signature = self.signature
        if signature.status is None:
            signature.add_status()
        return signature.status

    def provide_status(self) -> None:
        """Room for the largest exit; nothing has failed in the beginning."""
        if not self.made:
            return
        words = max(len(made.operands) for made, _ in self.made) - 1
        self.signature.size_status(words)
        block = self.signature.block
        top = Builder(block, block.first, self.signature.old.location)
        zero = top.constant(0, i64)
        View.whole(self.signature.status, (words,)).at([AffineConst(0)], []).store(top, zero)

    # -- after a launch

    def raise_after(self, launch: Operation) -> None:
        """After a launch: if a check failed, make the call that raises its error."""
        if not self.made:
            return
        builder = Builder.after(launch)
        builder.location = launch.location
        status = self.signature.status_after(launch)
        code = self._word(builder, status, 0)
        with _if(builder, integer_compare(builder, "ne", code, 0)):
            for site in self.sites.values():
                if any(number == site.code for _, number in self.made):
                    with _if(builder, integer_compare(builder, "eq", code, site.code)):
                        self._raise(builder, site, status)

    def _word(self, builder: Builder, status: Value, number: int) -> Value:
        return builder.value(tensor.extract, status, [builder.constant(number)], types=[i64])

    def _raise(self, builder: Builder, site: Site, status: Value) -> None:
        """What the kernel left to the schedule, with the numbers that it noted."""
        words = [
            self._noted(builder, self._word(builder, status, number), element_of(value))
            for number, value in enumerate(site.noted, 1)
        ]
        op = site.operation
        failing = failing_way(op, self.service)
        with builder.at(op.location):
            if failing is None:
                known = [builder.constant(0, i1)] * false_operands(op)
                builder.insert(op.like([*known, *words]))
                return
            inside = IRMapping()
            for value, word in zip(site.noted, words, strict=True):
                inside[value] = word
                if isinstance(value.type, TensorType):
                    count = prod(value.type.shape)
                    inside[value] = builder.value(
                        tensor.from_elements, [word] * count, types=[value.type]
                    )
            for each in raising(op.regions[failing].block, self.service):
                builder.insert(each.clone(inside))

    def _noted(self, builder: Builder, word: Value, type: Type) -> Value:
        """A number from the word that it was written down as."""
        if type == index:
            return builder.value(arith.index_cast, word, types=[index])
        if is_float(type):
            if type.width < 64:
                word = builder.value(arith.trunci, word, types=[IntegerType(type.width)])
            return builder.value(arith.bitcast, word, types=[type])
        return word if type == i64 else builder.value(arith.trunci, word, types=[type])


def false_operands(call: Operation) -> int:
    """How many leading operands a call that raises has for certain: a check's false condition."""
    return 0 if call.results else 1


class _if:  # noqa: N801 - reads as the statement that it writes
    """What is inserted inside the `with` block runs if the condition holds."""

    def __init__(self, builder: Builder, condition: Value) -> None:
        self.builder = builder
        block = Block()
        made = scf.if_(condition, types=[], regions=[Region([block]), Region()])
        builder.insert(made)
        self.inside = builder.inside(block)

    def __enter__(self) -> None:
        self.inside.__enter__()

    def __exit__(self, *error: object) -> None:
        self.builder.create(scf.yield_, [])
        self.inside.__exit__(*error)


def element_of(value: Value):  # noqa: ANN201
    """The type of a number, or of a tensor's elements."""
    return value.type.element if isinstance(value.type, TensorType) else value.type

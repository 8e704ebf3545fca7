"""`prove-comparisons`: comparisons in loops of which it is known how they turn out.

In: the schedule. Out: the same with comparisons of integers inside loops replaced by true or false
where the loops' bounds and the branches around them say so, and checks of what is true gone: a
subscript that runs over `range(1, n - 1)` needs no check, and no turn for negative ones. The one
idea: every number is a linear sum of others, every loop and branch around a place gives facts
`sum >= 0`, and a comparison holds if it is a fact plus something that is not negative.
"""

from __future__ import annotations

from fleet.dialects import arith, linalg, scf
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.integers import LEAST, MOST
from fleet.ir.affine import AffineDim
from fleet.ir.analysis.effects import constant_int
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Value
from fleet.ir.definition import OpDef
from fleet.ir.interfaces import DestinationStyle, IndexingMaps, functions_of
from fleet.ir.rewriting.journal import erasing, replacing
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import i1
from fleet.ir.watch import count, may_apply
from fleet.passes.kernels.checks.passed import Places, use_passed_check
from fleet.passes.kernels.checks.proofs import (
    CHOICES,
    Proofs,
    Service,
    is_number,
    service_called,
)
from fleet.passes.kernels.checks.sums import Place, Sum


@register_pass("prove-comparisons", "comparisons in loops that turn out one way only")
def run(module: Operation) -> None:
    """Replace what is known by constants; drop checks of what holds."""
    functions = functions_of(module)

    def service(name: str) -> str | None:
        function = functions.get(name)
        return None if function is None else function.get("service")

    for function in functions.values():
        if function.regions[0].blocks and "kernel" not in function.attributes:
            _use_checks(function, service)
            changing: set[Place] = set()
            while not (findings := _Findings(service, changing)).are_made_in(function):
                changing |= findings.proofs.sizes.failed()
            findings.apply()


def _use_checks(function: Operation, service: Service) -> None:
    places: dict[Block, Places] = {}
    for op in list(function.walk()):
        if op.parent is not None and service_called(op, service) == "check":
            if op.parent not in places:
                places[op.parent] = {each: n for n, each in enumerate(op.parent)}
            use_passed_check(op, places[op.parent])


class _Findings:
    """What is known in one function. changing: axes of carried arrays that do not keep their
    sizes."""

    def __init__(self, service: Service, changing: set[Place]) -> None:
        self.service = service
        self.proofs = Proofs(service, changing)
        self.answers: list[tuple[Operation, bool]] = []
        self.fitting: list[tuple[Operation, OpDef]] = []
        self.checks: list[Operation] = []

    def are_made_in(self, function: Operation) -> bool:
        """Find out what is known in the function. False if what was taken of sizes is wrong."""
        for op in function.walk():
            if op.name in CHOICES and _in_loop(op, function) and is_number(op.result):
                self.proofs.sum(op.result)
            elif op.name in ("arith.cmpi", "arith.cmpf") and _in_loop(op, function):
                answer = self.proofs.decided(op)
                if answer is not None:
                    self.answers.append((op, answer))
            elif op.name == "arith.muli" and _in_loop(op, function):
                self._idle_stride(op)
            service = service_called(op, self.service)
            if service == "check":
                self.checks.append(op)
            elif service in _UNCHECKED and self._fits_in_loop(op, function):
                self.fitting.append((op, _UNCHECKED[service]))
        return not self.proofs.sizes.failed()

    def _idle_stride(self, op: Operation) -> None:
        """A place along an axis, times 0 where the axis has the length 1, is that place: so are
        arrays looked at of which nobody knew whether they are stretched."""
        place, stride = (v.owner for v in op.operands)
        if not isinstance(place, Operation) or place.definition is not linalg.index:
            return
        if not isinstance(stride, Operation) or stride.name != "arith.select":
            return
        test = stride.operand(0).owner
        if [constant_int(v) for v in stride.operands[1:]] != [0, 1]:
            return
        if not isinstance(test, Operation) or test.name != "arith.cmpi":
            return
        if CMPI_PREDICATES[test.get("predicate")] != "eq" or constant_int(test.operand(1)) != 1:
            return
        generic = place.parent_op
        axis = place.get("dim")
        for output, map in zip(
            DestinationStyle.of(generic).destinations(generic),
            IndexingMaps.of(generic).maps(generic)[-len(generic.results) :],
            strict=True,
        ):
            for number, expression in enumerate(map.results):
                if expression == AffineDim(axis) and self.proofs.sizes.length(
                    output, number
                ) == self.proofs.sum(test.operand(0)):
                    self.proofs.chosen[op] = 0
                    return

    def apply(self) -> None:
        """Replace what is known."""
        for op, answer in self.answers:
            if may_apply():
                made = Builder.before(op).constant(int(answer), i1)
                replacing("a comparison that is known", op, [made])
                op.replace_with([made])
                count("comparisons known")
        for op in self.checks:
            if self._holds(op.operand(0)) and may_apply():
                erasing("a check that holds", op)
                op.erase()
                count("checks proven")
        for op, unchecked in self.fitting:
            if may_apply():
                made = Builder.before(op).value(unchecked, *op.operands)
                replacing("a number that fits", op, [made])
                op.replace_with([made])
                count("overflows ruled out")
        for op, number in self.proofs.chosen.items():
            if may_apply():
                made = op.operand(number)
                replacing("a choice that is known", op, [made])
                op.replace_with([made])
                count("choices known")

    def _fits_in_loop(self, op: Operation, function: Operation) -> bool:
        """Whether the result of an operation on ints in a loop is what the machine makes it: of no
        more than 64 bits, and of no negative number where it would be rounded."""
        if not _in_loop(op, function):
            return False
        proofs = self.proofs
        a, b = map(proofs.sum, op.operands)
        if service_called(op, self.service) in ("int_mod", "int_floordiv"):
            facts = list(proofs.around(op))
            return proofs.proven(a, facts) and proofs.proven(b.plus(Sum(-1)), facts)
        total = a.plus(b, 1 if service_called(op, self.service) == "int_add" else -1)
        facts = list(proofs.around(op))
        return proofs.proven(total.plus(Sum(-LEAST)), facts) and proofs.proven(
            Sum(MOST).plus(total, -1), facts
        )

    def _holds(self, value: Value) -> bool:
        known = constant_int(value)
        if known is not None:
            return bool(known)
        op = value.owner
        if isinstance(op, Operation) and op.name == "arith.andi":
            return all(map(self._holds, op.operands))
        return False


_UNCHECKED = {
    "int_add": arith.addi, "int_sub": arith.subi, "int_mod": arith.remsi,
    "int_floordiv": arith.divsi,
}  # fmt: skip


def _in_loop(op: Operation, function: Operation) -> bool:
    outer = op.parent_op
    while outer is not None and outer is not function:
        if outer.definition in (scf.for_, scf.while_):
            return True
        outer = outer.parent_op
    return False

"""Vector configuration made explicit: `vsetvli` where vl or vtype must change, and only there.

In: vector instructions that carry the vector length they want (an x register, or `zero` for VLMAX),
their `vtype`, and a `policy` if elements beyond it or masked off must be kept. Out: instructions
without, and `rv.vsetvli` between them. The one idea: a forward dataflow analysis over what vl and
vtype are known to be, in which each instruction only demands what it depends on: a unit-stride load
has its own element width and so needs the ratio SEW/LMUL alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from fleet.codegen.kernels import kernels_of
from fleet.dialects import rv
from fleet.ir.attributes import StringAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.rewriting.journal import Journal, journal_of
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.watch import applied, count, may_apply


@dataclass(frozen=True)
class Shape:
    """SEW and LMUL."""

    width: int
    group: str

    @staticmethod
    def parse(text: str) -> Shape:
        width, group = text.split(",")[:2]
        return Shape(int(width.strip()[1:]), group.strip())

    @property
    def ratio(self) -> Fraction:
        """SEW / LMUL, which with VLEN determines VLMAX."""
        if self.group.startswith("mf"):
            return Fraction(self.width * int(self.group[2:]))
        return Fraction(self.width, int(self.group[1:]))


@dataclass(frozen=True)
class State:
    """What is known at a place; `keeps` says whether tail or inactive elements are undisturbed."""

    vl: Value
    shape: Shape
    keeps: frozenset[str]


Known = State | None

ANY_ELEMENT_WIDTH = frozenset(("vle", "vse", "vlse", "vsse", "vlm", "vsm", "vcpop", "vfirst"))
ELEMENT_ZERO = frozenset(("vmv.x.s", "vfmv.f.s"))


@dataclass(frozen=True)
class Demand:
    """What an instruction depends on: vl and shape, of the shape the ratio alone, or the width."""

    vl: Value
    shape: Shape
    keeps: frozenset[str]
    ratio_only: bool
    width_only: bool

    @staticmethod
    def of(operation: Operation) -> Demand | None:
        text = operation.get("vtype")
        place = rv.extras(operation).vl
        if text is None or place is None:
            return None
        encoding = rv.encoding_of(operation)
        stem, mnemonic = encoding.stem, encoding.mnemonic
        policy = operation.get("policy", "")
        return Demand(
            operation.operand(place),
            Shape.parse(text),
            frozenset(kind for kind in ("tu", "mu") if kind in policy),
            stem in ANY_ELEMENT_WIDTH or encoding.form == "mm",
            mnemonic in ELEMENT_ZERO,
        )

    def is_met(self, state: Known) -> bool:
        if state is None or not self.keeps <= state.keeps:
            return False
        if self.width_only:
            return state.shape.width == self.shape.width
        if state.vl is not self.vl:
            return False
        if self.ratio_only:
            return state.shape.ratio == self.shape.ratio
        return state.shape == self.shape


@register_pass("insert-vsetvli", "vl and vtype, explicit in every kernel")
def insert_vsetvli(module: Operation) -> None:
    """Make vl and vtype explicit in every kernel."""
    for kernel in kernels_of(module):
        _Inserter(kernel.regions[0]).run()


RULE = "vl and vtype are those in force"


class _Inserter:
    """keeps: what all users of a vector length together want to be undisturbed.

    What a watcher wants to keep its own vl and vtype neither needs nor changes those in force.
    """

    def __init__(self, region: Region) -> None:
        self.region = region
        self.demands: dict[Operation, Demand] = {}
        self.keeps: dict[Value, frozenset[str]] = {}
        self.journals: dict[Operation, Journal] = {}
        for block in region.blocks:
            for operation in block:
                demand = Demand.of(operation)
                if demand is not None and may_apply():
                    applied(RULE, operation.name, operation.location)
                    journal = journal_of(operation)
                    if journal is not None:
                        self.journals[operation] = journal
                    self.demands[operation] = demand
                    kept = self.keeps.get(demand.vl, frozenset())
                    self.keeps[demand.vl] = kept | demand.keeps
        self._shape_strips()

    def run(self) -> None:
        entering = self._solve()
        for block in self.region.blocks:
            self._transfer(block, entering[block], insert=True)
        for operation in self.demands:
            _strip(operation)
        for journal in self.journals.values():
            journal.applied(RULE)

    def _shape_strips(self) -> None:
        """Give the vsetvli of each strip the shape that the strip's first user wants."""
        first: dict[Value, Shape] = {}
        for demand in self.demands.values():
            if not demand.ratio_only:
                first.setdefault(demand.vl, demand.shape)
        for block in self.region.blocks:
            for operation in block:
                if operation.name != "rv.vsetvli":
                    continue
                shape = first.get(operation.result)
                own = Shape.parse(operation.get("vtype"))
                if shape is None or shape.ratio != own.ratio:
                    shape = own
                operation.attributes["vtype"] = StringAttr(
                    _vtype(shape, self.keeps.get(operation.result, frozenset()))
                )

    # -- dataflow

    def _solve(self) -> dict[Block, Known]:
        """The state at each block's start.

        Blocks not seen yet do not count against a state; one that changes is given up: it ends.
        """
        blocks = self.region.blocks
        before: dict[Block, list[Block]] = {block: [] for block in blocks}
        for block in blocks:
            for successor in block.terminator.successors:
                before[successor].append(block)
        entering: dict[Block, Known] = {blocks[0]: None}
        leaving: dict[Block, Known] = {}
        changed = True
        while changed:
            changed = False
            for block in blocks:
                known = [leaving[p] for p in before[block] if p in leaving]
                if block is not blocks[0]:
                    if not known:
                        continue
                    state = known[0] if all(k == known[0] for k in known) else None
                    if block in entering and entering[block] != state:
                        state = None
                    entering[block] = state
                after = self._transfer(block, entering[block], insert=False)
                if block not in leaving or leaving[block] != after:
                    leaving[block] = after
                    changed = True
        return {block: entering.get(block) for block in blocks}

    def _transfer(self, block: Block, state: Known, insert: bool) -> Known:
        for operation in block:
            if operation.name == "rv.vsetvli":
                shape = Shape.parse(operation.get("vtype"))
                keeps = self.keeps.get(operation.result, frozenset())
                state = State(operation.result, shape, keeps)
                continue
            demand = self.demands.get(operation)
            if demand is None or demand.is_met(state):
                continue
            wanted = State(demand.vl, self._shape(operation, demand), self.keeps[demand.vl])
            if insert:
                self._insert(operation, state, wanted)
            state = wanted
        return state

    def _shape(self, operation: Operation, demand: Demand) -> Shape:
        """The shape to set: for who needs the ratio alone, what comes next with this ratio."""
        following: Operation | None = operation
        while demand.ratio_only and following is not None:
            other = self.demands.get(following)
            if other is not None:
                if other.vl is not demand.vl or other.shape.ratio != demand.shape.ratio:
                    break
                if not other.ratio_only and not other.width_only:
                    return other.shape
            following = following.next
        return demand.shape

    def _insert(self, operation: Operation, state: Known, wanted: State) -> None:
        builder = Builder.before(operation)
        vtype = _vtype(wanted.shape, wanted.keeps)
        length, result = wanted.vl, rv.ZERO
        is_zero = rv.register_of(length.type).number == 0
        same_length = (
            state is not None and state.vl is length and state.shape.ratio == wanted.shape.ratio
        )
        if same_length:
            if not is_zero:
                length = builder.value(rv.register, types=[rv.ZERO])
        elif is_zero:
            result = rv.X
        count("vsetvli inserted")
        made = builder.create(rv.op("vsetvli"), length, types=[result], vtype=vtype)
        made.location = operation.location
        if operation in self.journals:
            self.journals[operation].made(made)


def _vtype(shape: Shape, keeps: frozenset[str]) -> str:
    tail = "tu" if "tu" in keeps else "ta"
    mask = "mu" if "mu" in keeps else "ma"
    return f"e{shape.width},{shape.group},{tail},{mask}"


def _strip(operation: Operation) -> None:
    """Drop the operand and attributes that are explicit now."""
    place = rv.extras(operation).vl
    operation.operands = [v for n, v in enumerate(operation.operands) if n != place]
    operation.attributes.pop("vtype")
    operation.attributes.pop("policy", None)

"""`loop`: kernels as loop nests over buffers, with `arith` and `math` for scalars and vectors.

A kernel is a `func.func` with the unit attribute `kernel` and no results. Its arguments are buffers
(memrefs: inputs, then destinations, then scratch) and after them `index` values (sizes, offsets).
The rest of the program, the schedule, starts it with `loop.launch`. Buffers are row-major and
contiguous; two arguments never overlap, unless the kernel writes to neither.

The one idea is the vector loop. `loop.for {kind = "vector", lanes = N}` runs over its iterations in
strips: in each turn the machine takes `vl` consecutive ones, `1 <= vl <= min(remaining, VLMAX)`,
where `VLMAX = N * VLEN / 64` (so `vsetvli`, with LMUL = N * SEW / 64, chooses it). Inside:

- A value of scalar type is one for the strip; a value of type `vector<[N]xT>` has one element for
  each of the `vl` iterations. All vectors of one loop have its `N`, whatever T is, so f32 beside
  f64 needs no more than the LMUL that each type gives: vector<[8]xf32> is LMUL 4, vector<[8]xf64>
  (or `index`) LMUL 8, vector<[8]xi8> LMUL 1, vector<[8]xi1> a mask. N is a power of two from 1 to
  64, and N * SEW <= 512 for every element type in the loop.
- Elementwise operations of `arith` and `math` work on vectors as on scalars. A scalar operand is
  made a vector by `loop.broadcast`, which costs nothing where a .vf or .vx form exists.
- Serial loops may stand inside; their iteration arguments may be vectors of `vl` elements.
  Vector loops do not nest.
- A vector defined outside every vector loop has VLMAX elements. Inside, its first `vl` are used.
- An iteration argument of the vector loop itself may be a vector (not a mask): an accumulator of
  VLMAX elements. What the body yields replaces the first `vl` elements; the others keep their
  value (tail undisturbed), so that a short last strip loses nothing. `loop.reduce` after the loop
  makes it a scalar. Scalar iteration arguments are as in a serial loop, once a strip.

A vector register group's tail beyond `vl` is otherwise unspecified.

Control flow other than counting is `loop.while` and `loop.if`, on scalars; in a strip there is
`loop.if` alone, and what it decides holds for the whole strip. A check that fails leaves the
kernel: `loop.exit` writes down which it was and what it looked at, in a buffer that the schedule
reads after the launch. A strip in which a check would fail is not begun: `loop.leave` ends the
vector loop before it, and a serial loop goes on from there.
"""

from __future__ import annotations

from collections.abc import Sequence

from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.definition import PURE, RECURSIVE, TERMINATOR, Dialect
from fleet.ir.flow import OUT, LoopLike, RegionBranch, RegionTerminator
from fleet.ir.interfaces import (
    SOMEWHERE,
    DestinationStyle,
    MemoryAccess,
    MemoryEffects,
    View,
)
from fleet.ir.types import Type, element_of, i1
from fleet.ir.types import index as index_type

LOOP = Dialect("loop")

SERIAL, VECTOR = "serial", "vector"



class _ForBranch(RegionBranch):
    """A vector loop's body takes the strip's length beside the counter."""

    def own_arguments(self, operation: Operation, region: int) -> int:
        return 2 if operation.get("kind") == VECTOR else 1


for_ = LOOP.op(
    "for",
    "lower: Index, upper: Index, inits: Any* -> results: Any*",
    attributes="kind: String, step: I64, lanes: I64?, iterator: String?",
    regions=1,
    traits={RECURSIVE},
    interfaces=[
        _ForBranch(entry=(0, OUT), after=((0, OUT),), passes="inits"),
        LoopLike(bounds=("lower", "upper")),
    ],
)
"""for (iv = lower; iv < upper; iv += step), signed. Results are the last iteration arguments, or
`inits` when there is no iteration.

kind:     "serial" or "vector".
step:     i64, positive; 1 in vector loops.
lanes:    i64, vector loops only: N above.
iterator: "parallel" (iterations are independent of one another: any order, or at once) or
          "reduction" (iterations only meet in an associative, commutative update of an iteration
          argument or of memory); without it, only the order as written is right.

The block's arguments: iv, then in vector loops `vl` (the strip's length, an index), then the
iteration arguments. In a vector loop iv is the strip's first iteration. The body ends in
`loop.yield` of the next iteration arguments."""
yield_ = LOOP.op(
    "yield",
    "operands: Any*",
    traits={TERMINATOR},
    format="attr-dict ($operands^ `:` type($operands))?",
)

while_ = LOOP.op(
    "while",
    "inits: Any* -> results: Any*",
    regions=2,
    interfaces=[RegionBranch(entry=(0,), after=((1, OUT), (0,)), passes="inits"), LoopLike()],
)
"""As `scf.while`: the first region ends in `loop.condition`, which leaves the loop when it is
false; the second takes what that forwards and yields the next arguments of the first."""
condition = LOOP.op(
    "condition",
    "condition: I1, forwarded: Any*",
    traits={TERMINATOR},
    interfaces=[RegionTerminator(first=1)],
    parents=("loop.while",),
    format="`(` $condition `)` attr-dict ($forwarded^ `:` type($forwarded))?",
)
if_ = LOOP.op(
    "if",
    "condition: I1 -> results: Any*",
    attributes="likely: Unit?",
    regions=2,
    traits={RECURSIVE},
    interfaces=[RegionBranch(entry=(0, 1), after=((OUT,), (OUT,)))],
)
"""Both regions end in `loop.yield`; the second is empty (no block) where there is no else. The
attribute `likely` says that it is hardly ever the second one."""
exit_ = LOOP.op(
    "exit",
    "condition: I1, status: MemRef, values: Any*",
    attributes="code",
    interfaces=[MemoryEffects(writes=("status",))],
)
"""If the condition is true, leave the kernel: `code` goes to status[0], the values (integers,
index, floats by their bits) to status[1] and on. What was stored before stays stored."""
doubt = LOOP.op(
    "doubt",
    "condition: Bool",
    interfaces=[MemoryEffects(writes=(SOMEWHERE,))],
)
"""If the condition (any element of a mask) is true, NumPy would warn: a floating-point exception is
raised in the machine, which whoever launches the kernel may ask for. Nothing else happens."""
leave = LOOP.op(
    "leave",
    "condition: I1",
    interfaces=[MemoryEffects(writes=(SOMEWHERE,))],
    format="$condition attr-dict",
)
"""If the condition is true, end the vector loop around it, whose results are its iteration
arguments as they were before this strip. No strip stores anything before its last `loop.leave`."""

buffer = LOOP.op(
    "buffer",
    "memref: MemRef, sizes: Index* -> result: MemRef",
    traits={PURE},
    interfaces=[View()],
)
"""A kernel's buffer argument together with its dynamic dimensions, in order.
Every buffer whose type has a `?` is used through one of these, at the top of the kernel: this is
where strides come from. It is not code: the address is the argument's. Of such a buffer it gives
the same elements in another shape."""

flat = LOOP.op(
    "flat",
    "memref: MemRef -> result: MemRef",
    traits={PURE},
    interfaces=[View()],
    format="$memref attr-dict `:` type($memref) `->` type($result)",
)
"""A buffer as one row of all its elements, to be subscripted by computed numbers. It is not code,
and stands at the top of the kernel."""

load = LOOP.op(
    "load",
    "memref: MemRef, indices: Integer* -> result: Any",
    attributes="map: Map",
    interfaces=[MemoryEffects(reads=("memref",)), MemoryAccess()],
)
"""memref[map(indices)]. `map`: an AffineMapAttr, (indices) -> one subscript a dimension of memref,
made of +, *, and in scalar loads also floordiv and mod.

A vector result has one element an iteration of the strip. Element l takes, for the operand that is
the enclosing vector loop's iv, iv + l; for an operand of type vector<[N]xindex>, its element l; for
any other operand, its value. Then:
- iv alone: the distance between neighbours is the same throughout, the sum over the dimensions of
  (iv's coefficient) * (the dimension's stride): 1 is a unit-stride load, a constant or a product of
  sizes a strided one. It is never 0: that is a scalar load and `loop.broadcast`.
- a vector operand: an indexed load (gather).
i1 is a byte in memory, 0 or 1; a vector of i1 is a mask."""
store = LOOP.op(
    "store",
    "value: Any, memref: MemRef, indices: Integer*",
    attributes="map: Map",
    interfaces=[MemoryEffects(writes=("memref",)), MemoryAccess(stored="value")],
)
"""memref[map(indices)] = value, the mirror image of `load`. No two elements of a vector go to one
place."""

masked_load = LOOP.op(
    "masked_load",
    "mask: Bool, memref: MemRef, indices: Integer* -> result: Any",
    attributes="map: Map",
    interfaces=[MemoryEffects(reads=("memref",)), MemoryAccess()],
)
"""As `load`, of the elements where the mask is true; what the others are is not said, and where
they would be is not looked at."""
masked_store = LOOP.op(
    "masked_store",
    "value: Any, mask: Bool, memref: MemRef, indices: Integer*",
    attributes="map: Map",
    interfaces=[MemoryEffects(writes=("memref",)), MemoryAccess(stored="value")],
)
"""As `store`, where the mask is true."""

broadcast = LOOP.op(
    "broadcast",
    "value: Scalar -> result: Vector",
    traits={PURE},
    format="$value attr-dict `:` type($value) `->` type($result)",
)
"""A vector, every element of which is the value. Outside vector loops it has VLMAX elements."""
iota = LOOP.op(
    "iota",
    "base: Index -> result: Vector",
    traits={PURE},
    format="$base attr-dict `:` type($result)",
)
"""base, base + 1, base + 2, … as vector<[N]xindex>; only inside a vector loop."""
reduce = LOOP.op(
    "reduce",
    "vector: Vector, init: Scalar -> result: Scalar",
    attributes="operation: String",
    traits={PURE},
    format="custom<Keyword>($operation) $vector `,` $init attr-dict `:` type($vector)",
)
"""init and all elements of the vector combined by `operation`, in any order: "addf", "maxnumf",
"minnumf", "addi", "andi", "ori", "xori", "maxsi", "minsi", "maxui" or "minui" (of `arith`); or by
"ordered_addf": init + element 0 + element 1 + … from left to right, each sum rounded.
The elements are the VLMAX ones outside vector loops, the strip's `vl` ones inside."""
any_ = LOOP.op(
    "any",
    "mask: Vector -> result: I1",
    traits={PURE},
    format="$mask attr-dict `:` type($mask)",
)
"""Whether any of the strip's elements is true."""
element = LOOP.op(
    "element",
    "vector: Vector, position: Index -> result: Scalar",
    traits={PURE},
    format="$vector `[` $position `]` attr-dict `:` type($vector)",
)
"""The element at a position below the strip's length."""
lookup = LOOP.op(
    "lookup",
    "number: Any -> result: Any",
    attributes="table: String",
    traits={PURE},
    format="custom<Keyword>($table) `[` $number `]` attr-dict `:` type($number) `->` type($result)",
)
"""What a table of `loop.tables` has at this place, an i64 from 0 to 127, or at each of a vector: an
i64 or f64, as the table's are."""


@buffer.infers
def _buffer_type(op: Operation) -> list[Type]:
    return [op.operand(0).type]


@any_.infers
def _any_type(op: Operation) -> list[Type]:
    return [i1]


@element.infers
@reduce.infers
def _reduce_type(op: Operation) -> list[Type]:
    return [element_of(op.operand(0).type)]


launch = LOOP.op(
    "launch",
    "inputs: Tensor*, dests: Tensor*, sizes: Index* -> results: Tensor*",
    attributes="callee: Symbol",
    traits={PURE},
    interfaces=[DestinationStyle("dests", reads="inputs", accumulates=True)],
)
"""Run a kernel: its arguments are inputs, dests, sizes, in this order. Result i is dests[i] after
the kernel has written to it (scratch buffers are dests whose results nobody uses). The kernel reads
inputs only, and may update a dest in place: bufferisation copies it first if it is used later."""

DECIDERS = (if_, condition, exit_, doubt, leave)
"""Operations that do something else where their first operand is true."""

SELECTABLE = frozenset(
    """
    arith.constant
    arith.addf arith.subf arith.mulf arith.divf arith.negf arith.maxnumf arith.minnumf
    arith.addi arith.subi arith.muli arith.divsi arith.divui arith.remsi arith.remui
    arith.andi arith.ori arith.xori arith.shli arith.shrsi arith.shrui
    arith.maxsi arith.minsi arith.maxui arith.minui
    arith.cmpf arith.cmpi arith.select
    arith.extf arith.truncf arith.sitofp arith.uitofp arith.fptosi arith.fptoui
    arith.extsi arith.extui arith.trunci arith.index_cast arith.bitcast
    arith.mulsi_extended arith.mului_extended
    math.absf math.sqrt math.copysign math.fma
    """.split()
)
"""What remains in a kernel for instruction selection beside `loop` and `func.return`; the pass
`expand-math` writes everything else in terms of these. Divisors may be zero: the results are then
RISC-V's."""


def for_loop(
    builder: Builder,
    lower: Value,
    upper: Value,
    inits: Sequence[Value] = (),
    *,
    kind: str = SERIAL,
    step: int = 1,
    lanes: int | None = None,
    iterator: str | None = None,
) -> Operation:
    """Insert a `loop.for` with the block arguments that its kind wants and no body yet."""
    leading = [index_type, index_type] if kind == VECTOR else [index_type]
    types = [init.type for init in inits]
    attributes: dict[str, object] = {"kind": kind, "step": step}
    if lanes is not None:
        attributes["lanes"] = lanes
    if iterator is not None:
        attributes["iterator"] = iterator
    region = Region([Block([*leading, *types])])
    return builder.create(for_, lower, upper, inits, types=types, regions=[region], **attributes)


def induction_variable(loop: Operation) -> Value:
    return loop.body.arguments[0]


def iteration_arguments(loop: Operation) -> list[Value]:
    """The block's arguments that carry values from one iteration to the next."""
    return list(loop.body.arguments[2 if loop.get("kind") == VECTOR else 1 :])


def is_vector_loop(operation: Operation) -> bool:
    return operation.definition is for_ and operation.get("kind") == VECTOR

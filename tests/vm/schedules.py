"""Random schedules: buffers that are updated, viewed, carried through loops, branches and calls."""

from __future__ import annotations

import random

import numpy as np

from fleet.dialects import arith, builtin, func, loop, scf, tensor
from fleet.ir.affine import AffineMap
from fleet.ir.attributes import DenseAttr, IntegerAttr, attribute, symbol
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import FunctionType, MemRefType, TensorType, i1, i64, index

LENGTH = 4
ARRAY = TensorType((LENGTH,), i64)
BUFFER = MemRefType((LENGTH,), i64)


def function(name: str, block: Block, results: tuple, **attributes: object) -> Operation:
    kind = FunctionType(tuple(argument.type for argument in block.arguments), results)
    visibility = {} if name == "main" else {"sym_visibility": "private"}
    return func.func(
        sym_name=name, function_type=kind, regions=[Region([block])], **visibility, **attributes
    )


def kernel(name: str, buffers: int, update: bool) -> Operation:
    """dest = sum of the inputs, plus dest itself with `update`; one extra `index` is added."""
    block = Block([BUFFER] * buffers + [index])
    builder = Builder(block)
    zero, end = (index_constant(builder, value) for value in (0, LENGTH))
    each = loop.for_loop(builder, zero, end, iterator="parallel")
    with builder.inside(each.body):
        position = each.body.arguments[0]
        line = AffineMap.identity(1)
        total = builder.value(arith.index_cast, block.arguments[-1], types=[i64])
        sources = block.arguments[: buffers if update else buffers - 1]
        for source in sources:
            item = builder.value(loop.load, source, [position], types=[i64], map=line)
            total = builder.value(arith.addi, total, item)
        builder.create(loop.store, total, block.arguments[buffers - 1], [position], map=line)
        builder.create(loop.yield_, [])
    builder.create(func.return_, [])
    return function(name, block, (), kernel=None)


def index_constant(builder: Builder, value: int) -> Value:
    return builder.value(arith.constant, types=[index], value=IntegerAttr(value, index))


class Generator:
    """Writes one random module."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.module = builtin.module(regions=[Region([Block()])])
        self.has_helper = False

    def build(self) -> Operation:
        body = self.module.body
        body.append(kernel("add", 3, update=False))
        body.append(kernel("accumulate", 2, update=True))
        body.append(kernel("fill", 1, update=False))
        declaration = FunctionType((ARRAY,), ())
        body.append(
            func.func(
                sym_name="print", sym_visibility="private", function_type=declaration,
                regions=[Region()], service="print", kinds=["array"],
                result_kinds=attribute([]), options={"sep": " "},
            )
        )  # fmt: skip
        helper = Block([ARRAY, ARRAY])
        self.fill(helper, list(helper.arguments), depth=1, length=5)
        arrays = self.visible(helper)
        Builder(helper).create(func.return_, [self.rng.choice(arrays) for _ in range(2)])
        body.append(function("helper", helper, (ARRAY, ARRAY)))
        self.has_helper = True
        main = Block()
        self.fill(main, [], depth=3, length=14)
        builder = Builder(main)
        for value in self.rng.sample(self.visible(main), 2):
            builder.create(func.call, [value], types=[], callee=symbol("print"))
        builder.create(func.return_, [])
        body.append(function("main", main, ()))
        return self.module

    def visible(self, block: Block) -> list[Value]:
        """Arrays of this block with content that may be used at its end."""
        made = [result for op in block if op.name != "tensor.empty" for result in op.results]
        return [value for value in [*block.arguments, *made] if value.type == ARRAY]

    def fill(self, block: Block, pool: list[Value], depth: int, length: int) -> None:
        """Append random operations; `pool` has the arrays to draw from and is extended."""
        builder = Builder(block)
        for _ in range(2 if not pool else 1):
            array = np.array([self.rng.randrange(10) for _ in range(LENGTH)])
            pool.append(builder.value(arith.constant, types=[ARRAY], value=DenseAttr.of(array)))
        for _ in range(length):
            pool += self.operation(builder, pool, depth)

    def operation(self, builder: Builder, pool: list[Value], depth: int) -> list[Value]:
        rng = self.rng
        pick = lambda: rng.choice(pool[-6:] if rng.random() < 0.7 else pool)  # noqa: E731
        size = index_constant(builder, rng.randrange(5))
        match rng.randrange(12 if depth else 8):
            case 0 | 1:
                empty = builder.value(tensor.empty, [], types=[ARRAY])
                return [self.launch(builder, "add", [pick(), pick()], empty, size)]
            case 2 | 3:
                return [self.launch(builder, "accumulate", [pick()], pick(), size)]
            case 4:
                return [self.launch(builder, "fill", [], pick(), size)]
            case 5:
                at = index_constant(builder, rng.randrange(LENGTH))
                item = builder.value(tensor.extract, pick(), [at], types=[i64])
                return [builder.value(tensor.insert, item, pick(), [size_in(builder, rng)],
                                      types=[ARRAY])]  # fmt: skip
            case 6:
                open_type = TensorType((None,), i64)
                wide = builder.value(tensor.cast, pick(), types=[open_type])
                return [builder.value(tensor.cast, wide, types=[ARRAY])]
            case 7 if self.has_helper:
                call = builder.create(func.call, [pick(), pick()], types=[ARRAY, ARRAY],
                                      callee=symbol("helper"))  # fmt: skip
                return list(call.results)
            case 8 | 9:
                return self.branch(builder, pool, depth)
            case 10:
                return self.counted(builder, pool, depth, [pick(), pick()])
            case 11:
                return self.conditional_loop(builder, pool, depth, [pick()])
        return []

    def launch(
        self, builder: Builder, name: str, inputs: list[Value], dest: Value, size: Value
    ) -> Value:
        return builder.value(
            loop.launch, inputs, [dest], [size], types=[ARRAY], callee=symbol(name)
        )

    def region(self, block: Block, pool: list[Value], depth: int, results: int) -> Region:
        """A region that yields arrays, its own or those of outer blocks."""
        inner = [*pool, *(a for a in block.arguments if a.type == ARRAY)]
        self.fill(block, inner, depth - 1, self.rng.randrange(1, 5))
        Builder(block).create(scf.yield_, [self.rng.choice(inner[-5:]) for _ in range(results)])
        return Region([block])

    def branch(self, builder: Builder, pool: list[Value], depth: int) -> list[Value]:
        at = size_in(builder, self.rng)
        item = builder.value(tensor.extract, self.rng.choice(pool), [at], types=[i64])
        limit = builder.value(arith.constant, types=[i64], value=self.rng.randrange(12))
        test = builder.value(arith.cmpi, item, limit, types=[i1], predicate=2)
        regions = [self.region(Block(), pool, depth, 1) for _ in range(2)]
        return list(builder.create(scf.if_, test, types=[ARRAY], regions=regions).results)

    def counted(
        self, builder: Builder, pool: list[Value], depth: int, inits: list[Value]
    ) -> list[Value]:
        low, high, step = (index_constant(builder, n) for n in (0, self.rng.randrange(4), 1))
        body = Block([index, *(init.type for init in inits)])
        region = self.region(body, pool, depth, len(inits))
        made = builder.create(
            scf.for_, low, high, step, inits, types=[ARRAY] * len(inits), regions=[region]
        )
        return list(made.results)

    def conditional_loop(
        self, builder: Builder, pool: list[Value], depth: int, inits: list[Value]
    ) -> list[Value]:
        """while count < n: …, with a counter beside the arrays."""
        start = builder.value(arith.constant, types=[i64], value=0)
        before, after = Block([i64, ARRAY]), Block([i64, ARRAY])
        inside = Builder(before)
        limit = inside.value(arith.constant, types=[i64], value=self.rng.randrange(3))
        test = inside.value(arith.cmpi, before.arguments[0], limit, types=[i1], predicate=2)
        inside.create(scf.condition, test, list(before.arguments))
        self.region(after, pool, depth, 1)
        yielded = after.terminator.operands
        after.terminator.erase()
        inside = Builder(after)
        one = inside.value(arith.constant, types=[i64], value=1)
        following = inside.value(arith.addi, after.arguments[0], one)
        inside.create(scf.yield_, [following, *yielded])
        regions = [Region([before]), after.parent]
        after.parent.parent = None
        made = builder.create(
            scf.while_, [start, *inits], types=[i64, ARRAY], regions=regions
        )
        return [made.results[1]]


def size_in(builder: Builder, rng: random.Random) -> Value:
    return index_constant(builder, rng.randrange(LENGTH))

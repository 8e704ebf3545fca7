"""What is provable about sizes: through operations, calls, and loops."""

from __future__ import annotations

import tracing as t
from gpt2_traced import module as gpt2

import fleet.passes  # noqa: F401 - registers the passes
from fleet.dialects import arith, func, numpy, scf, tensor
from fleet.ir.attributes import IntegerAttr, SymbolRefAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.types import TensorType, f32, i1, index
from fleet.passes.shapes.dims import Dims


def returned(module: Operation) -> list[Value]:
    (main,) = [op for op in module.body if op.get("sym_name") == "main"]
    return list(main.body.terminator.operands)


def matrix(*shape: int | None) -> TensorType:
    return TensorType(shape, f32)


def test_scores_have_the_shape_of_the_mask() -> None:
    def main(x: t.Array) -> list:
        n = x.size(0)
        mask = t.broadcast_to(t.reshape(t.arange(n), [n, 1]), [n, n])
        return [x @ x.T / 8.0, mask]

    scores, mask = returned(t.module_of(main, [matrix(None, 8)]))
    dims = Dims(scores.operation.parent_op.parent_op)
    assert dims.shape(scores) == dims.shape(mask)


def test_joining_adds_the_sizes_up() -> None:
    def main(x: t.Array) -> list:
        return [t.concatenate([x, x, x], 0), x]

    joined, x = returned(t.module_of(main, [matrix(None, 4)]))
    dims = Dims(joined.operation.parent_op.parent_op)
    assert dims.shape(joined)[0] == dims.shape(x)[0].scaled(3)


def test_a_product_of_sizes_does_not_depend_on_the_order() -> None:
    def main(x: t.Array, y: t.Array) -> list:
        a = t.reshape(x @ y, [x.size(0), y.size(1)])
        return [t.transpose(a, [1, 0]), a]

    first, second = returned(t.module_of(main, [matrix(None, 4), matrix(4, None)]))
    dims = Dims(first.operation.parent_op.parent_op)
    a, b = dims.shape(first), dims.shape(second)
    assert a[0] * a[1] == b[0] * b[1]
    assert a != b


def test_arguments_equal_at_every_call_are_equal_in_the_function() -> None:
    module = gpt2(2)
    PassManager(["outline"]).run(module)
    dims = Dims(module)
    (attention,) = [op for op in module.body if op.get("sym_name") == "attention"]
    shapes = [dims.shape(argument) for argument in attention.body.arguments]
    assert len({size for shape in shapes for size in shape if size.static is None}) == 1


def test_arguments_that_one_call_tells_apart_are_not() -> None:
    body = Block([matrix(None), matrix(None)])
    Builder(body).create(func.return_, [])
    kind = func.func(
        regions=[Region([body])], sym_name="f", sym_visibility="private", function_type="()"
    )
    main = Block([matrix(None), matrix(None)])
    a, b = main.arguments
    builder = Builder(main)
    builder.create(func.call, [a, a], types=[], callee=SymbolRefAttr("f"))
    builder.create(func.call, [a, b], types=[], callee=SymbolRefAttr("f"))
    builder.create(func.return_, [])
    function = func.func(regions=[Region([main])], sym_name="main", function_type="()")
    holder = t.builtin.module(regions=[Region([t._block_of(kind, function)])])
    dims = Dims(holder)
    assert dims.shape(body.arguments[0]) != dims.shape(body.arguments[1])


def loop_over(grow: bool) -> tuple[Operation, Operation]:
    """A loop that carries a vector, and appends to it or not."""
    block = Block([matrix(None), index])
    builder = Builder(block)
    value, count = block.arguments
    zero = builder.value(arith.constant, value=IntegerAttr(0, index), types=[index])
    one = builder.value(arith.constant, value=IntegerAttr(1, index), types=[index])
    inside = Block([index, matrix(None)])
    inner = Builder(inside)
    carried = inside.arguments[1]
    following = inner.value(numpy.unary["exp"], carried, types=[matrix(None)])
    if grow:
        following = inner.value(
            numpy.concatenate, [carried, following], axis=0, types=[matrix(None)]
        )
    inner.create(scf.yield_, [following])
    loop = builder.create(
        scf.for_, zero, count, one, [value], types=[matrix(None)], regions=[Region([inside])]
    )
    size = builder.value(tensor.dim, loop.result, zero, types=[index])
    builder.create(func.return_, [size])
    function = func.func(regions=[Region([block])], sym_name="main", function_type="()")
    return t.builtin.module(regions=[Region([t._block_of(function)])]), loop


def test_a_carried_size_is_the_initial_one_if_the_body_keeps_it() -> None:
    module, loop = loop_over(grow=False)
    dims = Dims(module)
    assert dims.shape(loop.result) == dims.shape(loop.operand(3))


def test_a_carried_size_that_grows_is_its_own() -> None:
    module, loop = loop_over(grow=True)
    dims = Dims(module)
    assert dims.shape(loop.result) != dims.shape(loop.operand(3))
    inside = loop.body.arguments[1]
    assert dims.shape(inside) != dims.shape(loop.operand(3))


def test_a_long_chain_needs_no_deep_recursion() -> None:
    def main(x: t.Array) -> t.Array:
        for _ in range(3000):
            x = x + 1.0
        return x

    (value,) = returned(t.module_of(main, [matrix(None, 4)]))
    module = value.operation.parent_op.parent_op
    dims = Dims(module)
    assert dims.shape(value) == dims.shape(module.body.first.body.arguments[0])


def test_what_a_while_loop_forwards_has_a_size_that_its_body_can_see() -> None:
    before, after = Block([matrix(None)]), Block([matrix(None), matrix(None)])
    test, body = Builder(before), Builder(after)
    (grown,) = before.arguments
    flag = test.value(arith.constant, value=IntegerAttr(1, i1), types=[i1])
    test.create(scf.condition, flag, [grown, grown])
    first, second = after.arguments
    longer = body.value(numpy.concatenate, [first, second], types=[matrix(None)], axis=0)
    body.create(scf.yield_, [longer])
    main = Block([matrix(None)])
    builder = Builder(main)
    regions = [Region([before]), Region([after])]
    builder.create(scf.while_, [main.arguments[0]], types=[matrix(None)] * 2, regions=regions)
    builder.create(func.return_, [])
    function = func.func(regions=[Region([main])], sym_name="main", function_type="()")
    dims = Dims(t.builtin.module(regions=[Region([t._block_of(function)])]))
    assert dims.shape(first) == dims.shape(second) != dims.shape(grown)
    assert {atom[1].owner for atom in dims.shape(first)[0].atoms()} == {after}


def test_sizes_are_worked_out_once_for_conversions_in_a_row() -> None:
    conversions = "numpy-to-tosa,tosa-to-linalg,form-kernels"
    together = PassManager(conversions)
    one = together.run(gpt2(2))
    assert together.analyses.computed[Dims] == 1
    each = gpt2(2)
    for name in conversions.split(","):
        manager = PassManager(name)
        manager.run(each)
        assert manager.analyses.computed[Dims] == 1
    clean = "canonicalize,cse,dce,symbol-dce"
    assert print_op(PassManager(clean).run(one)) == print_op(PassManager(clean).run(each))

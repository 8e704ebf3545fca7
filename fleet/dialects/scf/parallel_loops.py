"""`scf.parallel` with its reductions, and `scf.forall`, whose iterations each write a part of a
tensor: loops whose order is free. The executor goes through them in order."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from fleet.dialects.scf import SCF, print_results
from fleet.dialects.tensor import mixed, parallel_insert_slice
from fleet.dialects.tensor.execution import slices_of
from fleet.ir.analysis.effects import constant_int
from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.attributes import i64_array
from fleet.ir.core import Block, Operation, Region
from fleet.ir.definition import NO_TERMINATOR, RECURSIVE, TERMINATOR
from fleet.ir.flow import CombinedRuns, LoopLike
from fleet.ir.format import DIRECTIVES, DYNAMIC, NotPretty
from fleet.ir.interfaces import DestinationStyle, SizesOfDestination
from fleet.ir.types import index

parallel = SCF.op(
    "parallel",
    "lower: Index*, upper: Index*, step: Index*, inits: Any* -> results: Any*",
    equations="count(lower) = count(upper) = count(step), results = inits",
    regions=1,
    traits={RECURSIVE},
    interfaces=[CombinedRuns(), LoopLike()],
)
"""One dimension a lower bound; the block takes their variables and ends in `scf.reduce`."""
reduce = SCF.op(
    "reduce",
    "operands: Any*",
    regions=-1,
    traits={RECURSIVE, TERMINATOR},
    parents=("scf.parallel",),
)
"""A region an operand: how two values of it become one."""
reduce_return = SCF.op(
    "reduce.return",
    "result: Any",
    traits={TERMINATOR},
    parents=("scf.reduce",),
    format="$result attr-dict `:` type($result)",
)
forall = SCF.op(
    "forall",
    "lower: Index*, upper: Index*, step: Index*, outputs: Tensor* -> results: Tensor*",
    equations="results = outputs",
    regions=1,
    attributes="staticLowerBound: I64Array, staticUpperBound: I64Array, "
    "staticStep: I64Array, mapping: Array?",
    traits={RECURSIVE},
    interfaces=[
        CombinedRuns(),
        LoopLike(),
        DestinationStyle("outputs", accumulates=True),
        SizesOfDestination(),
    ],
)
"""static*: DenseArrayAttr of i64, DYNAMIC where the number is an operand. The block takes the
variables and the outputs, and ends in `scf.forall.in_parallel`, which says what is written."""
in_parallel = SCF.op(
    "forall.in_parallel",
    "",
    regions=1,
    traits={TERMINATOR, NO_TERMINATOR},
    parents=("scf.forall",),
)

BOUNDS = {"lower": "staticLowerBound", "upper": "staticUpperBound", "step": "staticStep"}


@in_parallel.builds_body
def _nothing_written(operation: Operation) -> Region:
    return Region([Block()])


# -- text


@parallel.prints
def _print_parallel(operation: Operation, printer: Any) -> None:
    lower, upper, step, inits = operation.definition.segments(operation)
    bounds = " to ".join(f"({printer.values(values)})" for values in (lower, upper))
    variables = printer.values(operation.body.arguments)
    printer.write(f" ({variables}) = {bounds} step ({printer.values(step)})")
    if inits:
        printer.write(f" init ({printer.values(inits)})")
    print_results(operation, printer)
    printer.write(" ")
    printer.region(operation.regions[0], arguments=False)
    printer.attributes(operation)


def _parse_list(parser: Any) -> list[Any]:
    parser.expect("(")
    operands = parser.operand_list()
    parser.expect(")")
    return operands


@parallel.parses
def _parse_parallel(parser: Any, state: Any) -> None:
    variables = _parse_list(parser)
    for word, name in (("=", "lower"), ("to", "upper"), ("step", "step")):
        parser.expect(word)
        state.operands[name] = _parse_list(parser)
        if len(state.operands[name]) != len(variables):
            raise parser.error(f"{len(variables)} variables but {len(state.operands[name])} bounds")
    state.operands["inits"] = _parse_list(parser) if parser.accept("init") else []
    types = parser.parenthesised_types() if parser.accept("->") else []
    state.set_types("inits", types)
    state.set_types("results", types)
    arguments = parser.pair(variables, [index] * len(variables))
    state.regions.append(parser.region(arguments, terminator=reduce))
    state.attributes.update(parser.optional_attribute_dict())


@reduce.prints
def _print_reduce(operation: Operation, printer: Any) -> None:
    operands = operation.operands
    if operands:
        printer.write(f"({printer.values(operands)} : {printer.types(operands)})")
    printer.write(" ")
    for number, region in enumerate(operation.regions):
        printer.write(", " if number else "")
        printer.region(region)
    printer.attributes(operation)


@reduce.parses
def _parse_reduce(parser: Any, state: Any) -> None:
    state.operands["operands"] = []
    if parser.accept("("):
        state.operands["operands"] = parser.operand_list()
        parser.expect(":")
        state.set_types("operands", parser.type_list())
        parser.expect(")")
    while parser.peek("{"):
        state.regions.append(parser.region())
        if not parser.accept(","):
            break
    state.attributes.update(parser.optional_attribute_dict())


@forall.prints
def _print_forall(operation: Operation, printer: Any) -> None:
    rank = len(operation.get("staticUpperBound"))
    block, outputs = operation.body, operation.named("outputs")
    variables, targets = block.arguments[:rank], block.arguments[rank:]
    printer.write(f" ({printer.values(variables)}) ")
    plain = all(
        (entry if isinstance(entry, int) else constant_int(entry)) == number
        for name, number in (("lower", 0), ("step", 1))
        for entry in mixed(operation, name, BOUNDS[name])
    )
    words = {"upper": "in"} if plain else {"lower": "=", "upper": " to", "step": " step"}
    for name, word in words.items():
        printer.write(f"{word} ({_bounds_text(operation, name, printer)})")
    if outputs:
        listed = printer.assignments(targets, outputs)
        printer.write(f" shared_outs({listed}) -> ({printer.types(operation.results)})")
    printer.write(" ")
    last = block.terminator
    bare = not operation.results and not last.attributes and last.regions[0].block.first is None
    if not operation.results and not bare:
        raise NotPretty("writes without results")
    printer.region(operation.regions[0], arguments=False, skip_last=bare)
    printer.attributes(operation, tuple(BOUNDS.values()))


def _bounds_text(operation: Operation, name: str, printer: Any) -> str:
    entries = mixed(operation, name, BOUNDS[name])
    return ", ".join(str(e) if isinstance(e, int) else printer.value(e) for e in entries)


@forall.parses
def _parse_forall(parser: Any, state: Any) -> None:
    variables = _parse_list(parser)
    rank = len(variables)
    parse = DIRECTIVES["DynamicIndexList"].parse
    if parser.accept("in"):
        parse(parser, state, "upper", BOUNDS["upper"], "(", ")")
        for name, number in (("lower", 0), ("step", 1)):
            state.operands[name] = []
            state.attributes[BOUNDS[name]] = i64_array([number] * rank)
    else:
        for word, name in (("=", "lower"), ("to", "upper"), ("step", "step")):
            parser.expect(word)
            parse(parser, state, name, BOUNDS[name], "(", ")")
    names, outputs, types = [], [], []
    if parser.accept("shared_outs"):
        names, outputs = parser.assignments()
        parser.expect("->")
        types = parser.parenthesised_types()
    state.operands["outputs"] = outputs
    state.set_types("outputs", types)
    state.set_types("results", types)
    arguments = parser.pair([*variables, *names], [*[index] * rank, *types])
    state.regions.append(parser.region(arguments, terminator=in_parallel))
    state.attributes.update(parser.optional_attribute_dict())


@in_parallel.prints
def _print_in_parallel(operation: Operation, printer: Any) -> None:
    printer.write(" ")
    printer.region(operation.regions[0])
    printer.attributes(operation)


@in_parallel.parses
def _parse_in_parallel(parser: Any, state: Any) -> None:
    state.regions.append(parser.region(terminated=False))
    state.attributes.update(parser.optional_attribute_dict())


# -- verification


@parallel.verify_with
def _verify_parallel(operation: Operation) -> None:
    lower, _, _, inits = operation.definition.segments(operation)
    if not lower:
        raise VerifyError("needs bounds")
    block = operation.regions[0].block
    if [a.type for a in block.arguments] != [index] * len(lower):
        raise VerifyError("needs a variable of type index for each dimension")
    last = block.last
    if last is None or last.definition is not reduce:
        raise VerifyError("needs scf.reduce at the end of its region")
    types = [value.type for value in inits]
    if [value.type for value in last.operands] != types:
        raise VerifyError("needs initial values and reductions of the same types")


@reduce.verify_with
def _verify_reduce(operation: Operation) -> None:
    if len(operation.regions) != len(operation.operands):
        raise VerifyError("needs a region for each operand")
    for operand, region in zip(operation.operands, operation.regions, strict=True):
        block = region.block
        if [argument.type for argument in block.arguments] != [operand.type] * 2:
            raise VerifyError(f"needs a region of two arguments of type {operand.type}")
        last = block.last
        if last is None or last.definition is not reduce_return:
            raise VerifyError("needs scf.reduce.return at the end of its regions")
        if last.operand(0).type != operand.type:
            raise VerifyError(f"reduces {operand.type} to {last.operand(0).type}")


@forall.verify_with
def _verify_forall(operation: Operation) -> None:
    rank = len(operation.get("staticUpperBound"))
    for name, static in BOUNDS.items():
        entries = operation.get(static)
        dynamic = sum(1 for entry in entries if entry == DYNAMIC)
        if len(entries) != rank or dynamic != len(operation.named(name)):
            raise VerifyError(f"needs {rank} numbers or operands in {static}")
    outputs = [value.type for value in operation.named("outputs")]
    block = operation.regions[0].block
    if [argument.type for argument in block.arguments] != [*[index] * rank, *outputs]:
        raise VerifyError("needs a block that takes its variables and outputs")
    if block.last is None or block.last.definition is not in_parallel:
        raise VerifyError("needs scf.forall.in_parallel at the end of its region")


@in_parallel.verify_with
def _verify_in_parallel(operation: Operation) -> None:
    targets = operation.parent.arguments
    for inner in operation.regions[0].block:
        if inner.definition is not parallel_insert_slice:
            raise VerifyError(f"holds '{inner.name}', not tensor.parallel_insert_slice")
        if inner.operand(1) not in targets:
            raise VerifyError("writes to what is no output of its loop")


# -- execution


def _points(lower: Sequence[int], upper: Sequence[int], step: Sequence[int]) -> Any:
    if any(number <= 0 for number in step):
        raise ValueError(f"the steps are {tuple(step)}, not positive")
    return itertools.product(*itertools.starmap(range, zip(lower, upper, step, strict=True)))


@parallel.executes
def _execute_parallel(interpreter: Any, operation: Operation, arguments: Any) -> Any:
    rank = len(operation.named("lower"))
    bounds = [arguments[rank * part : rank * (part + 1)] for part in range(3)]
    totals = list(arguments[3 * rank :])
    for point in _points(*bounds):
        last, values = interpreter.region(operation.regions[0], point)
        for number, (value, region) in enumerate(zip(values, last.regions, strict=True)):
            totals[number] = interpreter.region(region, [totals[number], value])[1][0]
    return totals


@forall.executes
def _execute_forall(interpreter: Any, operation: Operation, arguments: Any) -> Any:
    given = iter(arguments)
    bounds = [
        [next(given) if entry == DYNAMIC else entry for entry in operation.get(static)]
        for static in BOUNDS.values()
    ]
    results = [array.copy() for array in given]
    targets = operation.body.arguments[len(bounds[0]) :]
    for point in _points(*bounds):
        last, _ = interpreter.region(operation.regions[0], [*point, *results])
        for inner in last.regions[0].block:
            source, dest, *dynamic = (interpreter.values[value] for value in inner.operands)
            where = slices_of(inner, dest.shape, iter(dynamic), ("offsets", "sizes", "strides"))
            number = targets.index(inner.operand(1))
            results[number] = results[number].copy()
            results[number][where] = source.reshape(dest[where].shape)
    return results

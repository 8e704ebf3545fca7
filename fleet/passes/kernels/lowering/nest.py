"""One structured operation as a loop nest of scalar operations.

In: views of the operands, indexing maps, iterator types and the scalar body. Out: nested `loop.for`
with loads, the body, and stores. The one idea: parallel dimensions go outside in the order of the
first output's subscripts, reductions inside, and a reduction's running value is an iteration
argument of the reduction loops, not memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fleet.diagnostics import FleetError
from fleet.dialects import linalg, loop, tensor
from fleet.dialects.loop.access import Access
from fleet.ir.affine import AffineDim, AffineExpr, AffineMap, d, dims_of
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.mapping import IRMapping
from fleet.passes.kernels.arrays.views import Size, View

LOOP_NAMES = "ijklmnpq"


@dataclass(frozen=True)
class Structured:
    """A linalg operation in the form that all share."""

    maps: tuple[AffineMap, ...]
    iterators: tuple[str, ...]
    body: Block
    sum_order: str | None = None
    """In which order the terms are added, if that is fixed (`linalg.ORDER`)."""

    @staticmethod
    def of(op: Operation) -> Structured:
        """Raises FleetError for a linalg operation that is not known here."""
        if not linalg.computes(op):
            raise FleetError(f"{op.name} has no loop form yet", op.location)
        order = op.get(linalg.ORDER) if linalg.ORDER in op.attributes else None
        return Structured(tuple(linalg.maps_of(op)), tuple(linalg.iterators_of(op)), op.body, order)

    @property
    def order(self) -> list[int]:
        """The dimensions from the outermost loop to the innermost."""
        inputs = len(self.body.arguments) - len(self.body.terminator.operands)
        first = [e.position for e in self.maps[inputs].results if isinstance(e, AffineDim)]
        place = {
            dim: first.index(dim) if dim in first else -1 for dim in range(len(self.iterators))
        }
        reduction = [kind != linalg.PARALLEL for kind in self.iterators]
        return sorted(place, key=lambda dim: (reduction[dim], place[dim], dim))

    def held(self, output: int) -> bool:
        """Whether an output's running value fits in iteration arguments: the loops that its
        subscripts need are the outermost ones, and there are others inside."""
        dims = self.output_dims(output)
        depth = len(dims)
        return set(self.order[:depth]) == dims and depth < len(self.iterators)

    def output_dims(self, output: int) -> set[int]:
        inputs = len(self.body.arguments) - len(self.body.terminator.operands)
        return set().union(*(dims_of(e) for e in self.maps[inputs + output].results))


    def trip_counts(self, shapes: Sequence[Sequence[Size]], op: Operation) -> list[Size]:
        """The trip count of every dimension, from an operand that has it as a dimension."""
        sizes: list[Size | None] = [None] * len(self.iterators)
        for shape, map in zip(shapes, self.maps, strict=True):
            for expr, size in zip(map.results, shape, strict=True):
                for dim in range(len(sizes)):
                    if expr == d(dim) and (sizes[dim] is None or isinstance(size, int)):
                        sizes[dim] = size
        known = [size for size in sizes if size is not None]
        if len(known) != len(sizes):
            raise FleetError(f"{op.name}: nothing bounds d{sizes.index(None)}", op.location)
        return known


@dataclass
class Nest:
    """A loop nest being written.

    inputs:  a View to load from, or a scalar Value for an operand whose elements are all that.
    outputs: views, all written in full. inits: per output a scalar that its elements start from,
             or None for what is in memory.
    scalars: what the body uses from outside, mapped to its value in the kernel.
    tensors: views of the tensors that the body takes elements of; of one element, the number.
    zero:    the index 0.
    """

    form: Structured
    inputs: Sequence[View | Value]
    outputs: Sequence[View]
    inits: Sequence[Value | None]
    sizes: Sequence[Value]
    scalars: IRMapping
    tensors: Mapping[Value, View | Value]
    zero: Value

    def write(self, builder: Builder) -> None:
        self.builder = builder
        self.order = self.form.order
        self.variables: list[Value | None] = [None] * len(self.order)
        self.loaded: dict[int, Value] = {}
        self.written = {view.memref for view in self.outputs}
        self.running: dict[int, Value] = {}
        self.depths = {
            number: len(self.form.output_dims(number))
            for number in range(len(self.outputs))
            if self.form.held(number)
        }
        self._level(0)

    def _level(self, depth: int) -> None:
        """Everything inside the outermost `depth` loops."""
        self._load_inputs(depth)
        opened = [number for number, at in self.depths.items() if at == depth]
        for number in opened:
            self.running[number] = self._initial(number)
        if depth == len(self.order):
            self._body()
        else:
            self._loop(depth)
        for number in opened:
            self._access(self.outputs[number], self._output_map(number)).store(
                self.builder, self.running.pop(number)
            )

    def _loop(self, depth: int) -> None:
        builder, dim = self.builder, self.order[depth]
        carried = list(self.running)
        kind = self.form.iterators[dim]
        made = loop.for_loop(
            builder,
            self.zero,
            self.sizes[dim],
            [self.running[number] for number in carried],
            iterator=kind if self.form.sum_order is None or kind == linalg.PARALLEL else None,
        )
        variable = loop.induction_variable(made)
        variable.hint = LOOP_NAMES[depth] if depth < len(LOOP_NAMES) else None
        self.variables[dim] = variable
        self.running = dict(zip(carried, loop.iteration_arguments(made), strict=True))
        loaded = dict(self.loaded)
        with builder.inside(made.body):
            self._level(depth + 1)
            builder.create(loop.yield_, [self.running[number] for number in carried])
        self.loaded = loaded
        self.variables[dim] = None
        self.running = dict(zip(carried, made.results, strict=True))

    def _load_inputs(self, depth: int) -> None:
        """Load what the loops so far determine; what this nest also writes only innermost."""
        known = set(self.order[:depth])
        innermost = depth == len(self.order)
        for number, source in enumerate(self.inputs):
            if number in self.loaded:
                continue
            if isinstance(source, Value):
                self.loaded[number] = source
                continue
            needs = set().union(*(dims_of(e) for e in self.form.maps[number].results))
            if innermost or (needs <= known and source.memref not in self.written):
                access = self._access(source, self.form.maps[number])
                self.loaded[number] = access.load(self.builder, source.element)

    def _initial(self, number: int) -> Value:
        init = self.inits[number]
        view = self.outputs[number]
        return init or self._access(view, self._output_map(number)).load(self.builder, view.element)

    def _output_map(self, number: int) -> AffineMap:
        return self.form.maps[len(self.inputs) + number]

    def _access(self, view: View, map: AffineMap) -> Access:
        """Element map(loops so far) of a view."""
        present = [dim for dim, variable in enumerate(self.variables) if variable is not None]
        renumber = {dim: d(place) for place, dim in enumerate(present)}
        inner: list[AffineExpr] = [renumber.get(dim, d(dim)) for dim in range(len(self.variables))]
        coordinates = AffineMap(len(present), tuple(inner))
        return view.at(map.compose(coordinates).results, [self.variables[dim] for dim in present])

    def compute(
        self, op: Operation, mapping: IRMapping, index_of: Callable[[int], Value]
    ) -> None:
        """One operation of the scalar body, at the point whose coordinates `index_of` gives."""
        form = _OF_A_POINT.get(op.definition)
        if form is None:
            self.builder.insert(op.clone(mapping))
            return
        with self.builder.at(op.location):
            mapping[op.result] = form(self, op, mapping, index_of)

    def _coordinate(
        self, op: Operation, mapping: IRMapping, index_of: Callable[[int], Value]
    ) -> Value:
        return index_of(op.get("dim"))

    def _element(
        self, op: Operation, mapping: IRMapping, index_of: Callable[[int], Value]
    ) -> Value:
        view = self.tensors[op.operand(0)]
        if isinstance(view, Value):
            return view
        places = mapping.all_of(op.operands[1:])
        access = view.at([d(i) for i in range(len(places))], places)
        return access.load(self.builder, op.result.type)

    def _body(self) -> None:
        """The scalar body once, at the innermost place."""
        builder, block = self.builder, self.form.body
        mapping = IRMapping(self.scalars)
        for number, argument in enumerate(block.arguments):
            if number < len(self.inputs):
                mapping[argument] = self.loaded[number]
            elif argument.uses:
                output = number - len(self.inputs)
                mapping[argument] = (
                    self.running[output] if output in self.running else self._initial(output)
                )
        for op in block:
            if op is block.last:
                break
            self.compute(op, mapping, self.variables.__getitem__)
        for number, value in enumerate(block.terminator.operands):
            result = mapping.of(value)
            if number in self.depths:
                self.running[number] = result
            else:
                access = self._access(self.outputs[number], self._output_map(number))
                access.store(builder, result)


def write_copy(
    builder: Builder, source: View | Value, target: View, index: Callable[[Size], Value]
) -> None:
    """All elements of target become those of source. index: a size as a value."""
    rank = target.rank
    identity = AffineMap.identity(rank)
    map = identity if isinstance(source, View) else AffineMap(rank, ())
    block = Block([target.element, target.element])
    Region([block])
    Builder(block, location=builder.location).create(linalg.yield_, [block.arguments[0]])
    form = Structured((map, identity), (linalg.PARALLEL,) * rank, block)
    sizes = [index(size) for size in target.sizes]
    Nest(form, [source], [target], [None], sizes, IRMapping(), {}, index(0)).write(builder)


_OF_A_POINT = {linalg.index: Nest._coordinate, tensor.extract: Nest._element}
"""What depends on where in the iteration space a body runs; all else is as it stands."""

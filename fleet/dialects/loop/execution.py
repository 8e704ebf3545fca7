"""What `loop` operations do, as Python: kernels are translated to functions over NumPy arrays.

In: a kernel (a function over memrefs, scalar or vectorised) or a single loop. Out: a Python
function that runs it in place on arrays. The one idea: loops become Python loops, scalars NumPy
scalars of their exact type (`index` a Python int), and a strip of a vector loop whole-array
operations on `vl` elements; so the text that is executed is short enough to read, and fast enough
for whole models when strips are wide.

The machine's VLEN is a parameter, None standing for a machine whose strips are as long as the loop.
A vector whose elements are all equal may be held as one scalar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from fleet.diagnostics import FleetError
from fleet.dialects import loop
from fleet.dialects.arith import CMPF_PREDICATES, CMPI_PREDICATES
from fleet.dialects.loop import arithmetic, is_vector_loop, iteration_arguments, tables
from fleet.dialects.loop.access import Access, is_store
from fleet.dialects.loop.arithmetic import BINARY, COMPARE_FLOAT, COMPARE_INTEGER, MATH, SCALAR
from fleet.dialects.loop.helpers import HELPERS, shaped
from fleet.ir.affine import (
    AffineBinary,
    AffineConst,
    AffineDim,
    AffineExpr,
    coefficients,
    dims_of,
    evaluate,
)
from fleet.ir.core import Block, Operation, Value
from fleet.ir.interfaces import MemoryAccess
from fleet.ir.interpreter import to_array, to_data
from fleet.ir.types import (
    IndexType,
    MemRefType,
    VectorType,
    element_of,
    f32,
    f64,
    i1,
    i8,
    i16,
    i32,
    i64,
    index,
    numpy_dtype,
)

Kernel = Callable[..., Any]
Raised = Callable[[str, int], None]
"""Told, as np.seterrcall has it, what went wrong in floating-point arithmetic."""


def _unheard(kind: str, flags: int) -> None:
    pass


def compile_kernel(
    function: Operation,
    vlen: int | None = None,
    checked: bool = False,
    raised: Raised = _unheard,
) -> Kernel:
    """The kernel as a Python function of arrays (C-contiguous) and ints, which works in place.

    vlen: the machine's vector length in bits. checked: raise IndexError for every access outside
    its buffer, and say whether strips and buffers have the sizes that the types promise.
    raised: told of divisions by zero, overflows and what gives no number.
    """
    return _Translator(vlen, checked, raised).function(function.body, function.body.arguments)


def compile_loop(loop: Operation, vlen: int | None = None) -> tuple[list[Value], Kernel]:
    """A single `loop.for`: what it uses from outside, and a function of that to its results."""
    inside = {result for op in loop.walk() for result in op.results} | {
        argument
        for op in loop.walk()
        for r in op.regions
        for b in r.blocks
        for argument in b.arguments
    }
    free = dict.fromkeys(v for op in loop.walk() for v in op.operands if v not in inside)
    return list(free), _Translator(vlen, False).function([loop], list(free), loop.results)


def python_text(function: Operation, vlen: int | None = None) -> str:
    """The Python that `compile_kernel` executes."""
    translator = _Translator(vlen, False)
    translator.function(function.body, function.body.arguments)
    return "\n".join(translator.lines)


class _Translator:
    """Writes Python, one line for most operations. `strip` is the vector loop being written."""

    def __init__(
        self, vlen: int | None, checked: bool, raised: Raised = _unheard
    ) -> None:
        self.vlen = vlen
        self.checked = checked
        self.lines: list[str] = []
        self.indent = "    "
        self.names: dict[Value, str] = {}
        self.strip: Operation | None = None
        self.strip_values: set[Value] = set()
        self.written: set[Value] = set()
        self.constants = {**HELPERS, "raised": raised}

    def function(
        self,
        body: Block | list[Operation],
        parameters: Sequence[Value],
        results: Sequence[Value] = (),
    ) -> Kernel:
        self.written = {
            Access.of(op).memref for outer in body for op in outer.walk() if is_store(op)
        }
        self.line(f"def kernel({', '.join(self.name(p) for p in parameters)}):", outer=True)
        self.line("with np.errstate(all='call', under='ignore', call=raised):")
        self.indent += "    "
        self.line("pass")
        for operation in body:
            self.operation(operation)
        self.line(f"return [{', '.join(map(self.name, results))}]")
        exec("\n".join(self.lines), self.constants)  # noqa: S102 - the text is ours
        return self.constants["kernel"]

    # -- names

    def name(self, value: Value) -> str:
        """The variable that holds the value."""
        found = self.names.get(value)
        if found is None:
            hint = "".join(c for c in value.hint or "" if c.isascii() and c.isalnum())
            found = self.names[value] = (
                f"{hint}_{len(self.names)}" if hint else f"v{len(self.names)}"
            )
        return found

    def use(self, value: Value) -> str:
        """The value in an expression; in a strip the first vl elements of outer vectors."""
        name = self.name(value)
        if (
            self.strip is not None
            and isinstance(value.type, VectorType)
            and value not in self.strip_values
        ):
            return f"head({name}, {self.name(self.strip.body.arguments[1])})"
        return name

    def constant(self, value: Any) -> str:
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def line(self, text: str, outer: bool = False) -> None:
        self.lines.append(text if outer else self.indent + text)

    def define(self, operation: Operation, text: str) -> None:
        self.strip_values.update(operation.results)
        self.line(f"{self.name(operation.result)} = {text}")

    # -- operations

    def block(self, block: Block) -> None:
        for operation in block:
            self.operation(operation)

    def operation(self, operation: Operation) -> None:
        dialect, _, mnemonic = operation.name.partition(".")
        match dialect:
            case "loop":
                getattr(self, f"_{mnemonic}")(operation)
            case "arith" if mnemonic in ("mulsi_extended", "mului_extended"):
                low, high = map(self.name, operation.results)
                a, b = map(self.use, operation.operands)
                signed = mnemonic == "mulsi_extended"
                self.line(f"{low}, {high} = wide_product({a}, {b}, {signed})")
            case "arith" | "math":
                self.define(operation, self._arithmetic(operation, mnemonic))
            case "func" if mnemonic == "return":
                pass
            case _:
                raise FleetError(f"{operation.name} cannot run inside a kernel", operation.location)

    def _for(self, loop: Operation) -> None:
        inits, inner = loop.operands[2:], iteration_arguments(loop)
        for argument, init in zip(inner, inits, strict=True):
            self.line(f"{self.name(argument)} = {self.use(init)}")
        if is_vector_loop(loop):
            self._strips(loop, inner)
        else:
            lower, upper = self.use(loop.operand(0)), self.use(loop.operand(1))
            variable = self.name(loop.body.arguments[0])
            self.strip_values.update(inner)
            self.line(f"for {variable} in range({lower}, {upper}, {loop.get('step')}):")
            self.indent += "    "
            self.block(loop.body)
            self._next(inner, [self.use(v) for v in loop.body.terminator.operands])
            self.indent = self.indent[:-4]
        for result, argument in zip(loop.results, inner, strict=True):
            self.strip_values.add(result)
            self.line(f"{self.name(result)} = {self.name(argument)}")

    def _strips(self, loop: Operation, inner: list[Value]) -> None:
        """A vector loop: `while` strips remain. Vector accumulators are merged after each."""
        variable, length = map(self.name, loop.body.arguments[:2])
        upper = self.use(loop.operand(1))
        vlmax = None if self.vlen is None else loop.get("lanes") * self.vlen // 64
        self.line(f"{variable} = {self.use(loop.operand(0))}")
        self.line(f"while {variable} < {upper}:")
        self.indent += "    "
        rest = f"{upper} - {variable}"
        self.line(f"{length} = {rest if vlmax is None else f'min({rest}, {vlmax})'}")
        outer, self.strip, self.strip_values = self.strip, loop, set(inner)
        accumulators = [a for a in inner if isinstance(a.type, VectorType)]
        for argument in accumulators:
            self.line(f"whole_{self.name(argument)} = {self.name(argument)}")
            self.line(f"{self.name(argument)} = head({self.name(argument)}, {length})")
        self.block(loop.body)
        following = [
            f"merge(whole_{self.name(a)}, {self.use(v)}, {length}, {vlmax})"
            if a in accumulators
            else self.use(v)
            for a, v in zip(inner, loop.body.terminator.operands, strict=True)
        ]
        self._next(inner, following)
        self.line(f"{variable} += {length}")
        self.strip, self.strip_values = outer, set()
        self.indent = self.indent[:-4]

    def _next(self, arguments: list[Value], values: list[str]) -> None:
        if arguments:
            self.line(f"{', '.join(map(self.name, arguments))} = {', '.join(values)}")
        else:
            self.line("pass")

    def _yield(self, operation: Operation) -> None:
        """Part of the loop that it ends."""

    def _flat(self, operation: Operation) -> None:
        if operation.operand(0) in self.written or operation.result in self.written:
            self.written.update((operation.operand(0), operation.result))
        self.define(operation, f"{self.use(operation.operand(0))}.reshape(-1)")

    def _while(self, loop: Operation) -> None:
        before, after = (region.block for region in loop.regions)
        condition = before.terminator
        self.strip_values.update((*before.arguments, *after.arguments, *loop.results))
        self._assign(before.arguments, loop.operands)
        with self._indented("while True:"):
            self.block(before)
            with self._indented(f"if not {self.use(condition.operand(0))}:"):
                self._assign(loop.results, condition.operands[1:])
                self.line("break")
            self._assign(after.arguments, condition.operands[1:])
            self.block(after)
            self._assign(before.arguments, after.terminator.operands)

    def _condition(self, operation: Operation) -> None:
        """Part of the loop that it decides on."""

    def _if(self, operation: Operation) -> None:
        words = (f"if {self.use(operation.operand(0))}:", "else:")
        for word, region in zip(words, operation.regions, strict=True):
            if region.blocks:
                with self._indented(word):
                    self.block(region.block)
                    self._assign(operation.results, region.block.terminator.operands)

    def _exit(self, operation: Operation) -> None:
        condition, status, *operands = map(self.use, operation.operands)
        with self._indented(f"if {condition}:"):
            listed = ", ".join([status, str(operation.get("code")), *operands])
            self.line(f"write_down({listed})")
            self.line("return []")

    def _doubt(self, operation: Operation) -> None:
        condition = self.use(operation.operand(0))
        is_mask = isinstance(operation.operand(0).type, VectorType)
        with self._indented(f"if {f'np.any({condition})' if is_mask else condition}:"):
            self.line("raised('doubt', 0)")

    def _leave(self, operation: Operation) -> None:
        with self._indented(f"if {self.use(operation.operand(0))}:"):
            for argument in iteration_arguments(self.strip):
                if isinstance(argument.type, VectorType):
                    self.line(f"{self.name(argument)} = whole_{self.name(argument)}")
            self.line("break")

    def _any(self, operation: Operation) -> None:
        self.define(operation, f"bool(np.any({self.use(operation.operand(0))}))")

    def _element(self, operation: Operation) -> None:
        vector, position = map(self.use, operation.operands)
        self.define(operation, f"element({vector}, {position})")

    def _assign(self, targets: Sequence[Value], sources: Sequence[Value]) -> None:
        self._next(list(targets), [self.use(value) for value in sources])

    @contextmanager
    def _indented(self, heading: str) -> Iterator[None]:
        self.line(heading)
        self.indent += "    "
        yield
        self.indent = self.indent[:-4]

    def _buffer(self, operation: Operation) -> None:
        array, sizes = self.use(operation.operand(0)), [self.use(v) for v in operation.operands[1:]]
        if operation.operand(0) in self.written or operation.result in self.written:
            self.written.update((operation.operand(0), operation.result))
        dynamic = iter(sizes)
        shape = [next(dynamic) if dim is None else str(dim) for dim in operation.result.type.shape]
        listed = f"({', '.join([*shape, ''])})"
        if operation.result.type != operation.operand(0).type or _is_in_loop(operation):
            array = f"shaped({array}, {listed})"
        elif self.checked:
            self.line(f"check_shape({array}, {listed})")
        self.define(operation, array)

    def _load(self, operation: Operation) -> None:
        memref, subscripts = (
            operation.operand(0),
            self._subscripts(operation),
        )
        text = f"{self.use(memref)}[{subscripts}]"
        dtype = numpy_dtype(element_of(operation.result.type))
        if isinstance(operation.result.type, VectorType):
            if memref in self.written:
                text += ".copy()"
        elif isinstance(operation.result.type, IndexType):
            text = f"int({text})"
        if self.checked and not isinstance(operation.result.type, IndexType):
            text = f"check_type({text}, np.{dtype.name})"
        self.define(operation, text)

    def _store(self, operation: Operation) -> None:
        subscripts = self._subscripts(operation)
        self.line(
            f"{self.use(operation.operand(1))}[{subscripts}] = {self.use(operation.operand(0))}"
        )

    def _masked_load(self, operation: Operation) -> None:
        memref, mask = operation.named("memref"), operation.named("mask")
        places = self._subscripts(operation, apart=True)
        dtype = numpy_dtype(element_of(operation.result.type)).name
        length = self.name(self.strip.body.arguments[1])
        listed = f"{self.use(memref)}, {self.use(mask)}, {length}, np.{dtype}, {places}"
        self.define(operation, f"masked_load({listed})")

    def _masked_store(self, operation: Operation) -> None:
        value, mask, memref = map(self.use, operation.operands[:3])
        places = self._subscripts(operation, apart=True)
        length = self.name(self.strip.body.arguments[1])
        self.line(f"masked_store({memref}, {value}, {mask}, {length}, {places})")

    def _broadcast(self, operation: Operation) -> None:
        value = self.use(operation.operand(0))
        is_index = isinstance(element_of(operation.result.type), IndexType)
        self.define(operation, f"np.int64({value})" if is_index else value)

    def _iota(self, operation: Operation) -> None:
        length = self.name(self.strip.body.arguments[1])
        self.define(operation, f"np.arange({length}) + {self.use(operation.operand(0))}")

    def _lookup(self, operation: Operation) -> None:
        table = self.constant(tables.table(operation.get("table")))
        self.define(operation, f"{table}[{self.use(operation.operand(0))}]")

    def _reduce(self, operation: Operation) -> None:
        vector, init = map(self.use, operation.operands)
        kind = operation.get("operation")
        if self.strip is not None:
            count = self.name(self.strip.body.arguments[1])
        else:
            lanes = operation.operand(0).type.shape[0]
            count = "None" if self.vlen is None else str(lanes * self.vlen // 64)
        unsigned = kind in ("maxui", "minui")
        self.define(operation, f"reduce({kind!r}, {vector}, {init}, {count}, {unsigned})")

    # -- subscripts

    def _subscripts(self, operation: Operation, apart: bool = False) -> str:
        """The subscripts of a load or store as Python: integers, slices, or index arrays.

        apart: no slices, and nothing said of whether they are in bounds."""
        access = MemoryAccess.of(operation)
        memref, map, operands = access.place(operation)
        value = access.element(operation)
        texts = [self.use(v) for v in operands]
        lanes = set()
        gathers = any(isinstance(v.type, VectorType) for v in operands)
        if isinstance(value.type, VectorType) and self.strip is not None:
            lanes = {i for i, v in enumerate(operands) if v is self.strip.body.arguments[0]}
        length = self.name(self.strip.body.arguments[1]) if self.strip is not None else ""
        moving = [e for e in map.results if dims_of(e) & lanes]
        subscripts = []
        for number, expr in enumerate(map.results):
            coefficient = sum(coefficients(expr).get(i, 0) for i in lanes) if expr in moving else 0
            if not coefficient:
                text = expression(expr, texts)
            elif apart or gathers or len(moving) > 1:
                text = f"{expression(expr, texts)} + {coefficient} * np.arange({length})"
            elif coefficient == 1:
                start = expression(expr, texts)
                text = f"{start} : {start} + {length}"
            else:
                start = expression(expr, texts)
                text = f"stretch({start}, {coefficient}, {length})"
            if self.checked and not apart:
                buffer = self.use(memref)
                last = f"{expression(expr, texts)} + {coefficient} * ({length or 1} - 1)"
                self.line(
                    f"check_range({expression(expr, texts)}, {last}, {buffer}.shape[{number}])"
                )
            subscripts.append(text)
        return ", ".join(subscripts) if subscripts else "()"

    # -- arithmetic

    def _arithmetic(self, operation: Operation, mnemonic: str) -> str:
        operands = [self.use(v) for v in operation.operands]
        type = operation.result.type
        element = element_of(type)
        if mnemonic == "constant":
            value = operation.get("value")
            if isinstance(type, IndexType):
                return str(value)
            return self.constant(numpy_dtype(element).type(value))
        if element == i1 and mnemonic in ("addi", "subi", "muli"):
            mnemonic = "andi" if mnemonic == "muli" else "xori"
        if not isinstance(type, VectorType):
            scalar = self._scalar(operation, mnemonic, operands)
            if scalar is not None:
                return scalar
        if mnemonic in BINARY:
            return BINARY[mnemonic].format(*operands)
        if mnemonic in MATH:
            return MATH[mnemonic].format(*operands)
        source = element_of(operation.operand(0).type)
        dtype = f"np.{numpy_dtype(element).name}"
        match mnemonic:
            case "cmpf":
                return COMPARE_FLOAT[CMPF_PREDICATES[operation.get("predicate")]].format(*operands)
            case "cmpi":
                return COMPARE_INTEGER[CMPI_PREDICATES[operation.get("predicate")]].format(
                    *operands
                )
            case "select":
                condition, yes, no = operands
                if isinstance(type, VectorType):
                    return f"np.where({condition}, {yes}, {no})"
                return f"{yes} if {condition} else {no}"
            case "fptosi" | "fptoui":
                sign = "u" if mnemonic == "fptoui" else ""
                limits = f"np.dtype('{sign}int{numpy_dtype(element).itemsize * 8}')"
                return f"bitcast(float_to_integer({operands[0]}, {limits}), {limits}, {dtype})"
            case "uitofp" | "extui":
                return f"cast(unsigned({operands[0]}), {dtype})"
            case "bitcast":
                return f"bitcast({operands[0]}, np.{numpy_dtype(source).name}, {dtype})"
            case "extsi" if source == i1:
                return f"-cast({operands[0]}, {dtype})"
            case "trunci" if element == i1:
                return f"cast({operands[0]} & 1, {dtype})"
            case "index_cast" if isinstance(type, IndexType):
                return f"int({operands[0]})"
            case "extf" | "truncf" | "sitofp" | "extsi" | "trunci" | "index_cast":
                return f"cast({operands[0]}, {dtype})"
        raise FleetError(f"{operation.name} cannot run inside a kernel", operation.location)


    def _scalar(self, operation: Operation, mnemonic: str, operands: list[str]) -> str | None:
        """What is cheaper for one number than as for many."""
        type, source = operation.result.type, operation.operand(0).type
        if mnemonic in SCALAR and type != i1:
            return SCALAR[mnemonic].format(*operands)
        if type in (i64, f64) and (mnemonic, source) in _CONVERSIONS:
            return f"np.{numpy_dtype(type).name}({operands[0]})"
        return None


_CONVERSIONS = {
    *(("extsi", source) for source in (i8, i16, i32)), ("index_cast", index), ("extui", i1),
    ("sitofp", i64), ("extf", f32),
}  # fmt: skip
"""Conversions to 64 bits that NumPy's types do when they are called: source types by mnemonic."""


def expression(expr: AffineExpr, operands: Sequence[str]) -> str:
    """An affine expression as Python."""
    match expr:
        case AffineDim(position):
            return operands[position]
        case AffineConst(value):
            return str(value)
        case AffineBinary(operator, left, right):
            python = {"floordiv": "//", "mod": "%"}.get(operator, operator)
            return f"({expression(left, operands)} {python} {expression(right, operands)})"
    raise TypeError(f"not a subscript: {expr}")


# -- in the IR executor: a kernel's body that is run operation by operation


@loop.for_.executes
def _run_for(interpreter: Any, op: Operation, operands: Sequence[Any]) -> list[Any]:
    """The whole loop as one Python function."""
    outside, kernel = compile_loop(op)
    return list(kernel(*(_exact(interpreter.values[value], value) for value in outside)))


@loop.buffer.executes
def _run_buffer(interpreter: Any, op: Operation, operands: Sequence[Any]) -> list[Any]:
    array, *sizes = operands
    if op.result.type == op.operand(0).type and not _is_in_loop(op):
        return [array]
    given = iter(sizes)
    shape = tuple(next(given) if dim is None else dim for dim in op.result.type.shape)
    return [shaped(array, shape)]


def _is_in_loop(op: Operation) -> bool:
    """Whether this is the shape that one round gives to room which was made for all of them."""
    return op.parent_op is not None and op.parent_op.name != "func.func"


@loop.flat.executes
def _run_flat(interpreter: Any, op: Operation, operands: Sequence[Any]) -> list[Any]:
    return [operands[0].reshape(-1)]


@loop.load.executes
def _run_load(interpreter: Any, op: Operation, operands: Sequence[Any]) -> list[Any]:
    place = tuple(evaluate(expr, operands[1:]) for expr in op.get("map").results)
    return [to_data(operands[0][place], op.result.type)]


@loop.store.executes
def _run_store(interpreter: Any, op: Operation, operands: Sequence[Any]) -> list[Any]:
    place = tuple(evaluate(expr, operands[2:]) for expr in op.get("map").results)
    operands[1][place] = operands[0]
    return []


@loop.broadcast.executes
def _run_broadcast(interpreter: Any, op: Operation, operands: Sequence[Any]) -> list[Any]:
    """Outside strips, where alone this runs, one element stands for all."""
    return [_exact(operands[0], op.operand(0))]


@loop.reduce.executes
def _run_reduce(interpreter: Any, op: Operation, operands: Sequence[Any]) -> list[Any]:
    kind = op.get("operation")
    vector, init = operands[0], _exact(operands[1], op.operand(1))
    total = arithmetic.reduce(kind, vector, init, None, kind in ("maxui", "minui"))
    return [to_data(total, op.result.type)]


def _exact(data: Any, value: Value) -> Any:
    """A value of the IR executor as the generated functions take it."""
    if isinstance(value.type, IndexType | MemRefType | VectorType):
        return data
    return to_array(data, value.type)[()]

"""`stub-services`: host services as functions of the module, so that foreign tools can run it.

    func.func private @print_0(tensor<?xf64>) attributes {service = "print", …}
    →   func.func private @print_0(%0: tensor<?xf64>) { … call @stub_show(…) … }

In: a module whose services are declarations, from the tosa stage on. Out: the same with bodies for
them, in upstream dialects over two functions of C's library, `putchar` and `exit`. The one idea:
a stub shows what a service is handed instead of doing what it is for: every element is a line of
16 hexadecimal digits, an integer as 64 bits, a float as the bits of its f64. So another compiler's
result can be compared with ours to the bit. What a program computes with does what it should: its
arguments, numbers read from them, checked arithmetic, checks (which end it with status 1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fleet.diagnostics import FleetError
from fleet.ir.core import Operation
from fleet.ir.parsing.parser import parse_module
from fleet.ir.rewriting.journal import traced
from fleet.ir.rewriting.passes import option, register_pass
from fleet.ir.types import FloatType, IndexType, IntegerType, TensorType, Type

STATUS = 1
"""How a program ends whose check does not hold."""

HELPERS = """
func.func private @putchar(i32) -> i32
func.func private @exit(i32)
func.func private @stub_require(%0: i1) {
  scf.if %0 {
  } else {
    %1 = arith.constant 1 : i32
    func.call @exit(%1) : (i32) -> ()
  }
  return
}
func.func private @stub_show(%0: i64) {
  %from = arith.constant 0 : index
  %to = arith.constant 16 : index
  %step = arith.constant 1 : index
  %c4 = arith.constant 4 : i64
  %c60 = arith.constant 60 : i64
  %c15 = arith.constant 15 : i64
  %c10 = arith.constant 10 : i64
  %zero = arith.constant 48 : i64
  %letters = arith.constant 87 : i64
  scf.for %i = %from to %to step %step {
    %1 = arith.index_cast %i : index to i64
    %2 = arith.muli %1, %c4 : i64
    %3 = arith.subi %c60, %2 : i64
    %4 = arith.shrui %0, %3 : i64
    %5 = arith.andi %4, %c15 : i64
    %6 = arith.cmpi ult, %5, %c10 : i64
    %7 = arith.addi %5, %zero : i64
    %8 = arith.addi %5, %letters : i64
    %9 = arith.select %6, %7, %8 : i64
    %10 = arith.trunci %9 : i64 to i32
    %11 = func.call @putchar(%10) : (i32) -> i32
  }
  %newline = arith.constant 10 : i32
  %12 = func.call @putchar(%newline) : (i32) -> i32
  return
}
"""
NUMBER = """
%from = arith.constant 0 : index
%step = arith.constant 1 : index
%to = tensor.dim %0, %from : {text}
%none = arith.constant 0 : i64
%c10 = arith.constant 10 : i64
%c48 = arith.constant 48 : i64
%minus = arith.constant 45 : i8
%first = tensor.extract %0[%from] : {text}
%negative = arith.cmpi eq, %first, %minus : i8
%begin = arith.select %negative, %step, %from : index
%some = arith.cmpi ult, %begin, %to : index
func.call @stub_require(%some) : (i1) -> ()
"""
"""How the text of a number begins: with its sign, and there is something behind."""
PARSE_INT = NUMBER + """
%sum = scf.for %i = %begin to %to step %step iter_args(%so_far = %none) -> (i64) {{
  %1 = tensor.extract %0[%i] : {text}
  %2 = arith.extui %1 : i8 to i64
  %3 = arith.subi %2, %c48 : i64
  %4 = arith.cmpi ult, %3, %c10 : i64
  func.call @stub_require(%4) : (i1) -> ()
  %5 = arith.muli %so_far, %c10 : i64
  %6 = arith.addi %5, %3 : i64
  scf.yield %6 : i64
}}
%opposite = arith.subi %none, %sum : i64
%result = arith.select %negative, %opposite, %sum : i64
"""
PARSE_FLOAT = NUMBER + """
%c1 = arith.constant 1 : i64
%plus = arith.constant 43 : i8
%point = arith.constant 46 : i8
%letter = arith.constant 101 : i8
%true = arith.constant true
%false = arith.constant false
%one = arith.constant 1.0 : f64
%ten = arith.constant 10.0 : f64
%sum:5 = scf.for %i = %begin to %to step %step iter_args(
    %digits = %none, %behind = %none, %exponent = %none, %part = %none, %divide = %false
) -> (i64, i64, i64, i64, i1) {{
  %1 = tensor.extract %0[%i] : {text}
  %is_point = arith.cmpi eq, %1, %point : i8
  %is_letter = arith.cmpi eq, %1, %letter : i8
  %is_plus = arith.cmpi eq, %1, %plus : i8
  %is_minus = arith.cmpi eq, %1, %minus : i8
  %is_sign = arith.ori %is_plus, %is_minus : i1
  %is_divide = arith.ori %divide, %is_minus : i1
  %of_two = arith.constant 2 : i64
  %in_exponent = arith.cmpi eq, %part, %of_two : i64
  %in_whole = arith.cmpi eq, %part, %none : i64
  %point_fits = arith.andi %is_point, %in_whole : i1
  %sign_fits = arith.andi %is_sign, %in_exponent : i1
  %letter_fits = arith.xori %in_exponent, %is_letter : i1
  %letter_is = arith.andi %letter_fits, %is_letter : i1
  %2 = arith.extui %1 : i8 to i64
  %3 = arith.subi %2, %c48 : i64
  %is_digit = arith.cmpi ult, %3, %c10 : i64
  %4 = arith.ori %point_fits, %sign_fits : i1
  %5 = arith.ori %4, %letter_is : i1
  %6 = arith.ori %5, %is_digit : i1
  func.call @stub_require(%6) : (i1) -> ()
  %7 = arith.muli %digits, %c10 : i64
  %8 = arith.addi %7, %3 : i64
  %9 = arith.addi %behind, %c1 : i64
  %10 = arith.select %in_whole, %behind, %9 : i64
  %11 = arith.muli %exponent, %c10 : i64
  %12 = arith.addi %11, %3 : i64
  %13 = arith.select %in_exponent, %digits, %8 : i64
  %14 = arith.select %in_exponent, %behind, %10 : i64
  %15 = arith.select %in_exponent, %12, %exponent : i64
  %16 = arith.select %is_digit, %13, %digits : i64
  %17 = arith.select %is_digit, %14, %behind : i64
  %18 = arith.select %is_digit, %15, %exponent : i64
  %19 = arith.select %is_point, %c1, %part : i64
  %20 = arith.select %is_letter, %of_two, %19 : i64
  scf.yield %16, %17, %18, %20, %is_divide : i64, i64, i64, i64, i1
}}
%21 = arith.subi %none, %sum#2 : i64
%22 = arith.select %sum#4, %21, %sum#2 : i64
%power = arith.subi %22, %sum#1 : i64
%opposite_power = arith.subi %none, %power : i64
%small = arith.cmpi slt, %power, %none : i64
%size_of_power = arith.select %small, %opposite_power, %power : i64
%times = arith.index_cast %size_of_power : i64 to index
%scale = scf.for %i = %from to %times step %step iter_args(%so_far = %one) -> (f64) {{
  %23 = arith.mulf %so_far, %ten : f64
  scf.yield %23 : f64
}}
%whole = arith.sitofp %sum#0 : i64 to f64
%divided = arith.divf %whole, %scale : f64
%multiplied = arith.mulf %whole, %scale : f64
%size = arith.select %small, %divided, %multiplied : f64
%opposite = arith.negf %size : f64
%result = arith.select %negative, %opposite, %size : f64
"""
WITH_SIGN_OF = """
%unlike = arith.xori %rest, {divisor} : i64
%differ = arith.cmpi slt, %unlike, %none : i64
%is_some = arith.cmpi ne, %rest, %none : i64
%adapt = arith.andi %differ, %is_some : i1
%adapted = arith.addi %rest, {divisor} : i64
%result = arith.select %adapt, %adapted, %rest : i64
"""
"""A remainder as Python has it, from one that has the dividend's sign."""
MODULO = """
%none = arith.constant 0 : i64
%some = arith.cmpi ne, %1, %none : i64
func.call @stub_require(%some) : (i1) -> ()
%rest = arith.remsi %0, %1 : i64
""" + WITH_SIGN_OF.format(divisor="%1")
FLOOR_DIVIDE = """
%none = arith.constant 0 : i64
%some = arith.cmpi ne, %1, %none : i64
func.call @stub_require(%some) : (i1) -> ()
%result = arith.floordivsi %0, %1 : i64
"""
TRUE_DIVIDE = """
%none = arith.constant 0 : i64
%some = arith.cmpi ne, %1, %none : i64
func.call @stub_require(%some) : (i1) -> ()
%2 = arith.sitofp %0 : i64 to f64
%3 = arith.sitofp %1 : i64 to f64
%result = arith.divf %2, %3 : f64
"""
POWER = """
%from = arith.constant 0 : index
%step = arith.constant 1 : index
%none = arith.constant 0 : i64
%one = arith.constant 1 : i64
%natural = arith.cmpi sge, %1, %none : i64
func.call @stub_require(%natural) : (i1) -> ()
%to = arith.index_cast %1 : i64 to index
%result = scf.for %i = %from to %to step %step iter_args(%so_far = %one) -> (i64) {
  %2 = arith.muli %so_far, %0 : i64
  scf.yield %2 : i64
}
"""
POWER_MODULO = """
%from = arith.constant 0 : index
%step = arith.constant 1 : index
%none = arith.constant 0 : i64
%one = arith.constant 1 : i64
%natural = arith.cmpi sge, %1, %none : i64
func.call @stub_require(%natural) : (i1) -> ()
%some = arith.cmpi ne, %2, %none : i64
func.call @stub_require(%some) : (i1) -> ()
%to = arith.index_cast %1 : i64 to index
%start = arith.remsi %one, %2 : i64
%rest = scf.for %i = %from to %to step %step iter_args(%so_far = %start) -> (i64) {
  %3 = arith.muli %so_far, %0 : i64
  %4 = arith.remsi %3, %2 : i64
  scf.yield %4 : i64
}
""" + WITH_SIGN_OF.format(divisor="%2")
LEFT_SHIFT = """
%none = arith.constant 0 : i64
%most = arith.constant 63 : i64
%natural = arith.cmpi ule, %1, %most : i64
func.call @stub_require(%natural) : (i1) -> ()
%result = arith.shli %0, %1 : i64
"""


@dataclass(frozen=True)
class Options:
    arguments: str = option("", "what the program is called with, with commas between")


@dataclass(frozen=True)
class Service:
    """A declared service. `operands` are called %0, %1, … in its body."""

    name: str
    operands: tuple[Type, ...]
    results: tuple[Type, ...]
    arguments: tuple[str, ...]


@register_pass("stub-services", "host services get bodies, for tools that have no host", Options)
def run(module: Operation, options: Options) -> None:
    """Give every declared service a body. Raises FleetError for one that has no stub."""
    declared = [op for op in module.body if op.name == "func.func" and op.get("service")]
    arguments = tuple(filter(None, options.arguments.split(",")))
    texts = [HELPERS]
    for op in declared:
        kind = op.get("function_type")
        service = Service(op.get("service"), kind.inputs, kind.results, arguments)
        make = STUBS.get(service.name)
        if make is None:
            raise FleetError(
                f"the service {service.name!r} has no stub", op.location,
                hint=f"there are stubs for {', '.join(sorted(STUBS))}",
            )  # fmt: skip
        texts.append(_function(op.get("sym_name"), service, make(service)))
    stubs = parse_module("\n".join(texts), file="<stubs>")
    with traced("stubs for the host's services", module, module):
        for op in declared:
            op.erase()
        taken = {op.get("sym_name") for op in module.body if op.name == "func.func"}
        first = module.body.first
        for function in list(stubs.body):
            if function.get("sym_name") not in taken:
                module.body.insert_before(first, function.detach())


def _function(name: str, service: Service, body: str) -> str:
    arguments = ", ".join(f"%{number}: {kind}" for number, kind in enumerate(service.operands))
    returned = ", ".join(map(str, service.results))
    arrow = f" -> ({returned})" if returned else ""
    value = f" %result : {returned}" if returned else ""
    return f"func.func private @{name}({arguments}){arrow} {{\n{body}\nreturn{value}\n}}"


# -- showing


def _shown(service: Service) -> str:
    """All operands, element by element."""
    return "\n".join(_show(f"%{number}", kind) for number, kind in enumerate(service.operands))


def _show(value: str, kind: Type) -> str:
    name = f"%show{value[1:]}"
    if not isinstance(kind, TensorType):
        return _bits(value, name, kind) + f"\nfunc.call @stub_show({name}) : (i64) -> ()"
    head = [f"{name}_step = arith.constant 1 : index", f"{name}_from = arith.constant 0 : index"]
    opened, at = [], []
    for axis in range(len(kind.shape)):
        head += [
            f"{name}_axis{axis} = arith.constant {axis} : index",
            f"{name}_to{axis} = tensor.dim {value}, {name}_axis{axis} : {kind}",
        ]
        at.append(f"{name}_{axis}")
        opened.append(f"scf.for {at[-1]} = {name}_from to {name}_to{axis} step {name}_step {{")
    inner = [
        f"{name}_item = tensor.extract {value}[{', '.join(at)}] : {kind}",
        _bits(f"{name}_item", name, kind.element),
        f"func.call @stub_show({name}) : (i64) -> ()",
    ]
    return "\n".join([*head, *opened, *inner, *("}" for _ in opened)])


def _bits(value: str, name: str, kind: Type) -> str:
    """The 64 bits of a scalar, as `name`."""
    if isinstance(kind, FloatType):
        if kind.width == 64:
            return f"{name} = arith.bitcast {value} : f64 to i64"
        return (
            f"{name}_wide = arith.extf {value} : {kind} to f64\n"
            f"{name} = arith.bitcast {name}_wide : f64 to i64"
        )
    if isinstance(kind, IndexType):
        return f"{name} = arith.index_cast {value} : index to i64"
    assert isinstance(kind, IntegerType)
    if kind.width == 64:
        none = f"{name}_none"
        return f"{none} = arith.constant 0 : i64\n{name} = arith.addi {value}, {none} : i64"
    extend = "extui" if kind.width == 1 else "extsi"
    return f"{name} = arith.{extend} {value} : {kind} to i64"


def _text(service: Service) -> str:
    """An empty text, after all operands have been shown."""
    (kind,) = service.results
    return (
        f"{_shown(service)}\n%no_bytes = arith.constant 0 : index\n"
        f"%result = tensor.empty(%no_bytes) : {kind}"
    )


# -- computing


def _count(service: Service) -> str:
    return f"%result = arith.constant {len(service.arguments) + 1} : i64"


def _argument(service: Service) -> str:
    (kind,) = service.results
    lines = ["%program_0 = arith.constant dense<63> : tensor<1xi8>",
             f"%so_far_0 = tensor.cast %program_0 : tensor<1xi8> to {kind}"]  # fmt: skip
    for number, argument in enumerate(service.arguments, 1):
        data = [byte - 256 if byte > 127 else byte for byte in argument.encode()]
        lines += [
            f"%bytes_{number} = arith.constant dense<{data}> : tensor<{len(data)}xi8>",
            f"%text_{number} = tensor.cast %bytes_{number} : tensor<{len(data)}xi8> to {kind}",
            f"%number_{number} = arith.constant {number} : i64",
            f"%is_{number} = arith.cmpi eq, %0, %number_{number} : i64",
            f"%so_far_{number} = scf.if %is_{number} -> ({kind}) {{",
            f"scf.yield %text_{number} : {kind}",
            "} else {",
            f"scf.yield %so_far_{number - 1} : {kind}",
            "}",
        ]
    last = len(service.arguments)
    lines.append(f"%result = tensor.cast %so_far_{last} : {kind} to {kind}")
    return "\n".join(lines)


def _same(service: Service) -> str:
    return f"%result = tensor.cast %0 : {service.operands[0]} to {service.results[0]}"


def _narrowed(service: Service) -> str:
    """The bytes of a list of ints."""
    (given,), (made,) = service.operands, service.results
    assert isinstance(given, TensorType)
    assert isinstance(made, TensorType)
    wide, narrow = given.element, made.element
    same = "affine_map<(d0) -> (d0)>"
    sizes = "" if made.shape[0] is not None else "%size"
    return f"""
%from = arith.constant 0 : index
%size = tensor.dim %0, %from : {given}
%room = tensor.empty({sizes}) : {made}
%result = linalg.generic {{indexing_maps = [{same}, {same}], iterator_types = ["parallel"]}}
    ins(%0 : {given}) outs(%room : {made}) {{
^bb0(%item: {wide}, %old: {narrow}):
  %byte = arith.trunci %item : {wide} to {narrow}
  linalg.yield %byte : {narrow}
}} -> {made}
"""


def _indices(service: Service) -> str:
    """Subscripts of an axis, checked; those from its end count from its beginning."""
    (given, _), (made,) = service.operands, service.results
    assert isinstance(given, TensorType)
    rank, element = len(given.shape), given.element
    lines = ["%none = arith.constant 0 : i64"]
    sizes = []
    for axis, size in enumerate(given.shape):
        if size is None:
            lines += [f"%axis{axis} = arith.constant {axis} : index",
                      f"%size{axis} = tensor.dim %0, %axis{axis} : {given}"]  # fmt: skip
            sizes.append(f"%size{axis}")
    point = ", ".join(f"d{axis}" for axis in range(rank))
    same = f"affine_map<({point}) -> ({point})>"
    kinds = ", ".join(['"parallel"'] * rank)
    return "\n".join(lines) + f"""
%room = tensor.empty({", ".join(sizes)}) : {made}
%result = linalg.generic {{indexing_maps = [{same}, {same}], iterator_types = [{kinds}]}}
    ins(%0 : {given}) outs(%room : {made}) {{
^bb0(%item: {element}, %old: {element}):
  %from_end = arith.addi %item, %1 : i64
  %negative = arith.cmpi slt, %item, %none : i64
  %place = arith.select %negative, %from_end, %item : i64
  %within = arith.cmpi ult, %place, %1 : i64
  func.call @stub_require(%within) : (i1) -> ()
  linalg.yield %place : {element}
}} -> {made}
"""


def _exit(service: Service) -> str:
    match service.operands:
        case ():
            code = "%code = arith.constant 0 : i32"
        case (IntegerType(width=64),):
            code = "%code = arith.trunci %0 : i64 to i32"
        case _:
            code = f"{_shown(service)}\n%code = arith.constant {STATUS} : i32"
    return f"{code}\nfunc.call @exit(%code) : (i32) -> ()"


def _binary(name: str) -> Callable[[Service], str]:
    return lambda service: f"%result = arith.{name} %0, %1 : i64"


def _compared(name: str) -> Callable[[Service], str]:
    """A comparison of ints and floats, which a stub makes among floats."""

    def compare(service: Service) -> str:
        lines, names = [], []
        for number, kind in enumerate(service.operands):
            names.append(f"%{number}")
            if not isinstance(kind, FloatType):
                names[-1] = f"%as_float{number}"
                lines.append(f"{names[-1]} = arith.sitofp %{number} : {kind} to f64")
        return "\n".join([*lines, f"%result = arith.cmpf {name}, {', '.join(names)} : f64"])

    return compare


def _constant(text: str) -> Callable[[Service], str]:
    return lambda service: f"%result = arith.constant {text}"


def _filled(pattern: str) -> Callable[[Service], str]:
    return lambda service: pattern.format(text=service.operands[0])


def _as_it_is(body: str) -> Callable[[Service], str]:
    return lambda service: body


STUBS: dict[str, Callable[[Service], str]] = {
    "print": _shown,
    "format": _text,
    "argc": _count,
    "argv": _argument,
    "parse_int": _filled(PARSE_INT),
    "parse_float": _filled(PARSE_FLOAT),
    "decode": _same,
    "list_to_bytes": _narrowed,
    "check": _as_it_is("func.call @stub_require(%0) : (i1) -> ()"),
    "check_indices": _indices,
    "exit": _exit,
    "warn": _as_it_is(""),  # there is no standard error to tell
    "levels": _constant("999 : i64"),
    "clock": _constant("0.0 : f64"),
    "time": _constant("0.0 : f64"),
    "int_add": _binary("addi"),
    "int_sub": _binary("subi"),
    "int_mul": _binary("muli"),
    "int_floordiv": _as_it_is(FLOOR_DIVIDE),
    "int_mod": _as_it_is(MODULO),
    "int_truediv": _as_it_is(TRUE_DIVIDE),
    "int_pow": _as_it_is(POWER),
    "int_powmod": _as_it_is(POWER_MODULO),
    "int_lshift": _as_it_is(LEFT_SHIFT),
    "int_trunc": _as_it_is("%result = arith.fptosi %0 : f64 to i64"),
    "int_eq": _compared("oeq"),
    "int_lt": _compared("olt"),
    "int_le": _compared("ole"),
    "int_gt": _compared("ogt"),
    "int_ge": _compared("oge"),
}


"""Programs whose regions are nested deeply, as an `elif` of hundreds of branches makes them."""

from __future__ import annotations

PRINT = '<{{service = "print", kinds = [{}], result_kinds = [], options = {{sep = " "}}}}>'
COUNT = '"numpy.host"() <{service = "argc", kinds = [], result_kinds = ["int"], options = {}}>'


def shown(value: str, type: str) -> str:
    """The text of an operation that prints a value."""
    kind = '"int"' if type == "i64" else '"array"'
    return f'"numpy.host"({value}) {PRINT.format(kind)} : ({type}) -> ()\n'


def elif_chain(depth: int, *, effects: bool = True) -> str:
    """`if n == 0: x, a = …` and `elif`s: each branch gives a number and an array.

    effects: each also prints; otherwise nothing is printed before the end.
    """
    lines = [
        "func.func @main() {\n",
        f"%n = {COUNT} : () -> i64\n",
        "%start = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>\n",
    ]
    for level in range(depth):
        lines.append(
            f"%k{level} = arith.constant {level + 2} : i64\n"
            f"%c{level} = arith.cmpi eq, %n, %k{level} : i64\n"
            f"%x{level}, %a{level} = scf.if %c{level} -> (i64, tensor<2xf32>) {{\n"
            f"%y{level} = arith.addi %n, %k{level} : i64\n"
            f'%b{level} = "numpy.add"(%start, %start) : (tensor<2xf32>, tensor<2xf32>)'
            f" -> tensor<2xf32>\n"
            + shown(f"%y{level}", "i64") * effects
            + f"scf.yield %y{level}, %b{level} : i64, tensor<2xf32>\n}} else {{\n"
        )
    lines.append("scf.yield %n, %start : i64, tensor<2xf32>\n}\n")
    for level in reversed(range(depth - 1)):
        lines.append(f"scf.yield %x{level + 1}, %a{level + 1} : i64, tensor<2xf32>\n}}\n")
    lines += [shown("%x0", "i64"), shown("%a0", "tensor<2xf32>"), "return\n}\n"]
    return "".join(lines)


def nested_loops(depth: int, kind: str) -> str:
    """Loops in loops, each carrying a number and an array; `kind` is "for" or "while".

    Each runs once, so that running them takes no time.
    """
    lines = [
        "func.func @main() {\n",
        f"%n = {COUNT} : () -> i64\n",
        "%zero = arith.constant 0 : i64\n",
        "%one = arith.constant 1 : i64\n",
        "%a = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>\n",
        "%x = arith.constant 5 : i64\n",
    ]
    before, types = ("%x", "%a"), "i64, tensor<2xf32>"
    for level in range(depth):
        x, a = before
        if kind == "for":
            lines.append(
                f"%r{level}, %t{level} = scf.for %i{level} = %zero to %n step %one"
                f" iter_args(%x{level} = {x}, %a{level} = {a}) -> ({types}) : i64 {{\n"
            )
        else:
            lines.append(
                f"%r{level}, %t{level}, %u{level} = scf.while"
                f" (%i{level} = %zero, %p{level} = {x}, %q{level} = {a})"
                f" : (i64, {types}) -> (i64, {types}) {{\n"
                f"%c{level} = arith.cmpi slt, %i{level}, %n : i64\n"
                f"scf.condition(%c{level}) %i{level}, %p{level}, %q{level} : i64, {types}\n"
                f"}} do {{\n^bb0(%j{level}: i64, %x{level}: i64, %a{level}: tensor<2xf32>):\n"
                f"%m{level} = arith.addi %j{level}, %one : i64\n"
            )
        before = f"%x{level}", f"%a{level}"
    x, a = before
    lines.append(
        f"%y = arith.addi {x}, %one : i64\n"
        f'%b = "numpy.add"({a}, {a}) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>\n'
        + shown("%y", "i64")
    )
    inner = "%y", "%b"
    for level in reversed(range(depth)):
        first = f"%m{level}, " if kind == "while" else ""
        kinds = f"i64, {types}" if kind == "while" else types
        lines.append(f"scf.yield {first}{inner[0]}, {inner[1]} : {kinds}\n}}\n")
        inner = (
            (f"%t{level}", f"%u{level}") if kind == "while" else (f"%r{level}", f"%t{level}")
        )
    lines += [shown(inner[0], "i64"), shown(inner[1], "tensor<2xf32>"), "return\n}\n"]
    return "".join(lines)

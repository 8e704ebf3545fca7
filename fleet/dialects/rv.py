"""`rv`: RISC-V instructions over virtual, later physical registers, in SSA form.

`rv.add`, `rv.vfmacc.vf`, ...: an operation for every row of the assembler's instruction table, made
from the row when first asked for. Operands are the registers that it reads, in the order in which
they are written; results the registers that it writes; immediates, CSRs, vtypes and rounding modes
are attributes named as the table's operands. The one idea: a register is a *type*. `!rv.x`,
`!rv.f` and `!rv.v<m4>` say that any register (group) will do; `!rv.x<a0>` and `!rv.v<m4,v8>` which
one it is. Register allocation changes types, and nothing else.

- A branch has two successors, taken and not taken, and passes no arguments; `rv.j` has one and may.
- A destination that is read as well (vfmacc) is the first operand and tied to the result.
- Vector instructions may take, after the operands of their row, in this order: the old content
  of the destination (tail and inactive elements keep it; tied to the result), the mask
  (`!rv.v<mask>`, in v0 in the end), and, until `insert-vsetvli`, the vector length: an x
  register, where `zero` means VLMAX, together with the attribute `vtype` ("e32,m4").
- What is not in the table: see the declarations at the end.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from fleet.asm.isa.encoding import Encoding
from fleet.asm.isa.registers import REGISTER_NAMES, REGISTERS
from fleet.asm.isa.table import encodings
from fleet.ir.analysis.verifier import VerifyError
from fleet.ir.attribute_kinds import AttributeSlot
from fleet.ir.core import Operation, Value
from fleet.ir.definition import CONSTRAINTS, PURE, TERMINATOR, Dialect, OpDef, Slot
from fleet.ir.interfaces import SOMEWHERE, MemoryEffects
from fleet.ir.types import DialectType, Type

READS = MemoryEffects(reads=(SOMEWHERE,))
"""What loads do, wherever their address is from."""


class Register(NamedTuple):
    """What a register type says.

    kind:   "x", "f" or "v".
    group:  of v: "m1" to "m8" (fractions "mf2" to "mf8" take a whole register) or "mask".
    number: the (group's first) register, None for a virtual one.
    """

    kind: str
    group: str = ""
    number: int | None = None

    @property
    def units(self) -> int:
        """How many consecutive registers it takes; the first is a multiple of it."""
        return int(self.group[1:]) if self.group in ("m2", "m4", "m8") else 1

    @property
    def name(self) -> str:
        assert self.number is not None, "a virtual register has no name"
        return REGISTER_NAMES[self.kind][self.number]

    @property
    def type(self) -> DialectType:
        parts = [self.group] if self.group else []
        if self.number is not None:
            parts.append(self.name)
        return DialectType("rv", f"{self.kind}<{','.join(parts)}>" if parts else self.kind)


_BODY = re.compile(r"([xfv])(?:<\s*([\w]+)\s*(?:,\s*(\w+)\s*)?>)?")
_GROUPS = frozenset("m1 m2 m4 m8 mf2 mf4 mf8 mask".split())


@cache
def register_of(type: Type) -> Register:
    """The register that a type means. Raises TypeError for types of other dialects."""
    is_ours = isinstance(type, DialectType) and type.dialect == "rv"
    match = _BODY.fullmatch(type.body) if is_ours else None
    if match is None:
        raise TypeError(f"{type} is not a register type")
    kind, *parts = match.groups()
    group, name = parts if kind == "v" else ("", parts[0])
    if (kind == "v") != (group in _GROUPS) or (name and name not in REGISTERS[kind]):
        raise TypeError(f"{type} is not a register type")
    return Register(kind, group, REGISTERS[kind][name] if name else None)


def is_kind(kind: str, type: Type) -> bool:
    return isinstance(type, DialectType) and type.dialect == "rv" and type.body[0] == kind


def is_register(type: Type) -> bool:
    """Whether a type is one of this dialect's."""
    return isinstance(type, DialectType) and type.dialect == "rv"


X, F, MASK = Register("x").type, Register("f").type, Register("v", "mask").type
ZERO = Register("x", "", 0).type


def v(group: str) -> DialectType:
    """The type of a virtual vector register group: `v("m4")`."""
    return Register("v", group).type


def x(name: str) -> DialectType:
    """The type of a physical integer register: `x("a0")`."""
    return Register("x", "", REGISTERS["x"][name]).type


CONSTRAINTS["X"] = lambda type: is_kind("x", type)
CONSTRAINTS["F"] = lambda type: is_kind("f", type)
CONSTRAINTS["V"] = lambda type: is_kind("v", type)
CONSTRAINTS["Register"] = is_register

FORM = "operands attr-dict `:` functional-type(operands, results)"
JUMP_FORM = "operands `to` successors attr-dict `:` type(operands)"

EXTRAS = "more"
"""The variadic operand of vector instructions: old content, mask, vector length."""
_ATTRIBUTES = frozenset("imm upper csr vtype rm pred succ".split())


def declare(encoding: Encoding) -> OpDef:
    """The operation for a row of the instruction table."""
    operands, results, attributes = [], [], {}
    branches = False
    for spec in encoding.operands:
        if spec.kind in "xfv":
            slot = Slot(spec.name, spec.kind.upper())
            if spec.is_use:
                operands.append(slot)
            if spec.is_def:
                results.append(slot)
        elif spec.kind == "v0":
            operands.append(Slot("v0", "V"))
        elif spec.kind == "label":
            branches = True
        elif spec.kind in _ATTRIBUTES:
            attributes[spec.name] = AttributeSlot(spec.name, required=spec.default is None)
    if is_vector(encoding):
        operands.append(Slot(EXTRAS, "Register", "*"))
    traits = {TERMINATOR} if branches else set()
    form = FORM if operands or results else None
    if branches:
        form = None if results else JUMP_FORM  # which has no room for a result's type
    is_load = False
    if encoding.extension in "IMFD" and results and not branches:
        is_load = any("(" in piece for piece in encoding.pieces)
        if not is_load:
            traits.add(PURE)
    made = OpDef(
        f"rv.{encoding.mnemonic}",
        tuple(operands),
        tuple(results),
        frozenset(traits),
        successors=branches,
        attributes=attributes,
        format=form,
        verifier=verify_instruction,
    )
    return made.implements(READS) if is_load else made


def is_vector(encoding: Encoding) -> bool:
    """Whether it depends on vl and vtype (those that set them do not)."""
    return encoding.extension == "V" and not encoding.mnemonic.startswith("vset")


class _Instructions(dict[str, OpDef]):
    """Operations by mnemonic; a row of the instruction table is declared when asked for."""

    def __missing__(self, mnemonic: str) -> OpDef:
        encoding = encodings().get(mnemonic)
        if encoding is None:
            raise KeyError(mnemonic)
        self[mnemonic] = declare(encoding)
        return self[mnemonic]

    def get(self, mnemonic: str, default: OpDef | None = None) -> OpDef | None:  # type: ignore[override]
        try:
            return self[mnemonic]
        except KeyError:
            return default


def verify_registers(operation: Operation) -> None:
    """Types are registers, and a group begins at a multiple of its size."""
    for value in (*operation.operands, *operation.results):
        try:
            register = register_of(value.type)
        except TypeError as error:
            raise VerifyError(str(error)) from None
        if register.number is not None and register.number % register.units:
            raise VerifyError(f"{value.type} does not begin at a multiple of its size")


def verify_instruction(operation: Operation) -> None:
    """Ties, immediates, and that a branch passes no arguments."""
    verify_registers(operation)
    encoding = encoding_of(operation)
    tied = tied_operand(operation)
    if tied is not None and operation.operand(tied).type != operation.result.type:
        raise VerifyError("its tied operand and its result are in different registers")
    for field in encoding.fields:
        value = operation.get(field.name)
        if isinstance(value, int) and not field.accepts(value):
            raise VerifyError(f"cannot have {field.name} = {value}")
    if operation.successors:
        if len(operation.successors) != 2:
            raise VerifyError("a branch has two successors, taken and not taken")
        if any(block.arguments for block in operation.successors):
            raise VerifyError("a branch passes no arguments, its successors take some")


def verify_jump(operation: Operation) -> None:
    """What is passed is what the block takes, in the same registers or virtual ones of the kind."""
    verify_registers(operation)
    if len(operation.successors) != 1:
        raise VerifyError("a jump has one successor")
    passed = [value.type for value in operation.operands]
    taken = [argument.type for argument in operation.successors[0].arguments]
    virtual = [register_of(type)._replace(number=None).type for type in passed]
    fits = [a in pair for a, pair in zip(taken, zip(passed, virtual, strict=True), strict=False)]
    if len(passed) != len(taken) or not all(fits):
        raise VerifyError(
            f"passes ({', '.join(map(str, passed))}) to a block of ({', '.join(map(str, taken))})"
        )


RV = Dialect("rv")
RV.ops = _Instructions()


def op(mnemonic: str) -> OpDef:
    """The operation of an instruction: `op("vfmacc.vf")`. Raises KeyError."""
    return RV.ops[mnemonic]


def encoding_of(operation: Operation) -> Encoding | None:
    """The table's row, None for what is not in it."""
    return encodings().get(operation.name[3:])


# -- what is not a row of the table

copy = RV.op("copy", "source: Register -> target: Register", traits={PURE}, format=FORM)
"""mv, fmv.d or vmv<n>r.v, as the types say."""
li = RV.op(
    "li",
    "-> rd: X",
    attributes="value: Integer",
    traits={PURE},
    format="$value attr-dict `:` type($rd)",
)
"""Load the 64-bit constant `value`."""
la = RV.op(
    "la",
    "-> rd: X",
    attributes="symbol: String",
    traits={PURE},
    format="$symbol attr-dict `:` type($rd)",
)
"""Load the address of `symbol`."""
register = RV.op(
    "register", "-> result: Register", traits={PURE}, format="attr-dict `:` type($result)"
)
"""The register that the type names, as it is (`zero`, `sp`, one that the caller wants back), or
a virtual one with unknown content. No code."""
argument = RV.op(
    "argument",
    "-> rd: X",
    attributes="index: Integer",
    interfaces=[READS],
    format="$index attr-dict `:` type($rd)",
)
"""The function's argument number `index`, from 8, which the caller put on the stack."""
spill = RV.op("spill", "value: Register", attributes="slot: Integer")
reload = RV.op("reload", "-> value: Register", attributes="slot: Integer", interfaces=[READS])
"""To and from the stack frame. `slot` counts within a class of its own for each kind and size."""
SELDOM = "seldom"
"""What the name of a loop says, in its label, that mostly does not run at all."""

label = RV.op("label", "", attributes="name: String", format="$name attr-dict")
"""First in a block: the block's label in assembly."""
j = RV.op(
    "j",
    "arguments: Register*",
    successors=True,
    traits={TERMINATOR},
    format="($arguments^ `:` type($arguments) `to`)? successors attr-dict",
    verifier=verify_jump,
)
ret = RV.op("ret", "", traits={TERMINATOR}, format="attr-dict")


# -- questions about operations


class Extras(NamedTuple):
    """Positions of a vector instruction's extra operands, None where there is none."""

    old: int | None = None
    mask: int | None = None
    vl: int | None = None


def extras(operation: Operation) -> Extras:
    """Where the old destination, the mask and the vector length are among the operands."""
    definition = operation.definition
    if definition is None or not definition.operands or definition.operands[-1].name != EXTRAS:
        return Extras()
    old = mask = vl = None
    operands = operation.operands
    for number in range(len(definition.operands) - 1, len(operands)):
        register = register_of(operands[number].type)
        if register.kind == "x":
            vl = number
        elif register.group == "mask":
            mask = number
        else:
            old = number
    return Extras(old, mask, vl)


def tied_operand(operation: Operation) -> int | None:
    """The operand that must be in the same register as result 0."""
    definition = operation.definition
    if definition is None or not definition.results:
        return None
    first = definition.operands[0].name if definition.operands else ""
    if first == definition.results[0].name:
        return 0
    return extras(operation).old


def is_copy(operation: Operation) -> bool:
    return operation.definition is copy


def group_of(value: Value) -> str:
    return register_of(value.type).group

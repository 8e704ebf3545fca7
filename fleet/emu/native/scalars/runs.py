"""Runs of scalar instructions, so that a loop need not go back to Unicorn.

In: the address of an instruction that Unicorn does not have, or one after a vector instruction.
Out: host code for the instructions from there to the next vector instruction, to a branch, or to
what is not known here, which is Unicorn's. Registers stay where Unicorn has them. An access to
memory that a region does not hold is left to Unicorn too, or to Python, before it has changed
anything. Branches back use up fuel, after which Unicorn gets its turn: it alone can be interrupted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from fleet.asm.isa.compress import expand
from fleet.asm.isa.table import Decoded, decode
from fleet.emu.memory import READ, WRITE
from fleet.emu.native.scalars.bits import NOTHING, emit_bits
from fleet.emu.native.state import (
    BASE,
    COUNT,
    EXECUTED,
    FUEL,
    NAN,
    POINTER,
    RECORD_BYTES,
    RECORDS,
    SIZE,
)
from fleet.emu.native.stub import PC, Places, Routine
from fleet.emu.native.x86 import EQUAL, LESS, R11, RAX, RCX, RDX, RSI, UNORDERED, Mem
from fleet.emu.scalar.binders import FOREIGN
from fleet.emu.scalar.memory import BLOCK
from fleet.emu.vector.softfloat import SINGLE

LONGEST_RUN = 40

ARITHMETIC = ("add", "sub", "and", "or", "xor")
SHIFTS = {"sll": "shl", "srl": "shr", "sra": "sar"}
COMPARISONS = {"slt": "l", "sltu": "b"}
BRANCHES = {"beq": "e", "bne": "ne", "blt": "l", "bge": "ge", "bltu": "b", "bgeu": "ae"}
LOADS = {"lb": 8, "lh": 16, "lw": 32, "ld": 64, "lbu": 8, "lhu": 16, "lwu": 32, "flh": 16,
         "flw": 32, "fld": 64}  # fmt: skip
STORES = {"sb": 8, "sh": 16, "sw": 32, "sd": 64, "fsh": 16, "fsw": 32, "fsd": 64}
EXTREMES = ("fmin.s", "fmin.d", "fmax.s", "fmax.d")

_SHIFT_BY_CL = {"shl": 4, "shr": 5, "sar": 7}


@cache
def _expanded(word: int) -> Decoded:
    """What a compressed instruction stands for, if for another one."""
    found = decode(word)
    return expand(found) if found.encoding.expansion else found


class Run(Routine):
    """The code of one run.

    start:  address of its first instruction
    low, end: of the window of code that the tables are of
    first_record: number of the first free record
    successors: addresses at which it goes on within the window
    accesses: the addresses of its instructions that have a record
    boxes: whether singles are in boxes
    counts: it is one instruction that Unicorn does not have, and counts it in the first record
    """

    def __init__(
        self, places: Places, start: int, low: int, end: int, first_record: int,
        *, counts: bool = False, boxes: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(places)
        self.start, self.low, self.end = start, low, end
        self.at = start
        self._counter = RECORDS + RECORD_BYTES * first_record
        self._record = self._counter + RECORD_BYTES * counts
        self._counts, self._boxes = counts, boxes
        self._is_foreign = False
        self.successors: list[int] = []
        self.accesses: list[int] = []

    def write(self, fetch: Callable[[int], Decoded | None]) -> bytes:
        """Host code; none where the very first instruction is nothing for it.

        fetch: the instruction at an address, None where a run has to stop
        """
        for _ in range(1 if self._counts else LONGEST_RUN):
            found = fetch(self.at)
            if found is None:
                break
            size = found.size
            self._is_foreign = found.mnemonic in FOREIGN
            if size == 2:
                found = _expanded(found.word)
            name, operands = found.mnemonic, found.operands
            if name in BRANCHES or name == "jal":
                self._branch(name, operands, size)
                return self.close()
            if name == "jalr":
                self._jump(operands, size)
                return self.close()
            if not self._instruction(name, operands):
                break
            self.at += size
        if self.at == self.start:
            return b""
        if self._counts:
            self.increment(self.state(self._counter + COUNT))
            self.increment(self.state(EXECUTED))
            self.arith_imm("add", PC, self.at - self.start)
            self.go_on()
        else:
            self._exit(self.at)
        return self.close()

    # -- ways on

    def _exit(self, target: int, fuel: bool = False) -> None:
        """Goes on at an address: with what the tables have for it, if it is in the window."""
        if target != self.start:
            self.arith_imm("add", PC, target - self.start)
        if fuel:
            self.arith_imm("sub", self.state(FUEL), 1)
            self.jump_if("e", "leave")
        if self.low <= target < self.end:
            self.successors.append(target)
            self.go_on()
        else:
            self.jump("leave")

    def _branch(self, name: str, operands: dict[str, int], size: int) -> None:
        target = self.at + operands["imm"]
        if name == "jal":
            self._link(operands["rd"], size)
        else:
            taken = self.fresh()
            self.load(RAX, self.x(operands["rs1"]))
            self.arith("cmp", RAX, self.x(operands["rs2"]))
            self.jump_if(BRANCHES[name], taken)
            self._exit(self.at + size)
            self.label(taken)
        self._exit(target, fuel=target <= self.at)

    def _link(self, rd: int, size: int) -> None:
        """Notes where a called function returns to; the code there is wanted, too."""
        after = self.at + size
        if rd:
            self.constant(RAX, after)
            self.store(self.x(rd), RAX)
            if self.low <= after < self.end:
                self.successors.append(after)

    def _jump(self, operands: dict[str, int], size: int) -> None:
        self.load(PC, self.x(operands["rs1"]))
        self.arith_imm("add", PC, operands["imm"])
        self.arith_imm("and", PC, -2)
        self._link(operands["rd"], size)
        self.arith_imm("sub", self.state(FUEL), 1)
        self.jump_if("e", "leave")
        self.constant(RCX, self.low)
        self.load(RAX, PC)
        self.arith("sub", RAX, RCX)
        self.arith_imm("cmp", RAX, self.end - self.low)
        self.jump_if("ae", "leave")
        self.go_on()

    def _give_up(self, label: str) -> None:
        """`label` leaves to Unicorn before the present instruction, or to Python if it has to."""
        at, leave_to = self.at, "slow" if self._is_foreign else "leave"

        def leave() -> None:
            self.label(label)
            self.arith_imm("add", PC, at - self.start)
            self.jump(leave_to)

        self.aside(leave)

    # -- instructions

    def _instruction(self, name: str, operands: dict[str, int]) -> bool:
        """Writes one that does not branch; whether it is known."""
        if name in LOADS or name in STORES:
            self._access(name, operands)
            return True
        if name == "cbo.zero":
            self._zero_block(operands["rs1"])
            return True
        if name.startswith(NOTHING):
            return True
        if name in EXTREMES:
            self._extreme(name, operands)
            return True
        if name in ("fmv.x.h", "fmv.h.x"):
            self._move_half(name, operands)
            return True
        rd, rs1, rs2 = (operands.get(field, 0) for field in ("rd", "rs1", "rs2"))
        if emit_bits(self, name, operands):
            if rd:
                self.store(self.x(rd), RAX)
            return True
        imm = operands.get("imm", operands.get("shamt", 0))
        word = name.endswith("w")
        base = name.removesuffix("w")
        match base:
            case "lui":
                self.constant(RAX, imm)
            case "auipc" if not word:
                self.constant(RAX, self.at + imm)
            case "addi":
                if rd == rs1 and not word:
                    if rd:
                        self.arith_imm("add", self.x(rd), imm)
                    return True
                self.load(RAX, self.x(rs1))
                self.arith_imm("add", RAX, imm)
            case "andi" | "ori" | "xori":
                self.load(RAX, self.x(rs1))
                self.arith_imm(base[:-1], RAX, imm)
            case "mul":
                self.load(RAX, self.x(rs1))
                self.op(b"\x0f\xaf", RAX, self.x(rs2))
            case "mulh" | "mulhu":
                self.load(RAX, self.x(rs1))
                self.unary("mul" if base == "mulhu" else "imul", self.x(rs2))
                self.load(RAX, RDX)
            case _ if base in ARITHMETIC:
                self.load(RAX, self.x(rs1))
                self.arith(base, RAX, self.x(rs2))
            case _ if base in SHIFTS or base.removesuffix("i") in SHIFTS:
                self._shift(base, word, rs1, rs2, imm)
            case "slt" | "sltu" | "slti" | "sltiu":
                self._compare(base, rs1, rs2, imm)
            case _:
                return False
        if word:
            self.load_signed(RAX, RAX, 32)
        if rd:
            self.store(self.x(rd), RAX)
        return True

    def _shift(self, base: str, word: bool, rs1: int, rs2: int, imm: int) -> None:
        """RAX = rs1, shifted."""
        name = SHIFTS[base.removesuffix("i")]
        load = self.load_signed if name == "sar" else self.load_unsigned
        load(RAX, self.x(rs1), 32 if word else 64)
        if base.endswith("i"):
            if imm:
                self.shift(name, RAX, imm)
            return
        self.load(RCX, self.x(rs2))
        if word:
            self.arith_imm("and", RCX, 31)
        self.op(b"\xd3", _SHIFT_BY_CL[name], RAX)

    def _compare(self, base: str, rs1: int, rs2: int, imm: int) -> None:
        """RAX = whether rs1 is less."""
        self.load(RCX, self.x(rs1))
        if "i" in base:
            self.arith_imm("cmp", RCX, imm)
        else:
            self.arith("cmp", RCX, self.x(rs2))
        self.constant(RAX, 0)
        self.constant(RDX, 1)
        self.cmov(COMPARISONS["sltu" if base.endswith("u") else "slt"], RAX, RDX)

    # -- memory

    def _access(self, name: str, operands: dict[str, int]) -> None:
        width = LOADS.get(name) or STORES[name]
        self._find(operands["rs1"], operands["imm"], width // 8, READ if name in LOADS else WRITE)
        place = Mem(RCX)
        if name in STORES:
            number = operands["rs2"]
            self.load(RAX, self.f(number) if name[0] == "f" else self.x(number))
            self.store(place, RAX, width)
            return
        rd = operands["rd"]
        if name[0] == "f":
            self.load_unsigned(RAX, place, width)
            self._store_boxed(rd, width)
            return
        (self.load_unsigned if name.endswith("u") else self.load_signed)(RAX, place, width)
        if rd:
            self.store(self.x(rd), RAX)

    def _store_boxed(self, rd: int, width: int) -> None:
        """A float register = the low bits of RAX, which has no others."""
        if width < 64:
            self.constant(RCX, -1 << width)
            self.arith("or", RAX, RCX)
        self.store(self.f(rd), RAX)

    def _move_half(self, name: str, operands: dict[str, int]) -> None:
        rd, rs1 = operands["rd"], operands["rs1"]
        if name == "fmv.h.x":
            self.load_unsigned(RAX, self.x(rs1), 16)
            self._store_boxed(rd, 16)
        elif rd:
            self.load_signed(RAX, self.f(rs1), 16)
            self.store(self.x(rd), RAX)

    def _extreme(self, name: str, operands: dict[str, int]) -> None:
        """fmin, fmax: minimumNumber and maximumNumber, with the canonical NaN."""
        greatest, letter = name.startswith("fmax"), name[-1]
        width = 32 if letter == "s" else 64
        compare = "vcmpp" + letter
        for reg, field in enumerate(("rs1", "rs2")):
            register = operands[field]
            if width == 32 and self._boxes:
                self.load_boxed(RAX, register, SINGLE)
                self.load_unsigned(RAX, RAX, 32)
            else:
                self.load_unsigned(RAX, self.f(register), width)
            self.v("vmovq", reg, 0, RAX, short=True)
        x, y = (1, 0) if greatest else (0, 1)
        self.v(compare, 4, x, y, imm=LESS, short=True)
        self.v(compare, 5, 0, 1, imm=EQUAL, short=True)
        self.v(compare, 6, 1, 1, imm=UNORDERED, short=True)
        self.v("vpand" if greatest else "vpor", 7, 0, 1, short=True)
        self.v("vpor", 4, 4, 6, short=True)
        self.blend(2, 1, 0, 4)
        self.blend(2, 2, 7, 5)
        self.v(compare, 6, 2, 2, imm=UNORDERED, short=True)
        self.v("vmovq", 3, 0, self.state(NAN[width]), short=True)
        self.blend(2, 2, 3, 6)
        self.v("vmovq", 2, 0, RAX, short=True, store=True)
        if width == 32:
            self.load_unsigned(RAX, RAX, 32)
        self._store_boxed(operands["rd"], width)

    def _zero_block(self, rs1: int) -> None:
        self.load(RSI, self.x(rs1))
        self.arith_imm("and", RSI, -BLOCK)
        self._find_at(BLOCK, WRITE)
        self.v("vpxor", 0, 0, 0)
        for at in range(0, BLOCK, 32):
            self.v("vmovdqu", 0, 0, Mem(RCX, at), store=True)

    def _find(self, rs1: int, imm: int, size: int, permission: int) -> None:
        """RCX = the host's address of `size` bytes at rs1 + imm."""
        self.load(RSI, self.x(rs1))
        if imm:
            self.arith_imm("add", RSI, imm)
        self._find_at(size, permission)

    def _find_at(self, size: int, permission: int) -> None:
        """RCX = the host's address of `size` bytes at guest address RSI."""
        record = self._record + RECORD_BYTES * len(self.accesses)
        self.accesses.append(self.at)
        miss, found, give_up = self.fresh(), self.fresh(), self.fresh()

        def compare(otherwise: str) -> None:
            self.load(RCX, RSI)
            self.arith("sub", RCX, self.state(record + BASE))
            self.load(RDX, self.state(record + SIZE))
            self.arith_imm("sub", RDX, size)
            self.jump_if("b", otherwise)
            self.arith("cmp", RCX, RDX)
            self.jump_if("a", otherwise)

        def search() -> None:
            self.label(miss)
            self.constant(RDX, permission)
            self.lea(R11, self.state(record))
            self.call(self.places.find_region)
            compare(give_up)
            self.jump(found)

        compare(miss)
        self.label(found)
        self.arith("add", RCX, self.state(record + POINTER))
        self.aside(search)
        self._give_up(give_up)


def instruction_at(code: bytes) -> Decoded | None:
    """The scalar instruction that bytes begin with."""
    if len(code) < 2:
        return None
    word = int.from_bytes(code[:4] if code[0] & 3 == 3 else code[:2], "little")
    if word & 3 == 3 and len(code) < 4:
        return None
    found = decode(word)
    if found is None or found.encoding.is_vector or found.encoding.extension == "Zicsr":
        return None
    return found

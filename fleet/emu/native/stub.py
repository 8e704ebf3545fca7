"""What all stubs have in common: registers, loops over the elements of a group, masks, the end.

A stub runs with the guest's registers, the vector file, the shared state and the table of stubs in
fixed host registers. It takes vl from the state, does the work of one instruction, counts itself
and jumps to the stub of the next instruction, or leaves where there is none. What it cannot do
(memory that it may not access, a rounding mode) it leaves to Python by jumping to `slow` before
it has changed anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from fleet.emu.cpu import ROUNDING_MODE
from fleet.emu.native.state import (
    BITS,
    COUNT,
    ELEMENTS,
    EXECUTED,
    MXCSR,
    NAN,
    ONE,
    RECORD_BYTES,
    RECORDS,
    SPREAD,
    TAIL_MASK,
    VL,
    VSTART,
)
from fleet.emu.native.x86 import R8, R9, R12, R13, R14, R15, RAX, RBX, RCX, RDX, Code, Mem
from fleet.emu.vector.config import Configuration
from fleet.emu.vector.environment import RUP
from fleet.emu.vector.softfloat import HALF, SINGLE, Format

if TYPE_CHECKING:
    from fleet.asm.isa.encoding import Encoding

GUEST, FILE, TABLE, STATE, PC = RBX, R12, R13, R14, R15
LEFT, AT = R8, R9
"""Bytes that remain, and bytes done, in a loop over a register group."""

CHUNK = 32
MASK, NANS, SCALAR, CONSTANT = 15, 14, 13, 12
"""Vector registers with a fixed purpose; 0 to 9 are a body's own."""

LETTER = {8: "b", 16: "w", 32: "d", 64: "q"}
FLOAT = {32: "s", 64: "d"}
BOXED = {16: HALF, 32: SINGLE}

def has_elements(encoding: Encoding) -> bool:
    """Whether vl is what an instruction works on: not so where it sets vl, or accesses a CSR."""
    return encoding.is_vector and not encoding.stem.startswith("vset")


Body = Callable[[int, bool], None]
"""Emits the work on the chunk at AT + a displacement; whether only MASK's elements count."""


class Places(NamedTuple):
    """Addresses of the code that all stubs share."""

    leave: int
    slow: int
    find_region: int
    copy: int


class Routine(Code):
    """Host code that runs with the guest's state in fixed registers, and its ways out."""

    def __init__(self, places: Places) -> None:
        super().__init__()
        self.places = places
        self._aside: list[Callable[[], None]] = []

    def x(self, register: int) -> Mem:
        return Mem(GUEST, 8 * register)

    def f(self, register: int) -> Mem:
        return Mem(GUEST, 256 + 8 * register)

    def load_boxed(self, reg: int, register: int, form: Format) -> None:
        """A float register as a narrower float: the canonical NaN where it is no box.

        Clobbers RCX, RDX.
        """
        self.load(reg, self.f(register))
        self.load(RCX, reg)
        self.shift("sar", RCX, form.width)
        self.constant(RDX, form.nan)
        self.arith_imm("cmp", RCX, -1)
        self.cmov("ne", reg, RDX)

    def state(self, at: int) -> Mem:
        return Mem(STATE, at)

    def to(self, address: int) -> None:
        """A jump to shared code."""
        self.constant(RAX, address)
        self.jump_register(RAX)

    def call(self, address: int) -> None:
        self.constant(RAX, address)
        self.call_register(RAX)

    def aside(self, body: Callable[[], None]) -> None:
        """Emits code later, behind the rest: what is rarely executed."""
        self._aside.append(body)

    def go_on(self) -> None:
        """To what there is for PC, or back to Unicorn."""
        self.load(RAX, Mem(TABLE, 0, PC, 4))
        self.test(RAX, RAX)
        self.jump_if("e", "leave")
        self.jump_register(RAX)

    def close(self) -> bytes:
        for body in self._aside:
            body()
        self.label("leave")
        self.to(self.places.leave)
        self.label("slow")
        self.to(self.places.slow)
        return self.finish()


class Stub(Routine):
    """One vector instruction under one vtype. Fields have the manual's names."""

    def __init__(
        self, word: int, encoding: Encoding, config: Configuration, vlenb: int, record: int,
        places: Places, boxes: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(places)
        self.boxes = boxes
        self.word, self.encoding = word, encoding
        self.stem, self.form = encoding.stem, encoding.form
        self.config, self.vlenb = config, vlenb
        self.vd = self.rd = word >> 7 & 31
        self.vs1 = self.rs1 = word >> 15 & 31
        self.vs2 = self.rs2 = word >> 20 & 31
        self.masked = not word >> 25 & 1
        self.sew = config.sew
        self.record = RECORDS + RECORD_BYTES * record
        self.sets_vstart = False
        """Whether vstart may be other than 0 after it, with which stubs do not run."""

    def group(self, register: int, disp: int = 0) -> Mem:
        """The present chunk of a register group."""
        return Mem(FILE, register * self.vlenb + disp, AT)

    def start(self, register: int) -> Mem:
        return Mem(FILE, register * self.vlenb)

    def end(self) -> bytes:
        """Counts, and goes on with the next instruction."""
        self.increment(self.state(self.record + COUNT))
        if has_elements(self.encoding):
            self.load(RAX, self.state(VL))
            self.add_to(self.state(self.record + ELEMENTS), RAX)
        self.increment(self.state(EXECUTED))
        self.arith_imm("add", PC, 4)
        if self.sets_vstart:
            self.arith_imm("cmp", self.state(VSTART), 0)
            self.jump_if("ne", "leave")
        self.go_on()
        return self.close()

    # -- operands

    def check_rounding_mode(self, highest: int = RUP) -> None:
        """The host rounds as frm says; RMM, which it has not, and illegal modes are Python's.

        highest: RMM for instructions that do not round
        """
        self.arith_imm("cmp", Mem(GUEST, 8 * ROUNDING_MODE), highest)
        self.jump_if("a", "slow")

    def spread(self, reg: int, mem: Mem, width: int | None = None) -> None:
        """All elements of a register from one in memory."""
        self.v("vpbroadcast" + LETTER[width or self.sew], reg, 0, mem)

    def spread_constant(self, reg: int, value: int, width: int | None = None) -> None:
        self.constant(RAX, value)
        self.v("vmovq", reg, 0, RAX, short=True)
        self.v("vpbroadcast" + LETTER[width or self.sew], reg, 0, reg)

    @property
    def immediate(self) -> int:
        unsigned = "unsigned-immediate" in self.encoding.flags
        return self.vs1 if unsigned or self.vs1 < 16 else self.vs1 - 32

    def prepare_source(self) -> bool:
        """Puts a scalar source into SCALAR; whether there is one, else it is the group vs1."""
        match self.form[-1] if self.form not in ("vvm", "vxm", "vim", "vfm") else self.form[1]:
            case "x":
                self.spread(SCALAR, self.x(self.rs1))
            case "f":
                self.spread_float()
            case "i":
                self.spread_constant(SCALAR, self.immediate)
            case _:
                return False
        return True

    def load_float(self, reg: int) -> None:
        """A scalar source that is a float of SEW bits; clobbers RCX, RDX."""
        form = BOXED.get(self.sew)
        if form is None or form is SINGLE and not self.boxes:
            self.load(reg, self.f(self.rs1))
        else:
            self.load_boxed(reg, self.rs1, form)

    def spread_float(self) -> None:
        """SCALAR = that source, in all elements."""
        self.load_float(RAX)
        self.v("vmovq", SCALAR, 0, RAX, short=True)
        self.v("vpbroadcast" + LETTER[self.sew], SCALAR, 0, SCALAR)

    def write(self, reg: int, disp: int, partial: bool) -> None:
        """Stores a chunk of vd; elements outside of MASK stay as they are."""
        if partial:
            self.v("vmovdqu", 9, 0, self.group(self.vd, disp))
            self.blend(reg, 9, reg, MASK)
        self.v("vmovdqu", reg, 0, self.group(self.vd, disp), store=True)

    # -- loops

    def begin(self, bytes_per_element: int | None = None) -> None:
        size = self.sew // 8 if bytes_per_element is None else bytes_per_element
        self.load(LEFT, self.state(VL))
        if size > 1:
            self.shift("shl", LEFT, size.bit_length() - 1)
        self.arith("xor", AT, AT)

    def chunks(self, body: Body, *, masked: bool, unroll: int = 4) -> None:
        """Runs `body` over vl elements."""
        self.begin()
        if masked:
            self._masked_chunks(body)
            return
        most = self.config.vlmax * self.sew // 8
        for count in (unroll, 1) if unroll > 1 and most > CHUNK else (1,):
            if most < count * CHUNK:
                continue
            again, done = self.fresh(), self.fresh()
            self.arith_imm("sub", LEFT, count * CHUNK)
            self.jump_if("b", done)
            self.label(again)
            for i in range(count):
                body(i * CHUNK, False)
            self.arith_imm("add", AT, count * CHUNK)
            self.arith_imm("sub", LEFT, count * CHUNK)
            self.jump_if("ae", again)
            self.label(done)
            self.arith_imm("add", LEFT, count * CHUNK)
        done = self.fresh()
        self.test(LEFT, LEFT)
        self.jump_if("e", done)
        self._tail_mask()
        body(0, True)
        self.label(done)

    def _tail_mask(self) -> None:
        """MASK = the first LEFT bytes, at most a chunk."""
        self.constant(RAX, CHUNK)
        self.arith("cmp", LEFT, RAX)
        self.cmov("b", RAX, LEFT)
        self.constant(RCX, TAIL_MASK + CHUNK)
        self.arith("sub", RCX, RAX)
        self.v("vmovdqu", MASK, 0, Mem(STATE, 0, RCX))

    def _masked_chunks(self, body: Body) -> None:
        again, done = self.fresh(), self.fresh()
        self.test(LEFT, LEFT)
        self.jump_if("e", done)
        self.label(again)
        self._tail_mask()
        self.read_mask(8)
        self.v("vpand", MASK, MASK, 8)
        body(0, True)
        self.arith_imm("add", AT, CHUNK)
        self.arith_imm("sub", LEFT, CHUNK)
        self.jump_if("a", again)
        self.label(done)

    def mask_place(self, width: int | None = None) -> None:
        """RAX = the byte of a mask register where the bits of this chunk begin."""
        self.load(RAX, AT)
        self.shift("shr", RAX, 3 + ((width or self.sew) // 8).bit_length() - 1)

    def read_mask(self, reg: int, width: int | None = None) -> None:
        """Ones in the elements of this chunk whose bits in v0 are set. Clobbers RAX, RCX."""
        width = width or self.sew
        self.mask_place(width)
        bits = self.state(BITS[width])
        if width == 64:
            self.load(RCX, AT)
            self.arith_imm("and", RCX, CHUNK)
            bits = Mem(STATE, BITS[64], RCX)
        letter = {8: "d", 16: "w", 32: "b", 64: "b"}[width]
        self.v("vpbroadcast" + letter, reg, 0, Mem(FILE, 0, RAX))
        if width == 8:
            self.v("vpshufb", reg, reg, self.state(SPREAD))
        self.v("vpand", reg, reg, bits)
        self.v("vpcmpeq" + LETTER[width], reg, reg, bits)

    def pack(self, target: int, reg: int) -> None:
        """The elements' signs as the low bits of a host register; clobbers vector register 7."""
        match self.sew:
            case 8:
                self.v("vpmovmskb", target, 0, reg)
            case 16:
                self.v("vpacksswb", 7, reg, reg)
                self.v("vpmovmskb", target, 0, 7)
                self.load_unsigned(RCX, target, 64)
                self.shift("shr", RCX, 8)
                self.arith_imm("and", RCX, 0xFF00)
                self.arith_imm("and", target, 0xFF)
                self.arith("or", target, RCX)
            case 32:
                self.v("vmovmskps", target, 0, reg)
            case _:
                self.v("vmovmskpd", target, 0, reg)

    def elements(self, body: Callable[[], None]) -> None:
        """Runs `body` for each active element, whose number is AT. Clobbers R8, and RAX before."""
        done = self.fresh()
        self.load(LEFT, self.state(VL))
        self.arith("xor", AT, AT)
        self.test(LEFT, LEFT)
        self.jump_if("e", done)
        self.each_active(AT, body)
        self.label(done)

    def each_active(
        self, number: int, body: Callable[[], None], after: Callable[[], None] = lambda: None
    ) -> None:
        """Runs `body` for each active element from `number` to R8 - 1, `after` for all of them.

        Both are host registers, the first less than the second. Clobbers RAX where masked.
        """
        again, skip = self.fresh(), self.fresh()
        self.label(again)
        if self.masked:
            self.load(RAX, number)
            self.shift("shr", RAX, 6)
            self.load(RAX, Mem(FILE, 0, RAX, 8))
            self.bit_test(RAX, number)
            self.jump_if("ae", skip)
        body()
        self.label(skip)
        after()
        self.arith_imm("add", number, 1)
        self.arith("cmp", number, R8)
        self.jump_if("b", again)

    # -- exceptions and NaNs

    def add_to_mxcsr(self, reg: int) -> None:
        """Sets bits of MXCSR: exceptions, or a rounding mode. Clobbers the register."""
        self.store_mxcsr(self.state(MXCSR))
        self.arith("or", reg, self.state(MXCSR))
        self.store(self.state(MXCSR), reg, 32)
        self.load_mxcsr(self.state(MXCSR))

    def prepare_nans(self, width: int | None = None) -> None:
        self.spread(NANS, self.state(NAN[width or self.sew]), width)

    def prepare_ones(self) -> None:
        self.spread(CONSTANT, self.state(ONE[self.sew]))

    def settle(
        self, reg: int, product: tuple[int, int] | None = None, short: bool = False,
        width: int | None = None,
    ) -> None:  # fmt: skip
        """Makes NaNs canonical; clobbers 6 to 8.

        product: factors of a multiply-add, for which infinity times zero is invalid also where
        the addend is a quiet NaN. The host does not say so, but does when it multiplies.
        """
        letter = FLOAT[width or self.sew]
        none = self.fresh()
        self.v("vcmpp" + letter, 6, reg, reg, imm=3, short=short)
        self.v("vptest", 6, 0, 6, short=short)
        self.jump_if("e", none)
        self.blend(reg, reg, NANS, 6)
        if product is not None:
            a, b = product
            self.store_mxcsr(self.state(MXCSR))
            self.load_unsigned(RCX, self.state(MXCSR), 32)
            self.v("vpand", 7, 6, a)
            self.v("vpand", 8, 6, b)
            self.v("vmulp" + letter, 7, 7, 8)
            self.store_mxcsr(self.state(MXCSR))
            self.load_unsigned(RDX, self.state(MXCSR), 32)
            self.arith_imm("and", RDX, 1)
            self.arith("or", RCX, RDX)
            self.store(self.state(MXCSR), RCX, 32)
            self.load_mxcsr(self.state(MXCSR))
        self.label(none)


class Rule(NamedTuple):
    """How the stub of an instruction is written.

    emit: writes the work itself, into the stub
    sews: the SEWs for which there is a stub
    fits: what else has to hold of the instruction; nothing is written yet
    """

    emit: Callable[[Stub], None]
    sews: Collection[int] = (8, 16, 32, 64)
    fits: Callable[[Stub], bool] = lambda stub: True


def rules(
    stems: Iterable[str], emit: Callable[[Stub], None], sews: Collection[int] = (8, 16, 32, 64)
) -> dict[str, Rule]:
    """One rule for several stems."""
    return dict.fromkeys(stems, Rule(emit, sews))

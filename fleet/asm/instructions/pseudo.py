"""Pseudo-instructions of several instructions: li, la, call, loads from symbols, vmsge...

In: the operand texts of one line. Out: instructions as text, in the same language, or words of
`li`. The sequences are those of the "RISC-V Assembly Programmer's Manual" and, for `li`, those that
GNU as chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fleet.asm.source.expressions import SyntaxProblem

Lines = Iterator[str]
ADDI, ADDIW, LUI, SLLI = 0x13, 0x1B, 0x37, 0x1013  # the fixed bits of these


def signed(value: int, bits: int) -> int:
    """The low bits of a number, as a two's complement number."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> bits - 1 else value


def load_constant(register: int, value: int) -> list[int]:
    """The words of the instructions that put a 64-bit number into a register."""
    value, rd = signed(value, 64), register << 7
    if -2048 <= value < 2048:
        return [ADDI | rd | (value & 0xFFF) << 20]
    words: list[int] = []
    _load_large(words, rd, rd << 8, value)
    return words


def load_signed_word(register: int, value: int) -> list[int]:
    """The same for an address: never the one instruction that has a short form."""
    words: list[int] = []
    _load_large(words, register << 7, register << 15, value)
    return words


def _load_large(words: list[int], rd: int, rs1: int, value: int) -> None:
    """rd, rs1: the register in both places that a word has for it."""
    low = signed(value, 12)
    high, lower = value - low, (low & 0xFFF) << 20
    if -(1 << 31) <= value < 1 << 31:
        if high:
            words.append(LUI | rd | high & 0xFFFFF000)
        if low or not high:
            words.append(ADDIW | rd | (rs1 if high else 0) | lower)
        return
    shift = 12
    high = signed(high, 64)
    while not high >> shift & 1:
        shift += 1
    _load_large(words, rd, rs1, high >> shift)
    words.append(SLLI | rd | rs1 | shift << 20)
    if low:
        words.append(ADDI | rd | rs1 | lower)


def _address(register: str, symbol: str, label: str) -> Lines:
    yield f"{label}: auipc {register},%pcrel_hi({symbol})"
    yield f"addi {register},{register},%pcrel_lo({label})"


def _load(name: str) -> Callable[..., Lines]:
    def lines(label: str, register: str, symbol: str) -> Lines:
        yield f"{label}: auipc {register},%pcrel_hi({symbol})"
        yield f"{name} {register},%pcrel_lo({label})({register})"

    return lines


def _address_of(modifier: str, name: str) -> Callable[..., Lines]:
    """An address that is in the global offset table, or of what is there."""
    low = "{}({})" if name == "ld" else "{1},{0}"

    def lines(label: str, register: str, symbol: str) -> Lines:
        yield f"{label}: auipc {register},{modifier}({symbol})"
        yield f"{name} {register},{low.format(f'%pcrel_lo({label})', register)}"

    return lines


def _access(name: str) -> Callable[..., Lines]:
    """A store, or a load to a floating-point register: needs another register for the address."""

    def lines(label: str, register: str, symbol: str, temporary: str) -> Lines:
        yield f"{label}: auipc {temporary},%pcrel_hi({symbol})"
        yield f"{name} {register},%pcrel_lo({label})({temporary})"

    return lines


def _extend(shift: str, bits: int) -> Callable[..., Lines]:
    def lines(label: str, target: str, source: str) -> Lines:
        yield f"slli {target},{source},{64 - bits}"
        yield f"{shift} {target},{target},{64 - bits}"

    return lines


def _not_less(name: str) -> Callable[..., Lines]:
    """vmsge and vmsgeu with a scalar: `not (vs2 < rs1)`, mask and temporary as they are given."""

    def lines(label: str, vd: str, vs2: str, rs1: str, mask: str = "", vt: str = "") -> Lines:
        if vt and vt in ("v0", vd):
            message = f"the temporary register cannot be {vt}, which is needed until the end"
            raise SyntaxProblem(message, 0, 0)
        if not mask:
            yield f"{name} {vd},{vs2},{rs1}"
            yield f"vmnand.mm {vd},{vd},{vd}"
        elif not vt:
            if vd == "v0":
                hint = "write a register for this behind v0.t"
                message = "the mask v0 can be the destination only with a temporary register"
                raise SyntaxProblem(message, 0, 0, hint)
            yield f"{name} {vd},{vs2},{rs1},{mask}"
            yield f"vmxor.mm {vd},{vd},v0"
        elif vd == "v0":
            yield f"{name} {vt},{vs2},{rs1},{mask}"
            yield f"vmandn.mm {vd},{vd},{vt}"
        else:
            yield f"{name} {vt},{vs2},{rs1},{mask}"
            yield f"vmandn.mm {vt},v0,{vt}"
            yield f"vmandn.mm {vd},{vd},v0"
            yield f"vmor.mm {vd},{vt},{vd}"

    return lines


def _less_by_immediate(name: str) -> Callable[..., Lines]:
    """`x < i` as `x <= i - 1`."""

    def lines(label: str, vd: str, vs2: str, imm: str, mask: str = "") -> Lines:
        masked = f",{mask}" if mask else ""
        if imm == "0" and "u" in name:  # nothing is below zero
            always = "vmsne.vv" if name == "vmsleu.vi" else "vmseq.vv"
            yield f"{always} {vd},{vs2},{vs2}{masked}"
        else:
            yield f"{name} {vd},{vs2},({imm})-1{masked}"

    return lines


# Calls and jumps to anywhere: which operand is the symbol, the register that holds the address and
# the one that receives the return address, by name or as the operand that names it.
CALLS: dict[tuple[str, int], tuple[int, int | str, int | str]] = {
    ("call", 1): (0, "ra", "ra"),
    ("call", 2): (1, "t1", 0),
    ("tail", 1): (0, "t1", "zero"),
    ("jump", 2): (0, 1, "zero"),
}

ADDRESS_OF_SHARED = _address_of("%got_pcrel_hi", "ld")
"""`lga`, and `la` in code that can be anywhere, where a symbol may be another object's."""

# (mnemonic, operands) -> what yields the lines from a fresh label and the operand texts.
PSEUDO: dict[tuple[str, int], Callable[..., Lines]] = {
    ("la", 2): lambda label, register, symbol: _address(register, symbol, label),
    ("lla", 2): lambda label, register, symbol: _address(register, symbol, label),
    ("lga", 2): ADDRESS_OF_SHARED,
    ("la.tls.ie", 2): _address_of("%tls_ie_pcrel_hi", "ld"),
    ("la.tls.gd", 2): _address_of("%tls_gd_pcrel_hi", "addi"),
    ("sext.b", 2): _extend("srai", 8),
    ("sext.h", 2): _extend("srai", 16),
    ("zext.h", 2): _extend("srli", 16),
    ("zext.w", 2): _extend("srli", 32),
    **{(name, 2): _load(name) for name in "lb lh lw ld lbu lhu lwu".split()},
    **{(name, 3): _access(name) for name in "sb sh sw sd flw fld fsw fsd".split()},
    **{
        (f"vmsge{u}.vx", count): _not_less(f"vmslt{u}.vx") for u in ("", "u") for count in (3, 4, 5)
    },
    ("vmslt.vi", 3): _less_by_immediate("vmsle.vi"),
    ("vmslt.vi", 4): _less_by_immediate("vmsle.vi"),
    ("vmsltu.vi", 3): _less_by_immediate("vmsleu.vi"),
    ("vmsltu.vi", 4): _less_by_immediate("vmsleu.vi"),
    ("vmsge.vi", 3): _less_by_immediate("vmsgt.vi"),
    ("vmsge.vi", 4): _less_by_immediate("vmsgt.vi"),
    ("vmsgeu.vi", 3): _less_by_immediate("vmsgtu.vi"),
    ("vmsgeu.vi", 4): _less_by_immediate("vmsgtu.vi"),
}

"""Results that stand as expressions where they are looked at.

In: the instructions of a basic block, one after the other. Out: for registers that one instruction
alone looks at, expressions in place of assignments. The one idea: comparisons are for branches, and
sums and products of ints for addresses; neither is needed as a number of 64 bits, and neither can
fail, so that it does not matter when they are computed, as long as their operands stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fleet.vm.bytecode import Instruction
from fleet.vm.places import Place, placed
from fleet.vm.templates import COMPARISONS, SUMS, WRAP

LONGEST = 400
"""Characters of an expression."""


@dataclass(frozen=True)
class Pending:
    """An expression that no register has got yet. is_test: whether it is true or false, rather than
    a number of which the result has the lowest 64 bits; reads: the registers in it; place: what it
    is of an array's elements."""

    text: str
    is_test: bool
    reads: frozenset[int]
    place: Place | None = None

    def lines(self, register: int) -> Iterator[str]:
        """What puts it in its register."""
        if self.is_test:
            yield f"x{register} = 1 if {self.text} else 0"
        else:
            yield f"x{register} = {self.text}"
            yield WRAP.format(d=f"x{register}")


class Forwarding:
    """The results of a block that are still expressions.

    live: registers that may be read after each instruction, as bits; literals: of registers;
    doubtful: instructions whose results are looked at; multiples: registers of which a part is
    kept in their place, and that
    """

    def __init__(
        self, code: Sequence[Instruction], live: Sequence[int], literals: Mapping[int, str],
        doubtful: Mapping[int, object], multiples: Mapping[int, int],
    ) -> None:  # fmt: skip
        self._code = code
        self._live = live
        self._literals = literals
        self._doubtful = doubtful
        self._multiples = multiples
        self.pending: dict[int, Pending] = {}

    def read(self, register: int) -> str:
        """An operand that has its number."""
        return self._literals.get(register, f"x{register}")

    def test(self, register: int) -> str:
        """What is true or not, as long as the register has it in the end."""
        pending = self.pending.get(register)
        if pending is None or not pending.is_test:
            return self.read(register)
        del self.pending[register]
        return pending.text

    def place(self, register: int) -> Place | None:
        """Which element of what an address is of."""
        return self.pending[register].place if register in self.pending else Place(register, ())

    def number(self, register: int) -> str:
        """A number of which the operand has the lowest 64 bits."""
        pending = self.pending.get(register)
        if pending is None or pending.is_test:
            return self.read(register)
        del self.pending[register]
        return pending.text

    def before(self, at: int, end: int, tested: int | None) -> Iterator[str]:
        """Lines before an instruction: what it cannot take as an expression, or what it changes.

        end: of its block; tested: a register that it only tests
        """
        item = self._code[at]
        changed = {register for _, register in item.fields()}
        written = {register for kind, register in item.fields() if kind == "d"}
        taken = self._taken(at, end, item) | {tested}
        for register, one in list(self.pending.items()):
            if register not in taken and (
                register in changed or not one.reads.isdisjoint(written)
            ):
                del self.pending[register]
                yield from one.lines(register)

    def _taken(self, at: int, end: int, item: Instruction) -> set[int]:
        """The registers that an instruction takes as expressions."""
        o = item.operands
        match item.mnemonic:
            case "jump_if" | "jump_unless" if self._is_test(o[0]):
                return {o[0]}
            case "select" if self._is_test(o[1]):
                return {o[1]} | self._kept_sums(o)
            case "andi" | "ori" if self._is_test(o[1]) and self._is_test(o[2]):
                return {o[1], o[2]}
            case "zext1" if self._is_test(o[1]):
                return {o[1]}
            case "xori" if self._is_test(o[1]) and self._literals.get(o[2]) == "1":
                return {o[1]}
            case "addi" | "muli" | "subi" if self.is_of_address(at, end):
                return {one for one in o[1:] if one in self.pending and not self._is_test(one)}
            case name if name.startswith(("load.", "store.")) and not self._is_test(o[1]):
                return {o[1]}
        return set()

    def _is_test(self, register: int) -> bool:
        pending = self.pending.get(register)
        return pending is not None and pending.is_test

    def _kept_sums(self, o: Sequence[int]) -> set[int]:
        """Of a subscript that counts from the end where it is negative, the sum."""
        one = self.pending.get(o[2])
        negative = self.pending[o[1]].text.endswith(" < 0")
        return {o[2]} if negative and one is not None and not one.is_test and o[2] != o[3] else (
            set())  # fmt: skip

    def defer(self, at: int, end: int) -> list[str] | None:
        """Keep what an instruction gives as an expression, if only one behind it looks at it; the
        lines that it takes all the same. None: it is none of those that can be kept."""
        item = self._code[at]
        mnemonic, operands = item.mnemonic, item.operands[1:]
        if item.operands and item.operands[0] in self._multiples and mnemonic == "muli":
            return [f"s{item.operands[0]} = {self.number(operands[0])}"]
        made = None if at in self._doubtful else self._made(mnemonic, operands)
        if made is None:
            return None
        use, d, is_sum = self._use(at, end), item.operands[0], mnemonic in SUMS
        if is_sum and not self.is_of_address(at, end) and (
            use is None or not self._is_for_select(use, d)
        ):
            return None
        if use is None and mnemonic in COMPARISONS:
            return None
        place = self._placed(mnemonic, *operands) if is_sum else None
        reads = set(operands)
        for one in operands:
            if one in self.pending:
                reads |= self.pending.pop(one).reads
        pending = Pending(made, not is_sum, frozenset(reads), place)
        if use is None or len(made) > LONGEST:
            return list(pending.lines(d))
        self.pending[d] = pending
        return []

    def _made(self, mnemonic: str, operands: Sequence[int]) -> str | None:
        """The expression of an instruction that can be one."""
        if mnemonic in SUMS:
            return SUMS[mnemonic].format(a=self._shown(operands[0]), b=self._shown(operands[1]))
        if mnemonic in COMPARISONS:
            return COMPARISONS[mnemonic].format(a=self.read(operands[0]), b=self.read(operands[1]))
        if mnemonic not in _TESTS or not all(
            map(self._is_test, operands[: _TESTS[mnemonic].count("{")])
        ):
            return None
        if mnemonic == "xori" and self._literals.get(operands[1]) != "1":
            return None
        return _TESTS[mnemonic].format(*(
            self.pending[one].text if one in self.pending else "" for one in operands))

    def _shown(self, register: int) -> str:
        if register in self._multiples:
            return f"(s{register} * {self._multiples[register]})"
        pending = self.pending.get(register)
        return self.read(register) if pending is None or pending.is_test else pending.text

    def _placed(self, mnemonic: str, a: int, b: int) -> Place | None:
        """What a sum or product is of an array's elements, if it is for an address."""
        if mnemonic == "muli":
            factor = self._literals.get(b, "")
            return Place(None, ((self._shown(a), int(factor)),)) if factor.isdigit() else None
        if mnemonic != "addi" or a in self._literals or a in self._multiples:
            return None
        first = self.place(a)
        if b in self._multiples:
            second: Place | None = Place(None, ((f"s{b}", self._multiples[b]),))
        else:
            second = self.place(b)
        if second is None or second.base is not None:  # no multiple
            second = Place(None, ((self._shown(b), 1),))
        return placed(first, second)

    def _use(self, at: int, end: int) -> int | None:
        """The one instruction of the block that looks at a result, if nothing does after it."""
        d = self._code[at].operands[0]
        for after in range(at + 1, end + 1):
            fields = list(self._code[after].fields())
            reads = fields.count(("s", d))
            if reads:
                gone = not self._live[after] >> d & 1 or ("d", d) in fields
                return after if reads == 1 and gone else None
            if ("d", d) in fields:
                return None
        return None

    def is_of_address(self, at: int, end: int) -> bool:
        """Whether a sum is for the address of a load or store alone."""
        use = self._use(at, end)
        if use is None or use in self._doubtful:
            return False
        user = self._code[use]
        if user.mnemonic.startswith(("load.", "store.")):
            return user.operands[1] == self._code[at].operands[0]
        return user.mnemonic in SUMS and self.is_of_address(use, end)

    def _is_for_select(self, use: int, register: int) -> bool:
        """Whether the instruction is a choice of this number, or another."""
        item = self._code[use]
        return item.mnemonic == "select" and item.operands[2] == register and (
            register not in (item.operands[1], item.operands[3]))  # fmt: skip


_TESTS = {"andi": "({0} and {1})", "ori": "({0} or {1})", "zext1": "{0}", "xori": "not ({0})"}
"""Mnemonic -> an expression of others that are true or not."""

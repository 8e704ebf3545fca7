"""Instructions of a piece of a function as lines of Python.

In: an instruction, at its place. Out: lines that do what it does with registers in variables, `x3`,
or their objects, `k3`; and expressions for what a branch asks. The one idea: what each register is
(a constant, an object, a number that only one instruction looks at) says how its variable is
written and read, so that every kind of instruction is a few lines here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from fleet.objects.names import Placeholder
from fleet.vm import direct, places
from fleet.vm.blocks import Blocks
from fleet.vm.bytecode import Function, Instruction
from fleet.vm.closed import World
from fleet.vm.forwarding import Forwarding
from fleet.vm.held import constant_registers
from fleet.vm.operators import OPERATORS
from fleet.vm.runtime import Runtime
from fleet.vm.templates import ANYWHERE, FIT, TEMPLATES, WRAP
from fleet.vm.texts import loose_texts


class Writer:
    """Of one piece. names: what its lines name besides registers and what `translation` gives."""

    def __init__(
        self, function: Function, first: int, last: int, runtime: Runtime, blocks: Blocks,
        doubts: Mapping[int, tuple[Callable, Callable]], is_whole: bool,
    ) -> None:  # fmt: skip
        self.function = function
        self.first = first
        self.last = last
        self.runtime = runtime
        self.blocks = blocks
        self.doubts = doubts
        self.names: dict[str, Any] = {}
        self.facts = runtime.facts(function)
        self.live, self.held = self.facts.live, self.facts.held
        self.defined = self._registers("d")
        self._find_constants()
        self.multiples: dict[int, int] = {}
        self.forwarding = Forwarding(
            function.code, self.live, self.literals, doubts, self.multiples)  # fmt: skip
        self.multiples |= self._find_multiples()
        self.bases = places.bases(function.code, first, last, blocks)
        self.converted: dict[int, tuple[int, str]] = {}
        """Objects of which a register has the int, by registers, and how that was made."""
        self.taken: set[int] = set()
        """Instructions of which an earlier one has done what they do."""
        self.loose: Mapping[int, bool] = {}
        if self._plain:
            self.loose = loose_texts(function, first, last, blocks, runtime.services.described,
                                     self._is_performed)  # fmt: skip
        self.nameless = self.held & (
            self.defined | set(range(function.arguments) if is_whole else ()))
        """Registers of objects that have no names."""
        self.names_objects = any(map(self._names, range(first, last + 1)))
        """Whether some are given names where the piece does what it does mostly."""

    def _registers(self, kind: str) -> set[int]:
        """Those that the piece writes, or reads."""
        return {
            register
            for item in self.function.code[self.first : self.last + 1]
            for one, register in item.fields()
            if one == kind
        }

    def _find_constants(self) -> None:
        """Registers that one constant alone is written to, a number or the address of an array."""
        self.literals: dict[int, str] = {}
        self.constants: dict[int, int] = {}
        found = constant_registers(self.function.code, self.function.arguments)
        for register, item in found.items():
            if item.mnemonic == "address":
                self.constants[register] = item.operands[1]
            else:
                value = self.runtime.program.numbers[item.operands[1]]
                if math.isfinite(value):
                    self.literals[register] = f"({value!r})" if value < 0 else repr(value)
        self.numbers = {register: item.operands[1] for register, item in found.items()
                        if item.mnemonic == "const"}  # fmt: skip

    def _find_multiples(self) -> dict[int, int]:
        """Registers of so many times another number that are for addresses alone."""
        code, written = self.function.code, Counter(range(self.function.arguments))
        found: dict[int, int] = {}
        for item in code:
            written.update(register for kind, register in item.fields() if kind == "d")
            times = self.literals.get(item.operands[2], "") if item.mnemonic == "muli" else ""
            if times.isdigit() and times != "0":
                found[item.operands[0]] = int(times)
        for at in range(self.first, self.last + 1):
            item, end = code[at], self.blocks.end(at)
            for kind, register in item.fields():
                if kind == "d" and register in found and (
                    at in self.doubts or self.forwarding.is_of_address(at, end)
                ):  # stands where it is looked at anyway
                    del found[register]
                if kind == "s" and register in found and not (
                    item.mnemonic == "addi" and item.operands.count(register) == 1
                    and self.forwarding.is_of_address(at, end)
                ):
                    del found[register]
        return {register: times for register, times in found.items() if written[register] == 1}

    def value(self, register: int) -> str:
        """What a register has, for who does not know how it is kept."""
        if register in self.multiples:
            return f"wrap(s{register} * {self.multiples[register]})"
        return f"name(k{register})" if register in self.held else f"x{register}"

    def taken_over(self, register: int) -> Iterator[str]:
        """What else there is to be made of a register that has been written to."""
        if register in self.multiples:
            yield f"s{register} = x{register} // {self.multiples[register]}"
        for size in self.bases.get(register, ()):
            base = self.runtime.base
            yield places.beginning(register, size, base, base + self.runtime.size)

    def changed(self, item: Instruction) -> Iterator[str]:
        """What there is to be made of the registers that an instruction has written to."""
        for kind, register in item.fields():
            if kind == "d" and register in self.bases:
                yield from self.taken_over(register)

    def bits(self, registers: int) -> Iterator[int]:
        return (at for at in range(registers.bit_length()) if registers >> at & 1)

    def live_before(self, at: int) -> int:
        reads = writes = 0
        for kind, register in self.function.code[at].fields():
            reads |= (kind == "s") << register
            writes |= (kind == "d") << register
        return self.live[at] & ~writes | reads

    def live_at_exits(self) -> int:
        live = 0
        for at in self.blocks.ends:
            if any(not self.first <= to <= self.last for to in self.blocks.after(at)):
                live |= self.live[at]
        return live

    def name_of(self, register: int) -> tuple[str, str]:
        """The line that gives a register's object a name, if it needs one, and the register."""
        if register in self.nameless:
            return f"x{register} = name(k{register})", f"x{register}"
        return "", f"x{register}"

    def _names(self, at: int) -> bool:
        """Whether an instruction may name objects where it does what it does mostly."""
        item = self.function.code[at]
        o = item.operands
        match item.mnemonic:
            case "call":
                facts, split = self.runtime.facts(self.runtime.program.functions[o[0]]), 2 + o[1]
                gives = zip(o[2:split], facts.gives, strict=True)
                takes = zip(o[split:], facts.takes, strict=True)
                return any(as_object and register not in self.held
                           for register, as_object in gives) or any(
                    register in self.held and not as_object for register, as_object in takes)
            case "host":
                service = self.runtime.services.described[o[0]]
                results = o[2 : 2 + o[1]]
                if self._direct(at, o) is None:
                    return "object" in service.result_kinds or not self.held.isdisjoint(o[2:])
                return "object" in service.result_kinds and not self.held.issuperset(results)
        return False

    def convert(self, item: Instruction) -> list[str]:
        """The line for an int that another register has already, of an object."""
        o = item.operands
        name = direct.conversion(self.runtime.services.described, item) if self._plain else None
        known, how = self.converted.get(o[-1] if o else -1, (-1, ""))
        same = name is not None and how in (name, "to_subscript")
        return [f"x{o[2]} = x{known}"] if same else []

    def note(self, item: Instruction) -> None:
        name = direct.conversion(self.runtime.services.described, item) if self._plain else None
        if name is not None and item.operands[-1] not in self.converted and (
                item.operands[-1] in self.held):  # fmt: skip
            self.converted[item.operands[-1]] = item.operands[2], name

    def forget(self, item: Instruction) -> None:
        """What has been in the registers that an instruction writes is no longer there."""
        for kind, written in item.fields():
            if kind == "d":
                self.converted.pop(written, None)
                for of, (register, _) in list(self.converted.items()):
                    if register == written:
                        del self.converted[of]

    @property
    def _plain(self) -> bool:
        return self.runtime.world == World.PLAIN and not self.runtime.services.asks

    def passed(self, registers: Iterable[tuple[int, bool]]) -> str:
        """Arguments or results, each as an object or as what a register has."""
        shown = []
        for register, as_object in registers:
            held = register in self.held
            shown.append(
                f"k{register}" if held and as_object else f"name(k{register})" if held else
                f"held(x{register})" if as_object else f"x{register}")  # fmt: skip
        return f"({''.join(f'{one}, ' for one in shown)})"

    def _called(self, o: Sequence[int]) -> Iterator[str]:
        """A call of another function."""
        split = 2 + o[1]
        facts = self.runtime.facts(self.runtime.program.functions[o[0]])
        targets, after = [], []
        for register, as_object in zip(o[2:split], facts.gives, strict=True):
            held = register in self.held
            targets.append(f"{'xk'[as_object]}{register}")
            if held != as_object:
                after.append(f"k{register} = held(x{register})" if held else
                             f"x{register} = name(k{register})")  # fmt: skip
        given = self.passed(zip(o[split:], facts.takes, strict=True))
        yield f"{', '.join(targets)}{', = ' * bool(targets)}calls[{o[0]}]{given}"
        yield from after

    def tested(self, item: Instruction) -> int | None:
        """The register of what a check that code here performs wants to hold."""
        o = item.operands
        if item.mnemonic != "host" or self.runtime.services.asks:
            return None
        return o[2 + o[1]] if self.runtime.services.described[o[0]].name == "check" else None

    def test(self, at: int, register: int) -> list[str] | None:
        """What only a branch behind an instruction looks at: lines, and behind them an expression
        that is true or not."""
        item = self.function.code[at]
        if self.live[at + 1] >> register & 1 or at in self.doubts:
            return None
        o = item.operands
        if item.mnemonic == "host" and o[1:3] == (1, register):
            return direct.test(self._context, self.runtime.services.described[o[0]], o[3:])
        return None

    def next_item(self, at: int) -> list[str] | None:
        """As `_test`, where something is looked for that the next block begins with taking."""
        looks, branch = self.function.code[at], self.function.code[at + 1]
        owner, following = looks.operands[-1], at + 2
        if self.runtime.services.asks or not (
                self._asks(at, "more") and owner in self.held
                and branch.mnemonic == "jump_unless"
                and looks.operands[2] == branch.operands[0]
                and following <= self.last and self.blocks.is_reached_once(following)):
            return None
        while self.function.code[following].mnemonic in ("move", "const"):
            following += 1
        takes = self.function.code[following].operands
        if not (self._asks(following, "take") and takes[-1] == owner and takes[2] in self.held
                and not self.live[at + 1] >> takes[2] & 1
                and self.blocks.end(following) == self.blocks.end(at + 2)):
            return None
        self.taken.add(following)
        item, one = f"k{takes[2]}", f"k{owner}"
        line = f"{item} = {one}._next.pop() if {one}._next else next({one}._rest, END)"
        test, flag = f"{item} is not END", f"x{branch.operands[0]}"
        is_live = self.live[at + 1] >> branch.operands[0] & 1
        return [line, f"{flag} = 1 if {test} else 0", flag] if is_live else [line, test]

    def _asks(self, at: int, name: str) -> bool:
        """Whether an instruction is this function of one object."""
        item = self.function.code[at]
        if item.mnemonic != "host" or len(item.operands) != 4:
            return False
        service = self.runtime.services.described[item.operands[0]]
        return service.name == "function" and service.options.get("name") == name

    def lines_of(self, at: int, item: Instruction) -> Iterator[str]:
        """An instruction that goes on to the next one."""
        o, program, forwarding = item.operands, self.runtime.program, self.forwarding
        match item.mnemonic:
            case _ if at in self.taken:
                return
            case "const" if o[0] in self.held:
                yield f"k{o[0]} = {self._placeholder(o[1])}"
            case "const":
                yield f"x{o[0]} = {self._number(program.numbers[o[1]])}"
            case "move" if o[0] in self.held:
                yield f"k{o[0]} = {self._object(o[1])}"
            case "select" if o[0] in self.held:
                yes, no = map(self._object, o[2:])
                yield f"k{o[0]} = {yes} if {forwarding.test(o[1])} else {no}"
            case "address":
                yield f"x{o[0]} = {program.arrays[o[1]].address}"
            case "launch":
                yield f"launch({o[0]}, [{listed(o[1:])}])"
            case "host" if (found := self._direct(at, o)) is not None:
                yield from found
            case "call":
                yield from self._called(o)
            case "host":
                split = 2 + o[1]
                yield from filter(None, (self.name_of(register)[0] for register in o[split:]))
                results = "".join(f"x{number}, " for number in o[2:split])
                call = f"{item.mnemonic}({o[0]}, [{listed(o[split:])}])"
                yield f"{results}= {call}" if results else call
                for register in self.held.intersection(o[2:split]):
                    yield f"k{register} = held(x{register})"
            case "free" if o[0] in self.loose:
                return
            case "copy" if o[1] in self.loose:
                put = self._named("put", self.runtime.put)
                yield f"{put}(x{o[0]}, b{o[1]})"
            case "alloc" if (grown := self._grown(at)) is not None:
                self.taken |= {at + 1, at + 2}
                grow = self._named("do_grow", self.runtime.actions["grow"])
                yield f"x{o[0]} = {grow}(x{grown[0]}, x{grown[1]}, x{o[1]})"
            case "alloc" | "free" | "copy":
                name = self._named(f"do_{item.mnemonic}", self.runtime.actions[item.mnemonic])
                result = f"x{o[0]} = " if item.mnemonic == "alloc" else ""
                yield f"{result}{name}({listed(o[1:] if result else o)})"
            case name if name.startswith(("load.", "store.")):
                yield from self._access(item)
            case _:
                yield from self._operator(at, item)

    def _grown(self, at: int) -> tuple[int, int] | None:
        """Of memory into which as much as is said is copied of memory that is then given back:
        the register of that, and of how much."""
        code = self.function.code[at : min(self.blocks.end(at), at + 2) + 1]
        if [item.mnemonic for item in code] != ["alloc", "copy", "free"]:
            return None
        (target, size), (to, start, kept), (freed,) = (item.operands for item in code)
        is_one = target == to != size and start == freed and target not in (start, kept)
        return (start, kept) if is_one and start not in self.loose else None

    def _object(self, register: int) -> str:
        """What a register of objects gets of another one."""
        return f"k{register}" if register in self.held else (
            self._placeholder(self.numbers[register]))  # fmt: skip

    def _placeholder(self, number: int) -> str:
        """In place of an object, a number of the program's."""
        value = Placeholder(self.runtime.program.numbers[number])
        return self._named(f"placeholder_{number}", value)

    @property
    def _context(self) -> direct.Context:
        return direct.Context(self._named, self.held, self.name_of, self.forwarding.test,
                              self._text, self.loose, self.runtime.world)  # fmt: skip

    def _is_performed(self, at: int) -> bool:
        """Whether a service is asked by lines that perform it."""
        return self._direct(at, self.function.code[at].operands) is not None

    def _text(self, register: int, size: int) -> str | None:
        """The constant text of so many bytes that a register points to, if it does."""
        number = self.constants.get(register)
        if number is None:
            return None
        return self.runtime.text(self.runtime.program.arrays[number].address, size)

    def _direct(self, at: int, o: Sequence[int]) -> Iterator[str] | None:
        """A host service as code that performs it, if it can be."""
        services = self.runtime.services
        if services.asks:
            return None
        split = 2 + o[1]
        return direct.lines(self._context, services.described[o[0]], o[0], o[2:split], o[split:])

    def _number(self, value: int | float) -> str:
        if isinstance(value, int) or math.isfinite(value):
            return repr(value)
        return self._named(f"special_{len(self.names)}", value)

    def _named(self, name: str, value: Any) -> str:
        self.names[name] = value
        return name

    def _access(self, item: Instruction) -> Iterator[str]:
        """A load or a store: of the arena at once where it is aligned, else as the machine does."""
        kind, _, type = item.mnemonic.partition(".")
        value, address = item.operands
        slow = self._named(f"{kind}_{type}", self.runtime.actions[item.mnemonic])
        memory = self.runtime.memory.get(type)
        place = self.forwarding.place(address)
        at = self.forwarding.number(address)
        element = None if memory is None or place is None or place.base not in self.bases else (
            place.element(memory.itemsize))  # fmt: skip
        if element is not None and " " in element:
            yield f"a = {element}"
            element = "a"
        elif element is None and at != f"x{address}":
            yield f"a = {at}"
            at = "a"
        load, store = f"x{value} = {slow}(wrap({at}))", f"{slow}(x{value}, wrap({at}))"
        if memory is None:
            yield load if kind == "load" else store
            return
        name = self._named(f"memory_{type}", memory)
        size, base = memory.itemsize, self.runtime.base
        if element is not None:
            within, number = f"0 <= {element} < {len(memory)}", element
        else:
            within = f"{base} <= {at} <= {base + self.runtime.size - size}"
            within += f" and not {at} & {size - 1}" if size > 1 else ""
            number = f"({at} - {base}) // {size}" if size > 1 else f"{at} - {base}"
        if kind == "store" and type.startswith("i") and size < 8 and not self._fits(value, size):
            within += f" and {-1 << 8 * size - 1} <= x{value} < {1 << 8 * size - 1}"
        fast = f"x{value} = {name}[{number}]" if kind == "load" else f"{name}[{number}] = x{value}"
        yield f"if {within}: {fast}"
        yield f"else: {load if kind == 'load' else store}"

    def _fits(self, register: int, size: int) -> bool:
        """Whether it is a constant that needs no more bytes."""
        text = self.literals.get(register, "")
        return text.isdigit() and int(text) < 1 << 8 * size - 1

    def _operator(self, at: int, item: Instruction) -> Iterator[str]:
        d, forwarding = f"x{item.operands[0]}", self.forwarding
        operands = list(map(forwarding.read, item.operands[1:]))
        if item.mnemonic == "select":
            chosen = forwarding.number(item.operands[2])
            operands[0] = forwarding.test(item.operands[1])
            operands[1] = f"wrap({chosen})" if chosen != operands[1] else chosen
        doubt = self.doubts.get(at)
        if doubt is not None:  # the result may take a register of the operands
            kept = [f"y{number}" for number in range(len(operands))]
            yield f"{', '.join(kept)}, = {', '.join(operands)},"
            operands = kept
        lines = TEMPLATES.get(item.mnemonic, ("{d} = {f}({all})",))
        f = self._named("op_" + item.mnemonic.replace(".", "_"), OPERATORS[item.mnemonic])
        a, b, c, *_ = [*operands, "", "", ""]
        if lines[-1] in (FIT, WRAP):
            lines = (*lines[:-1], *self._checked(at, item, lines[-1]))
        for line in lines:
            yield line.format(d=d, a=a, b=b, c=c, f=f, all=", ".join(operands))
        if doubt is not None:
            test = self._named(f"doubtful_{at}", doubt[0])
            begin = self._named("doubt", doubt[1])
            yield f"if {test}({', '.join([d, *kept])}): {begin}()"

    def _checked(self, at: int, item: Instruction, line: str) -> Iterator[str]:
        """The line that brings a result back, if it may have left 64 bits, and on which side."""
        constant = self.literals.get(item.operands[2], "")
        if self._cannot_overflow(at, item) or item.mnemonic == "shrui" and (
                constant.isdigit() and int(constant) & 63):  # fmt: skip
            return
        upwards, downwards = _WAYS.get(item.mnemonic, (False, False))
        if constant.isdigit() and (upwards or downwards):
            line = line.replace(ANYWHERE, "{d} > MOST" if upwards else "{d} < LEAST")
        yield line

    def _cannot_overflow(self, at: int, item: Instruction) -> bool:
        """Whether it adds 1 to what the head of a loop around has found to be less than another."""
        _, counter, one = item.operands
        return (item.mnemonic in ("addi", "int_add") and self.literals.get(one) == "1"
                and counter in self.blocks.counters(at))  # fmt: skip


_WAYS = {
    "addi": (True, False), "int_add": (True, False), "subi": (False, True), "int_sub": (False, True)
}  # fmt: skip
"""Whether the result may be too large, or too small, if the second operand is not negative."""


def listed(numbers: Sequence[int]) -> str:
    return ", ".join(f"x{number}" for number in numbers)

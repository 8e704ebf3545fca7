"""What a run of bytecode repeats often, as Python: a loop, or a function that is called often.

In: a function of the schedule, and the first and the last instruction of a piece of it. Out: Python
source, an instruction a line or two, and of it a function that takes the registers and gives the
number of the instruction to go on with. The one idea: registers become local variables, and loops
stay loops. A piece is a sequence of basic blocks, each under `if at == its first instruction`, in
their order; a branch sets `at` and goes on downwards, a branch back is the next round of the
`while` of its loop, and one that leaves the loop is a `break`. A block that only one branch leads
to stands in that branch. Registers of objects (`held`) become the objects: `k3` is that of x3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fleet import integers
from fleet.vm import direct
from fleet.vm.blocks import Blocks, live_after
from fleet.vm.bytecode import Function, Instruction, Program
from fleet.vm.forwarding import Forwarding
from fleet.vm.held import Placeholder, object_registers
from fleet.vm.operators import OPERATORS, wrap
from fleet.vm.services import Services
from fleet.vm.templates import FIT, TEMPLATES, WRAP

LONGEST = 3000
"""Instructions of a piece: Python's compiler takes its time."""

DEEPEST_BRANCH = 40
"""Levels of indentation up to which a block stands in the branch to it; Python has a limit."""

SHORT = 8
"""Instructions of a block of moves that stands in all branches to it."""

LABEL = "<bytecode "
"""What the file names of translated code begin with."""

RETURNED = -1
"""In place of an instruction's number: the function has returned."""

FORGET = "if len(objects) > names.limit: forget()"
"""See `objects.names`."""

@dataclass(frozen=True)
class Runtime:
    """What translated code does through the machine that runs it.

    launch, call, host: take a number and the values of registers
    finish:             takes what the function returns
    count:              takes how many instructions were executed
    failed:             the exception to raise for one that an instruction raised
    actions:            by mnemonic, what takes operands' values and gives the result's
    services:           those of the program
    forget:             has the names of objects forgotten that nothing leads to
    read:               so many bytes from an address
    memory:             of each type, the arena as a memoryview of such elements, where it has one
    base, size:         of the arena
    closed:             whether all objects are of Python's own classes: see `closed`
    facts:              of functions by id, which registers are live after each instruction, and
                        which hold objects
    """

    program: Program
    launch: Callable[[int, Sequence], None]
    call: Callable[[int, list], list]
    host: Callable[[int, list], list]
    finish: Callable[[list], None]
    count: Callable[[int], None]
    failed: Callable[[BaseException, Function, int], BaseException]
    actions: Mapping[str, Callable]
    services: Services
    forget: Callable[[], None]
    read: Callable[[int, int], bytes]
    memory: Mapping[str, memoryview]
    base: int
    size: int
    closed: bool
    facts: dict[int, tuple[list[int], frozenset[int]]] = field(default_factory=dict)


@dataclass
class Piece:
    """A piece of a function, as Python.

    source: for whoever wants to read it
    run:    takes the registers; which instruction is next
    """

    source: str
    run: Callable[[list], int]


def translate(
    function: Function,
    first: int,
    last: int,
    runtime: Runtime,
    doubts: dict[int, tuple[Callable, Callable]],
) -> Piece | None:
    """The instructions from the first to the last, entered at the first; None if they are many.

    doubts: of some instructions, what tells of their results and operands whether to be in doubt,
    and what to do then.
    """
    if last - first >= LONGEST:
        return None
    return _Translator(function, first, last, runtime, doubts).piece()


@dataclass
class _Translator:
    function: Function
    first: int
    last: int
    runtime: Runtime
    doubts: dict[int, tuple[Callable, Callable]]
    lines: list[str] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)

    def piece(self) -> Piece:
        function, code, services = self.function, self.function.code, self.runtime.services
        self.blocks = Blocks(code, self.first, self.last)
        if id(function) not in self.runtime.facts:
            held = object_registers(code, services.described, function.registers)
            self.runtime.facts[id(function)] = live_after(code), held
        self.live, self.held = self.runtime.facts[id(function)]
        self.defined = self._registers("d")
        self._find_constants()
        self.forwarding = Forwarding(code, self.live, self.literals, self.doubts)
        self.entered = {self.first}
        """Blocks that `at` leads to; others stand in the branches to them."""
        self.converted: dict[int, tuple[int, str]] = {}
        """Objects of which a register has the int, by registers, and how that was made."""
        self.taken: set[int] = set()
        """Instructions that take an item which the one that has looked for it has taken."""
        self.names_objects = any(map(self._names, range(self.first, self.last + 1)))
        self._add(0, "def run(r):")
        self._begin()
        self._add(1, "n = 0")
        self._add(1, f"at = {self.first}")
        if self.names_objects:
            self._add(1, FORGET)
        self._add(1, "try:")
        self._loop(self.first, self.last, 2)
        for register in self._bits(self._live_at_exits()):
            if register in self.defined:
                name = f"name(k{register})" if register in self.held else f"x{register}"
                self._add(2, f"r[{register}] = {name}")
        self._add(2, "return at")
        self._add(1, "except Exception as error:")
        self._add(2, "at = origins[error.__traceback__.tb_lineno]")
        self._add(2, "n -= rest(at)")
        self._add(2, "failure = failed(error, function, at)")
        self._add(2, "if failure is error: raise")
        self._add(2, "raise failure from error")
        self._add(1, "finally:")
        self._add(2, "count(n)")
        source = "\n".join(self.lines) + "\n"
        names = self.names | self._environment()
        label = f"{LABEL}{self.function.name}:{self.first}>"
        exec(compile(source, label, "exec"), names)
        return Piece(source, names["run"])

    def _environment(self) -> dict[str, Any]:
        runtime = self.runtime
        return {
            "LEAST": integers.LEAST, "MOST": integers.MOST, "fit": integers.fit, "wrap": wrap,
            "launch": runtime.launch, "call": runtime.call, "host": runtime.host,
            "finish": runtime.finish, "forget": runtime.forget, "count": runtime.count,
            "failed": runtime.failed,
            "function": self.function, "origins": [self.first, *self.origins],
            "rest": self.blocks.rest,
            **direct.environment(runtime.services.host.objects),
        }  # fmt: skip

    def _add(self, depth: int, text: str, at: int | None = None) -> None:
        self.lines.append("    " * depth + text)
        self.origins.append(self.first if at is None else at)

    # -- registers

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
        several: set[int] = set(range(self.function.arguments))
        written: dict[int, Instruction] = {}
        for item in self.function.code:
            for kind, register in item.fields():
                if kind == "d":
                    several |= {register} & written.keys()
                    written[register] = item
        self.literals: dict[int, str] = {}
        self.constants: dict[int, int] = {}
        for register, item in written.items():
            if item.mnemonic == "address" and register not in several:
                self.constants[register] = item.operands[1]
            if item.mnemonic == "const" and register not in several:
                value = self.runtime.program.numbers[item.operands[1]]
                if math.isfinite(value):
                    self.literals[register] = f"({value!r})" if value < 0 else repr(value)

    def _begin(self) -> None:
        """Registers become local variables."""
        used = self.defined | self._registers("s")
        live = self._live_at_exits() | self._live_before(self.first)
        for register in sorted(used):
            if register not in self.held:
                self._add(1, f"x{register} = r[{register}]" if live >> register & 1 else
                          f"x{register} = 0")  # fmt: skip
            elif live >> register & 1:
                self._add(1, f"x{register} = r[{register}]")
                self._add(1, f"k{register} = held(x{register})")
            else:
                self._add(1, f"x{register} = k{register} = None")

    def _bits(self, registers: int) -> Iterator[int]:
        return (at for at in range(registers.bit_length()) if registers >> at & 1)

    def _live_before(self, at: int) -> int:
        reads = writes = 0
        for kind, register in self.function.code[at].fields():
            reads |= (kind == "s") << register
            writes |= (kind == "d") << register
        return self.live[at] & ~writes | reads

    def _live_at_exits(self) -> int:
        live = 0
        for at in self.blocks.ends:
            if any(not self.first <= to <= self.last for to in self.blocks.after(at)):
                live |= self.live[at]
        return live

    def _name_of(self, register: int) -> tuple[str, str]:
        """The line that gives a register's object a name, if it needs one, and the register."""
        if register in self.held and register in self.defined:
            return f"x{register} = name(k{register})", f"x{register}"
        return "", f"x{register}"

    def _names(self, at: int) -> bool:
        """Whether an instruction may name objects where it does what it does mostly."""
        item = self.function.code[at]
        o = item.operands
        match item.mnemonic:
            case "call":
                return not self.held.isdisjoint(o[2:])
            case "host":
                service = self.runtime.services.described[o[0]]
                results = o[2 : 2 + o[1]]
                if self._direct(at, o) is None:
                    return "object" in service.result_kinds or not self.held.isdisjoint(o[2:])
                return "object" in service.result_kinds and not self.held.issuperset(results)
        return False

    # -- blocks and loops

    def _loop(self, low: int, high: int, depth: int) -> None:
        """`while True:` over the blocks from `low` to `high`; left with `at` outside of them."""
        self._add(depth, "while True:")
        blocks = self.blocks
        inner = blocks.loops(low, high)
        at = low
        while at <= high:
            if at in inner:
                end = inner[at]
                is_plain = blocks.is_entered_at_its_head(at, end)
                self._add(depth + 1, f"if at == {at}:" if is_plain else f"if {at} <= at <= {end}:")
                self._loop(at, end, depth + 2)
                if blocks.leaves(at, end, low, high):
                    self._add(depth + 2, f"if not {low} <= at <= {high}: break")
                at = end + 1
                continue
            if at == low or at in self.entered:
                is_plain = at == low and blocks.is_entered_at_its_head(low, high)
                if not is_plain:
                    self._add(depth + 1, f"if at == {at}:")
                self.converted = {}
                self._block(at, depth + 2 - is_plain, low, high)
            at = blocks.end(at) + 1

    def _block(self, start: int, depth: int, low: int, high: int) -> None:
        """A basic block."""
        end = self.blocks.end(start)
        code = self.function.code
        self._add(depth, f"n += {end - start + 1}", start)
        for at in range(start, end + 1):
            item = code[at]
            for line in self.forwarding.before(at, end, self._tested(item)):
                self._add(depth, line, at)
            if self.forwarding.defer(at, end):
                self._forget(item)
                continue
            if at + 1 == end and code[end].mnemonic in ("jump_if", "jump_unless"):
                test = self._next_item(at) or self._test(at, code[end].operands[0])
                if test is not None:
                    for line in test[:-1]:
                        self._add(depth, line, at)
                    self._branch(end, test[-1], depth, low, high, at)
                    return
            match item.mnemonic:
                case "jump":
                    self._go(at, item.operands[0], depth, low, high)
                case "jump_if" | "jump_unless":
                    test = self.forwarding.test(item.operands[0])
                    self._branch(at, test, depth, low, high, at)
                case "return":
                    for line in filter(None, (self._name_of(one)[0] for one in item.operands)):
                        self._add(depth, line, at)
                    self._add(depth, f"finish([{_registers(item.operands)}])", at)
                    self._add(depth, f"return {RETURNED}", at)
                case _:
                    for line in self._convert(item) or self._lines(at, item):
                        self._add(depth, line, at)
                    self._forget(item)
                    self._note(item)
        if code[end].mnemonic not in ("jump", "jump_if", "jump_unless", "return"):
            self._go(end, end + 1, depth, low, high)

    def _convert(self, item: Instruction) -> list[str]:
        """The line for an int that another register has already, of an object."""
        o = item.operands
        name = direct.conversion(self.runtime.services.described, item) if self._plain else None
        known, how = self.converted.get(o[-1] if o else -1, (-1, ""))
        same = name is not None and how in (name, "to_subscript")
        return [f"x{o[2]} = x{known}"] if same else []

    def _note(self, item: Instruction) -> None:
        name = direct.conversion(self.runtime.services.described, item) if self._plain else None
        if name is not None and item.operands[-1] not in self.converted and (
                item.operands[-1] in self.held):  # fmt: skip
            self.converted[item.operands[-1]] = item.operands[2], name

    def _forget(self, item: Instruction) -> None:
        """What has been in the registers that an instruction writes is no longer there."""
        for kind, written in item.fields():
            if kind == "d":
                self.converted.pop(written, None)
                for of, (register, _) in list(self.converted.items()):
                    if register == written:
                        del self.converted[of]

    @property
    def _plain(self) -> bool:
        return self.runtime.closed and not self.runtime.services.asks

    def _tested(self, item: Instruction) -> int | None:
        """The register of what a check that code here performs wants to hold."""
        o = item.operands
        if item.mnemonic != "host" or self.runtime.services.asks:
            return None
        return o[2 + o[1]] if self.runtime.services.described[o[0]].name == "check" else None

    def _branch(self, at: int, test: str, depth: int, low: int, high: int, origin: int) -> None:
        item = self.function.code[at]
        unless = f"not ({test})" if item.mnemonic == "jump_unless" else test
        self._add(depth, f"if {unless}:", origin)
        self._go(at, item.operands[1], depth + 1, low, high)
        self._add(depth, "else:", at)
        self._go(at, at + 1, depth + 1, low, high)

    def _go(self, at: int, target: int, depth: int, low: int, high: int) -> None:
        """From an instruction to another one, in a loop from `low` to `high`."""
        if low < target <= high and target > at and depth < DEEPEST_BRANCH and (
                self.blocks.is_reached_once(target) or self._is_short(target)):  # fmt: skip
            converted = dict(self.converted)
            self._block(target, depth, low, high)
            self.converted = converted
            return
        if target != low or not self.blocks.is_entered_at_its_head(low, high):
            self._add(depth, f"at = {target}", at)
            self.entered.add(target)
        if not low <= target <= high:
            self._add(depth, "break", at)
        elif target <= at:
            if self.names_objects:
                self._add(depth, FORGET, at)
            self._add(depth, "continue", at)

    def _is_short(self, target: int) -> bool:
        """Whether a block may as well stand in all branches to it."""
        end = self.blocks.end(target)
        simple = {item.mnemonic for item in self.function.code[target:end]} <= {"move", "const"}
        return (simple and end - target < SHORT and target not in self.blocks.backward
                and self.function.code[end].mnemonic in ("jump", "move", "const"))  # fmt: skip

    # -- instructions

    def _test(self, at: int, register: int) -> list[str] | None:
        """What only a branch behind an instruction looks at: lines, and behind them an expression
        that is true or not."""
        item = self.function.code[at]
        if self.live[at + 1] >> register & 1 or at in self.doubts:
            return None
        o = item.operands
        if item.mnemonic == "host" and o[1:3] == (1, register):
            return direct.test(self._context, self.runtime.services.described[o[0]], o[3:])
        return None

    def _next_item(self, at: int) -> list[str] | None:
        """As `_test`, where something is looked for that the next block begins with taking."""
        looks, branch = self.function.code[at], self.function.code[at + 1]
        owner, following = looks.operands[-1], at + 2
        if self.runtime.services.asks or not (self._asks(at, "more") and owner in self.held and branch.mnemonic == "jump_unless"
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

    def _lines(self, at: int, item: Instruction) -> Iterator[str]:
        """An instruction that goes on to the next one."""
        o, program, forwarding = item.operands, self.runtime.program, self.forwarding
        match item.mnemonic:
            case _ if at in self.taken:
                yield "pass"
            case "const" if o[0] in self.held:
                number = Placeholder(program.numbers[o[1]])
                yield f"k{o[0]} = {self._named(f'placeholder_{at}', number)}"
            case "const":
                yield f"x{o[0]} = {self._number(program.numbers[o[1]])}"
            case "move" | "select" if o[0] in self.held:
                yield (f"k{o[0]} = k{o[1]}" if item.mnemonic == "move" else
                       f"k{o[0]} = k{o[2]} if {forwarding.test(o[1])} else k{o[3]}")  # fmt: skip
            case "address":
                yield f"x{o[0]} = {program.arrays[o[1]].address}"
            case "launch":
                yield f"launch({o[0]}, [{_registers(o[1:])}])"
            case "host" if (found := self._direct(at, o)) is not None:
                yield from found
            case "call" | "host":
                split = 2 + o[1]
                yield from filter(None, (self._name_of(register)[0] for register in o[split:]))
                results = "".join(f"x{number}, " for number in o[2:split])
                call = f"{item.mnemonic}({o[0]}, [{_registers(o[split:])}])"
                yield f"{results}= {call}" if results else call
                for register in self.held.intersection(o[2:split]):
                    yield f"k{register} = held(x{register})"
            case "alloc" | "free" | "copy":
                name = self._named(f"do_{item.mnemonic}", self.runtime.actions[item.mnemonic])
                result = f"x{o[0]} = " if item.mnemonic == "alloc" else ""
                yield f"{result}{name}({_registers(o[1:] if result else o)})"
            case name if name.startswith(("load.", "store.")):
                yield from self._access(item)
            case _:
                yield from self._operator(at, item)

    @property
    def _context(self) -> direct.Context:
        return direct.Context(self._named, self.held, self._name_of, self.forwarding.test,
                              self._text, self.runtime.closed)  # fmt: skip

    def _text(self, register: int, size: int) -> str | None:
        """The constant text of so many bytes that a register points to, if it does."""
        number = self.constants.get(register)
        if number is None:
            return None
        data = self.runtime.read(self.runtime.program.arrays[number].address, size)
        return data.decode("utf-8", "surrogateescape")

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
        at = self.forwarding.number(address)
        if at != f"x{address}":
            yield f"a = {at}"
            at = "a"
        load, store = f"x{value} = {slow}(wrap({at}))", f"{slow}(x{value}, wrap({at}))"
        if memory is None:
            yield load if kind == "load" else store
            return
        name = self._named(f"memory_{type}", memory)
        size, base = memory.itemsize, self.runtime.base
        most = base + self.runtime.size - size
        aligned = f" and not {at} & {size - 1}" if size > 1 else ""
        place = f"{name}[({at} - {base}) // {size}]" if size > 1 else f"{name}[{at} - {base}]"
        fast = f"x{value} = {place}" if kind == "load" else f"{place} = x{value}"
        within = ""
        if kind == "store" and type.startswith("i") and size < 8 and not self._fits(value, size):
            within = f" and {-1 << 8 * size - 1} <= x{value} < {1 << 8 * size - 1}"
        yield f"if {base} <= {at} <= {most}{aligned}{within}: {fast}"
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
        if lines[-1] in (FIT, WRAP) and self._cannot_overflow(at, item):
            lines = lines[:-1]
        for line in lines:
            yield line.format(d=d, a=a, b=b, c=c, f=f, all=", ".join(operands))
        if doubt is not None:
            test = self._named(f"doubtful_{at}", doubt[0])
            begin = self._named("doubt", doubt[1])
            yield f"if {test}({', '.join([d, *kept])}): {begin}()"

    def _cannot_overflow(self, at: int, item: Instruction) -> bool:
        """Whether it adds 1 to what the head of a loop around has found to be less than another."""
        _, counter, one = item.operands
        return (item.mnemonic in ("addi", "int_add") and self.literals.get(one) == "1"
                and counter in self.blocks.counters(at))  # fmt: skip


def _registers(numbers: Sequence[int]) -> str:
    return ", ".join(f"x{number}" for number in numbers)

"""What a run of bytecode repeats often, as Python: a loop, or a function that is called often.

In: a function of the schedule, and the first and the last instruction of a piece of it. Out: Python
source, an instruction a line or two, and of it a function that takes the registers and gives the
number of the instruction to go on with. The one idea: registers become local variables, and loops
stay loops. A piece is a sequence of basic blocks, each under `if at == its first instruction`, in
their order; a branch sets `at` and goes on downwards, a branch back is the next round of the
`while` of its loop, and one that leaves the loop is a `break`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fleet import integers
from fleet.vm import direct
from fleet.vm.bytecode import Function, Instruction, Program
from fleet.vm.operators import OPERATORS, wrap
from fleet.vm.services import Services

LONGEST = 3000
"""Instructions of a piece: Python's compiler takes its time."""

DEEPEST = 12
"""Loops within one another that become loops; Python has a limit."""

LABEL = "<bytecode "
"""What the file names of translated code begin with."""

RETURNED = -1
"""In place of an instruction's number: the function has returned."""

FORGET = "if len(objects) > names.limit: forget()"
"""See `objects.names`."""

_FIT = "if not LEAST <= {d} <= MOST: fit({d})"
_WRAP = "if not LEAST <= {d} <= MOST: {d} = wrap({d})"

TEMPLATES: dict[str, tuple[str, ...]] = {
    "move": ("{d} = {a}",),
    "select": ("{d} = {b} if {a} else {c}",),
    **{
        f"int_{name}": (f"{{d}} = {{a}} {sign} {{b}}", _FIT)
        for name, sign in (("add", "+"), ("sub", "-"), ("mul", "*"), ("floordiv", "//"))
    },
    **{
        f"{name}i": (f"{{d}} = {{a}} {sign} {{b}}", _WRAP)
        for name, sign in (("add", "+"), ("sub", "-"), ("mul", "*"))
    },
    **{
        f"{name}{kind}": (f"{{d}} = {{a}} {sign} {{b}}",)
        for kind, signs in (("f", "+-*"), ("i", "&|^"))
        for name, sign in zip(
            {"f": ("add", "sub", "mul"), "i": ("and", "or", "xor")}[kind], signs, strict=True
        )
    },
    "int_mod": ("{d} = {a} % {b}",),
    "int_truediv": ("{d} = {a} / {b}",),
    "divf": ("{d} = {a} / {b} if {b} else op_divf({a}, {b})",),
    "shrsi": ("{d} = {a} >> ({b} & 63)",),
    "negf": ("{d} = -{a}",),
    "zext1": ("{d} = {a} & 1",),
    **{
        f"{prefix}.{name}": (f"{{d}} = 1 if {{a}} {sign} {{b}} else 0",)
        for prefix, names in (
            ("cmpi", ("eq", "ne", "slt", "sle", "sgt", "sge")),
            ("cmpf", ("oeq", "une", "olt", "ole", "ogt", "oge")),
        )
        for name, sign in zip(names, ("==", "!=", "<", "<=", ">", ">="), strict=True)
    },
}
"""Mnemonic -> the lines that mean what OPERATORS says; d is the result, a, b and c the operands."""


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
    memory:             of each type, the arena as a memoryview of such elements, where it has one
    base, size:         of the arena
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
    memory: Mapping[str, memoryview]
    base: int
    size: int


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
    held: dict[int, set[int]] = field(default_factory=dict)
    holding: dict[int, set[int]] = field(default_factory=dict)

    def piece(self) -> Piece:
        code = self.function.code
        used = {
            operand
            for item in code[self.first : self.last + 1]
            for kind, operand in item.fields()
            if kind in "ds"
        }
        services = self.runtime.services.described
        self.names_objects = any(
            item.mnemonic == "host" and "object" in services[item.operands[0]].result_kinds
            for item in code[self.first : self.last + 1]
        )
        self.leaders = self._leaders()
        self.backward = self._backward()
        self._hold()
        self._add(0, "def run(r):")
        for register in sorted(used):
            self._add(1, f"x{register} = r[{register}]")
        self._add(1, "n = 0")
        self._add(1, f"at = {self.first}")
        if self.names_objects:
            self._add(1, FORGET)
        self._add(1, "try:")
        self._loop(self.first, self.last, 2)
        for register in sorted(used):
            self._add(2, f"r[{register}] = x{register}")
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
            "function": self.function, "origins": [self.first, *self.origins], "rest": self._rest,
            **direct.environment(runtime.services.host.objects),
        }  # fmt: skip

    def _rest(self, at: int) -> int:
        """How many instructions of its block an instruction has behind it."""
        return self._end(at) - at

    def _add(self, depth: int, text: str, at: int | None = None) -> None:
        self.lines.append("    " * depth + text)
        self.origins.append(self.first if at is None else at)

    # -- blocks and loops

    def _leaders(self) -> list[int]:
        """The first instructions of the basic blocks, and the end."""
        found = {self.first, self.last + 1}
        for at, target in self._jumps():
            found.add(at + 1)
            if self.first <= target <= self.last:
                found.add(target)
        for at in range(self.first, self.last + 1):
            if self.function.code[at].mnemonic == "return":
                found.add(at + 1)
        return sorted(found)

    def _jumps(self) -> Iterator[tuple[int, int]]:
        for at in range(self.first, self.last + 1):
            item = self.function.code[at]
            if item.mnemonic in ("jump", "jump_if", "jump_unless"):
                yield at, item.operands[-1]

    def _backward(self) -> dict[int, int]:
        """For each place to which something jumps back, the last one that does."""
        found: dict[int, int] = {}
        for at, target in self._jumps():
            if self.first <= target <= at:
                found[target] = max(at, found.get(target, 0))
        return found

    def _end(self, at: int) -> int:
        """The last instruction of the block that an instruction is in."""
        return self.leaders[bisect_right(self.leaders, at)] - 1

    def _inner(self, low: int, high: int, depth: int) -> list[tuple[int, int]]:
        """The loops within one from `low` to `high`, those that overlap as one."""
        found: list[tuple[int, int]] = []
        if depth > DEEPEST:
            return found
        for head, end in sorted(self.backward.items()):
            if not low < head <= end <= high:
                continue
            if found and head <= found[-1][1]:
                found[-1] = found[-1][0], max(end, found[-1][1])
            else:
                found.append((head, end))
        return found

    def _loop(self, low: int, high: int, depth: int) -> None:
        """`while True:` over the blocks from `low` to `high`; left with `at` outside of them."""
        self._add(depth, "while True:")
        inner = dict(self._inner(low, high, depth))
        at = low
        while at <= high:
            if at in inner:
                self._add(depth + 1, f"if {at} <= at <= {inner[at]}:")
                self._loop(at, inner[at], depth + 2)
                self._add(depth + 2, f"if not {low} <= at <= {high}: break")
                at = inner[at] + 1
                continue
            end = self._end(at)
            self._add(depth + 1, f"if at == {at}:")
            self._add(depth + 2, f"n += {end - at + 1}", at)
            for number in range(at, end + 1):
                self._instruction(number, depth + 2, low, high)
            if self.function.code[end].mnemonic not in ("jump", "jump_if", "jump_unless", "return"):
                self._go(end, end + 1, depth + 2, low, high)
            at = end + 1

    def _go(self, at: int, target: int, depth: int, low: int, high: int) -> None:
        """From an instruction to another one, in a loop from `low` to `high`."""
        self._add(depth, f"at = {target}", at)
        if not low <= target <= high:
            self._add(depth, "break", at)
        elif target <= at:
            if self.names_objects:
                self._add(depth, FORGET, at)
            self._add(depth, "continue", at)

    # -- instructions

    def _instruction(self, at: int, depth: int, low: int, high: int) -> None:
        item = self.function.code[at]
        o = item.operands
        match item.mnemonic:
            case "jump":
                self._go(at, o[0], depth, low, high)
            case "jump_if" | "jump_unless":
                unless = "not " if item.mnemonic == "jump_unless" else ""
                self._add(depth, f"if {unless}x{o[0]}:", at)
                self._go(at, o[1], depth + 1, low, high)
                self._add(depth, "else:", at)
                self._go(at, at + 1, depth + 1, low, high)
            case "return":
                self._add(depth, f"finish([{_registers(o)}])", at)
                self._add(depth, f"return {RETURNED}", at)
            case _:
                for line in self._lines(at, item):
                    self._add(depth, line, at)

    def _lines(self, at: int, item: Instruction) -> Iterator[str]:
        """An instruction that goes on to the next one."""
        o, program = item.operands, self.runtime.program
        match item.mnemonic:
            case "const":
                yield f"x{o[0]} = {self._number(program.numbers[o[1]])}"
            case "address":
                yield f"x{o[0]} = {program.arrays[o[1]].address}"
            case "launch":
                yield f"launch({o[0]}, [{_registers(o[1:])}])"
            case "host" if (found := self._direct(at, o)) is not None:
                yield from found
            case "call" | "host":
                split = 2 + o[1]
                results = "".join(f"x{number}, " for number in o[2:split])
                call = f"{item.mnemonic}({o[0]}, [{_registers(o[split:])}])"
                yield f"{results}= {call}" if results else call
            case "alloc" | "free" | "copy":
                name = self._named(f"do_{item.mnemonic}", self.runtime.actions[item.mnemonic])
                result = f"x{o[0]} = " if item.mnemonic == "alloc" else ""
                yield f"{result}{name}({_registers(o[1:] if result else o)})"
            case name if name.startswith(("load.", "store.")):
                yield from self._access(item)
            case _:
                yield from self._operator(at, item)

    def _direct(self, at: int, o: Sequence[int]) -> Iterator[str] | None:
        """A host service as code that performs it, if it can be."""
        services = self.runtime.services
        if services.asks:
            return None
        split = 2 + o[1]
        return direct.lines(services.described[o[0]], o[0], o[2:split], o[split:], self._named,
                            self.held.get(at, ()), self.holding.get(at, ()))  # fmt: skip

    def _hold(self) -> None:
        """Find the objects that only services which follow in their block take: these need no name.

        `holding` has the registers of such results of an instruction, `held` those of operands.
        """
        if not self.names_objects:
            return
        live: list[int] = []
        for at in range(self.first, self.last + 1):
            for register in self._objects(at, False):
                users = self._takers(at, register)
                if users is None:
                    continue
                live = live or live_after(self.function.code)
                end = users[-1] if users else at
                if users and not (live[end] >> register & 1 and not self._redefined(end, register)):
                    self.holding.setdefault(at, set()).add(register)
                    for user in users:
                        self.held.setdefault(user, set()).add(register)

    def _redefined(self, at: int, register: int) -> bool:
        item = self.function.code[at]
        return any(kind == "d" and one == register for kind, one in item.fields())

    def _objects(self, at: int, taken: bool) -> list[int]:
        """The registers of objects that a service takes, or gives, which code here performs."""
        item = self.function.code[at]
        if item.mnemonic != "host" or self._direct(at, item.operands) is None:
            return []
        service, split = self.runtime.services.described[item.operands[0]], 2 + item.operands[1]
        if not taken:
            pairs = zip(item.operands[2:split], service.result_kinds, strict=True)
        else:
            kinds = [kind for kind in service.kinds if kind != "none"]
            pairs = zip(item.operands[split:], kinds, strict=True)
        return [register for register, kind in pairs if kind == "object"]

    def _takers(self, at: int, register: int) -> list[int] | None:
        """What takes a result as an object before its register is written anew, or the block ends;
        None where something takes it otherwise."""
        found = []
        for after in range(at + 1, self._end(at) + 1):
            item = self.function.code[after]
            uses = sum(kind == "s" and one == register for kind, one in item.fields())
            if uses:
                if self._objects(after, True).count(register) != uses:
                    return None
                found.append(after)
            if self._redefined(after, register):
                break
        return found

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
        load = f"x{value} = {slow}(x{address})"
        store = f"{slow}(x{value}, x{address})"
        if memory is None:
            yield load if kind == "load" else store
            return
        name = self._named(f"memory_{type}", memory)
        size, base = memory.itemsize, self.runtime.base
        most = base + self.runtime.size - size
        aligned = f" and not x{address} & {size - 1}" if size > 1 else ""
        place = f"{name}[(x{address} - {base}) // {size}]" if size > 1 else (
            f"{name}[x{address} - {base}]"
        )
        fast = f"x{value} = {place}" if kind == "load" else f"{place} = x{value}"
        within = ""
        if kind == "store" and type.startswith("i") and size < 8:
            within = f" and {-1 << 8 * size - 1} <= x{value} < {1 << 8 * size - 1}"
        yield f"if {base} <= x{address} <= {most}{aligned}{within}: {fast}"
        yield f"else: {load if kind == 'load' else store}"

    def _operator(self, at: int, item: Instruction) -> Iterator[str]:
        d, *operands = (f"x{number}" for number in item.operands)
        doubt = self.doubts.get(at)
        if doubt is not None:  # the result may take a register of the operands
            kept = [f"y{number}" for number in range(len(operands))]
            yield f"{', '.join(kept)}, = {', '.join(operands)},"
            operands = kept
        lines = TEMPLATES.get(item.mnemonic, ("{d} = {f}({all})",))
        f = self._named("op_" + item.mnemonic.replace(".", "_"), OPERATORS[item.mnemonic])
        a, b, c, *_ = [*operands, "", "", ""]
        for line in lines:
            yield line.format(d=d, a=a, b=b, c=c, f=f, all=", ".join(operands))
        if doubt is not None:
            test = self._named(f"doubtful_{at}", doubt[0])
            begin = self._named("doubt", doubt[1])
            yield f"if {test}({', '.join([d, *kept])}): {begin}()"


def _registers(numbers: Sequence[int]) -> str:
    return ", ".join(f"x{number}" for number in numbers)


def live_after(code: Sequence[Instruction]) -> list[int]:
    """For each instruction the registers that may be read after it, as the bits of an int."""
    reads, writes = [], []
    for item in code:
        fields = list(item.fields())
        reads.append(sum({1 << one for kind, one in fields if kind == "s"}))
        writes.append(sum({1 << one for kind, one in fields if kind == "d"}))
    after, before = [0] * len(code), [0] * (len(code) + 1)
    changed = True
    while changed:
        changed = False
        for at in range(len(code) - 1, -1, -1):
            mnemonic = code[at].mnemonic
            live = 0 if mnemonic in ("jump", "return") else before[at + 1]
            if mnemonic in ("jump", "jump_if", "jump_unless"):
                live |= before[code[at].operands[-1]]
            after[at] = live
            live = live & ~writes[at] | reads[at]
            if live != before[at]:
                before[at], changed = live, True
    return after

"""What a run of bytecode repeats often, as Python: a loop, or a function that is called often.

In: a function of the schedule, and the first and the last instruction of a piece of it. Out: Python
source, an instruction a line or two, and of it a function that takes the registers and gives the
number of the instruction to go on with. The one idea: registers become local variables, loops stay
loops, and branches branches: what each way has to itself stands in it, and where they meet again
(`structure`) behind them. A branch back is the next round of the `while` of its loop, and one that
leaves the loop is a `break`. Where that is not all (jumps into loops, ways that cross), blocks are
under `if at == their first instruction`, in their order; a branch sets `at` and goes on downwards.
Registers of objects (`held`) become the objects: `k3` is that of x3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from fleet import integers
from fleet.limits import DEEPEST
from fleet.vm import direct, templates
from fleet.vm.blocks import Blocks
from fleet.vm.bytecode import Function
from fleet.vm.operators import wrap
from fleet.vm.places import NOWHERE
from fleet.vm.runtime import Runtime
from fleet.vm.structure import Level
from fleet.vm.writer import Writer, listed

LONGEST = 3000
"""Instructions of a piece: Python's compiler takes its time."""

DEEPEST_BRANCH = 40
"""Levels of indentation up to which a block stands in the branch to it; Python has a limit."""

DEEPEST_INDENTATION = 80
"""Levels of indentation up to which ways that meet stand in their branch."""

SHORT = 8
"""Instructions of a block of moves that stands in all branches to it."""

LABEL = "<bytecode "
"""What the file names of translated code begin with."""

RETURNED = -1
"""In place of an instruction's number: the function has returned."""

FORGET = "if len(objects) > names.limit: forget()"
"""See `objects.names`."""


@dataclass
class Meeting:
    """Where ways of a branch meet, if they do, and how many instructions `n` is not told of there:
    as many as the first way that comes there has not told."""

    at: int | None = None
    counted: int = 0
    is_reached: bool = False


@dataclass
class Piece:
    """A piece of a function, as Python.

    source: for whoever wants to read it
    run:    takes the registers; which instruction is next. Of a whole function: see `Runtime.calls`
    """

    source: str
    run: Callable[..., Any]


def translate(
    function: Function,
    first: int,
    last: int,
    runtime: Runtime,
    doubts: dict[int, tuple[Callable, Callable]],
    is_whole: bool = False,
) -> Piece | None:
    """The instructions from the first to the last, entered at the first; None if they are many.

    doubts: of some instructions, what tells of their results and operands whether to be in doubt,
    and what to do then; is_whole: they are the function, and not a loop in it.
    """
    if last - first >= LONGEST:
        return None
    return _Translator(function, first, last, runtime, doubts, is_whole).piece()


@dataclass
class _Translator:
    function: Function
    first: int
    last: int
    runtime: Runtime
    doubts: dict[int, tuple[Callable, Callable]]
    is_whole: bool
    lines: list[str] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    counted: int = 0
    """Instructions of the way so far that `n` is yet to be told of."""
    missed: list[int] = field(default_factory=list)
    """That, for each line."""

    def piece(self) -> Piece:
        code = self.function.code
        self.blocks = Blocks(code, self.first, self.last)
        self.writer = Writer(self.function, self.first, self.last, self.runtime, self.blocks,
                             self.doubts, self.is_whole)  # fmt: skip
        self.entered = {self.first}
        """Blocks that `at` leads to; others stand in the branches to them."""
        self.placed: set[int] = set()
        """Blocks and loops that stand where their only way comes to them, or their ways meet."""
        self.joins: list[Meeting] = [Meeting()]
        """Of the branches around; none behind those around a loop."""
        self.level = cache(partial(Level, self.blocks, is_short=self._is_short))
        self._begin()
        self._add(1, "try:")
        if self.is_whole:
            self._add(2, "state.depth = depth + 1")
        self._loop(self.first, self.last, 2)
        for register in () if self.is_whole else self.writer.bits(self.writer.live_at_exits()):
            if register in self.writer.defined:
                self._add(2, f"r[{register}] = {self.writer.value(register)}")
        self._add(2, "return at")
        self._add(1, "except Exception as error:")
        self._add(2, "at = origins[error.__traceback__.tb_lineno]")
        self._add(2, "n += missed[error.__traceback__.tb_lineno] - rest(at)")
        self._add(2, "failure = failed(error, function, at)")
        self._add(2, "if failure is error: raise")
        self._add(2, "raise failure from error")
        self._add(1, "finally:")
        self._add(2, "state.executed += n")
        if self.is_whole:
            self._add(2, "state.depth = depth")
        source = "\n".join(self.lines) + "\n"
        names = self.writer.names | self._environment()
        label = f"{LABEL}{self.function.name}:{self.first}>"
        exec(compile(source, label, "exec"), names)
        return Piece(source, names["run"])

    def _environment(self) -> dict[str, Any]:
        runtime = self.runtime
        return {
            "LEAST": integers.LEAST, "MOST": integers.MOST, "fit": integers.fit, "wrap": wrap,
            "NOWHERE": NOWHERE, "missed": [0, *self.missed],
            "launch": runtime.launch, "calls": runtime.calls, "host": runtime.host,
            "finish": runtime.finish, "forget": runtime.forget, "state": runtime.state,
            "failed": runtime.failed, "text": runtime.text, "keep_text": runtime.keep_text,
            "too_deep": runtime.too_deep, "world": runtime.services.host,
            "function": self.function, "origins": [self.first, *self.origins],
            "rest": self.blocks.rest,
            **templates.FUNCTIONS, **direct.environment(runtime.services.host.objects),
        }  # fmt: skip

    def _add(self, depth: int, text: str, at: int | None = None) -> None:
        self.lines.append("    " * depth + text)
        self.origins.append(self.first if at is None else at)
        self.missed.append(self.counted)

    def _count(self, depth: int, at: int, left: int = 0) -> None:
        """Tell `n` of the instructions so far, but for so many."""
        told, self.counted = self.counted - left, left
        if told:
            self._add(depth, f"n += {told}", at)

    def _begin(self) -> None:
        """Registers become local variables."""
        arguments = range(self.function.arguments) if self.is_whole else ()
        takes = [f"{'xk'[at in self.writer.held]}{at}" for at in arguments]
        self._add(0, f"def run({', '.join(takes) if self.is_whole else 'r'}):")
        if self.is_whole:
            self._add(1, "depth = state.depth")
            self._add(1, f"if depth >= world.recursion_limit or depth > {DEEPEST}:")
            self._add(2, "failure = too_deep(depth - 1)")
            self._add(2, "if failure is not None: raise failure")
        writer = self.writer
        for register in writer.bits(writer.live_before(self.first) | writer.live_at_exits()):
            if register not in arguments:
                value = "0" if self.is_whole else f"r[{register}]"
                self._add(1, f"x{register} = {value}")
                if register in writer.held:
                    self._add(1, f"k{register} = held(x{register})")
            for line in writer.taken_over(register):
                self._add(1, line)
        self._add(1, "n = 0")
        self._add(1, f"at = {self.first}")
        if self.writer.names_objects:
            self._add(1, FORGET)

    def _loop(self, low: int, high: int, depth: int) -> None:
        """`while True:` over the blocks from `low` to `high`; left with `at` outside of them."""
        self._count(depth, low)
        self._add(depth, "while True:")
        blocks = self.blocks
        inner = blocks.loops(low, high)
        at = low
        while at <= high:
            if at in self.placed and at != low:
                at = inner.get(at, blocks.end(at)) + 1
                continue
            if at in inner:
                end = inner[at]
                is_plain = blocks.is_entered_at_its_head(at, end)
                self._add(depth + 1, f"if at == {at}:" if is_plain else f"if {at} <= at <= {end}:")
                self._loop(at, end, depth + 2)
                if blocks.leaves(at, end, low, high):
                    self._add(depth + 2, f"if not {low} <= at <= {high}: break")
                at = end + 1
                continue
            self.counted = 0
            if at == low or at in self.entered:
                is_plain = at == low and blocks.is_entered_at_its_head(low, high)
                if not is_plain:
                    self._add(depth + 1, f"if at == {at}:")
                self.writer.converted = {}
                self._block(at, depth + 2 - is_plain, low, high)
            at = blocks.end(at) + 1

    def _block(self, start: int, depth: int, low: int, high: int) -> None:
        """A basic block."""
        end = self.blocks.end(start)
        code = self.function.code
        self.counted += end - start + 1
        for at in range(start, end + 1):
            item = code[at]
            for line in self.writer.forwarding.before(at, end, self.writer.tested(item)):
                self._add(depth, line, at)
            kept = self.writer.forwarding.defer(at, end)
            if kept is not None:
                for line in kept:
                    self._add(depth, line, at)
                self.writer.forget(item)
                continue
            if at + 1 == end and code[end].mnemonic in ("jump_if", "jump_unless"):
                test = self.writer.next_item(at) or self.writer.test(at, code[end].operands[0])
                if test is not None:
                    for line in test[:-1]:
                        self._add(depth, line, at)
                    self._branch(end, test[-1], depth, low, high, at)
                    return
            match item.mnemonic:
                case "jump":
                    self._go(at, item.operands[0], depth, low, high)
                case "jump_if" | "jump_unless":
                    test = self.writer.forwarding.test(item.operands[0])
                    self._branch(at, test, depth, low, high, at)
                case "return" if self.is_whole:
                    self._count(depth, at)
                    gives = zip(item.operands, self.writer.facts.gives, strict=True)
                    self._add(depth, f"return {self.writer.passed(gives)}", at)
                case "return":
                    for register in item.operands:
                        if line := self.writer.name_of(register)[0]:
                            self._add(depth, line, at)
                    self._count(depth, at)
                    self._add(depth, f"finish([{listed(item.operands)}])", at)
                    self._add(depth, f"return {RETURNED}", at)
                case _:
                    for line in self.writer.convert(item) or self.writer.lines_of(at, item):
                        self._add(depth, line, at)
                    for line in self.writer.changed(item):
                        self._add(depth, line, at)
                    self.writer.forget(item)
                    self.writer.note(item)
        if code[end].mnemonic not in ("jump", "jump_if", "jump_unless", "return"):
            self._go(end, end + 1, depth, low, high)

    def _branch(self, at: int, test: str, depth: int, low: int, high: int, origin: int) -> None:
        item = self.function.code[at]
        goes, stays = test, f"not ({test})"
        if item.mnemonic == "jump_unless":
            goes, stays = stays, goes
        join = self.level(low, high).join(self.blocks.start(at))
        around, counted = self.joins[-1].at, self.counted
        meets = join is not None and (
            join.at == around or join.is_own and (
                around is not None or depth + join.height < DEEPEST_INDENTATION))  # fmt: skip
        is_new = meets and join.at != around
        if is_new:
            self.joins.append(Meeting(join.at))
        self._add(depth, f"if {goes}:", origin)
        head = len(self.lines)
        self._go(at, item.operands[1], depth + 1, low, high)
        if len(self.lines) > head:
            self._add(depth, "else:", at)
        else:
            self.lines[-1] = "    " * depth + f"if {stays}:"
        head, self.counted = len(self.lines), counted
        self._go(at, at + 1, depth + 1, low, high)
        if len(self.lines) == head:
            self._remove_head()
        if is_new:
            self.writer.converted, self.counted = {}, self.joins.pop().counted
            self._place(join.at, depth, low, high)

    def _remove_head(self) -> None:
        """What the last line begins has nothing in it."""
        for each in (self.lines, self.origins, self.missed):
            each.pop()

    def _place(self, at: int, depth: int, low: int, high: int) -> None:
        """A block, or a loop and what is behind it, where control comes to it."""
        level = self.level(low, high)
        self.placed.add(at)
        if at not in level.inner:
            self._block(at, depth, low, high)
            return
        end = level.inner[at]
        self.joins.append(Meeting())
        self._loop(at, end, depth)
        self.joins.pop()
        self.writer.converted, self.counted = {}, 0
        if self.blocks.leaves(at, end, low, high):
            self._add(depth, f"if not {low} <= at <= {high}: break")
        if level.goes_on_to_next_round(at):
            self._add(depth, f"if at == {low}: continue")
        for following in level.after[at]:
            self._go(end, following, depth, low, high)

    def _go(self, at: int, target: int, depth: int, low: int, high: int) -> None:
        """From an instruction to another one, in a loop from `low` to `high`."""
        meeting = self.joins[-1]
        if target == meeting.at:
            if not meeting.is_reached:
                meeting.is_reached, meeting.counted = True, self.counted
            self._count(depth, at, meeting.counted)
            return
        level = self.level(low, high)
        is_planned = meeting.at is not None
        if low < target <= high and target > at and (is_planned or depth < DEEPEST_BRANCH) and (
                level.is_once(target) or self._is_short(target)):  # fmt: skip
            converted = dict(self.writer.converted)
            if level.is_once(target):
                self._place(target, depth, low, high)
            else:
                self._block(target, depth, low, high)
            self.writer.converted = converted
            return
        assert not (is_planned and low < target <= high), "a way leaves those of its branch"
        self._count(depth, at)
        if target != low or not self.blocks.is_entered_at_its_head(low, high):
            self._add(depth, f"at = {target}", at)
            self.entered.add(target)
        if not low <= target <= high:
            self._add(depth, "break", at)
        elif target <= at:
            if self.writer.names_objects:
                self._add(depth, FORGET, at)
            self._add(depth, "continue", at)

    def _is_short(self, target: int) -> bool:
        """Whether a block may as well stand in all branches to it."""
        end = self.blocks.end(target)
        code = self.function.code
        simple = {item.mnemonic for item in code[target:end]} <= {"move", "const"}
        return (simple and end - target < SHORT and target not in self.blocks.backward
                and code[end].mnemonic in ("jump", "move", "const", "return"))  # fmt: skip

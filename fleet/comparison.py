"""All executors on one program: the first layer, stage, pass and operation that departs.

In: a program and its arguments. Out: a line for each executor, and what departs. The one idea: what
a pass leaves is run and compared with what it was given, the whole program first, then every kernel
alone and on its own arguments; so the first that departs holds the mistake. What would take Python
long is looked at in part, and in full only where something departs later.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fleet.diagnostics import FleetError
from fleet.driver import lower
from fleet.executors import run_executable, run_module, run_tree
from fleet.host import Host
from fleet.ir.core import Operation
from fleet.ir.interpreter import Interpreter, Observer
from fleet.ir.rewriting.passes import PassManager
from fleet.judges.cost import Bounded, Spent
from fleet.judges.files import save_launch
from fleet.judges.kernels import Kernel, Launch
from fleet.judges.narrowing import Tally, first_wrong_application
from fleet.judges.outcomes import Outcome, Runs, agrees, largest_printed
from fleet.judges.programs import KERNEL_STAGES, Program, program_of, run_shown
from fleet.judges.verdict import LAYERS, MACHINES, Finding, Judge, Layer, placed
from fleet.limits import DEFAULT, Limits
from fleet.stages import BUFFERISED, STAGES, Stage, until
from fleet.trace import Trace, first_departure

COMPARED = until("vm")
"""Stages that the whole program is run on; what comes after runs kernel by kernel."""

ALL_JUDGES = (*LAYERS, *MACHINES)
FEW_JUDGES = ("vector", "native")
"""Layers that a kernel is run on when it has been before all judges with the same sizes."""
MOST_JUDGED = 3
"""Launches of a kernel that come before all judges."""


MOST_TURNS = 1_000_000
"""Iterations of scalar loops, each of which takes Python a microsecond or two."""


def _to_errors(text: str) -> None:
    print(text, file=sys.stderr)


class Comparison:
    """One program's runs.

    Each is compared with what the syntax tree over NumPy did, which is what Python does. Raises
    FleetError where that rejects the program.

    root: the folder that is "/" to the program; each run has a copy, and it stays as it is.
    saved: the file that the first wrong launch of a kernel goes to.
    kept: the number of a launch that goes there if none is wrong.
    narrow: whether to look for the rule in a pass that departs.
    report: takes each line of the report.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        vlen: int = 256,
        limits: Limits = DEFAULT,
        root: str | None = None,
        saved: Path | None = None,
        kept: int | None = None,
        narrow: bool = False,
        report: Callable[[str], None] = _to_errors,
    ) -> None:
        self.argv = argv
        self.limits = limits
        self.vlen = vlen
        self.narrow = narrow
        self.report = report
        self.kept = kept
        self.saved = saved or Path(f"{Path(argv[0]).stem}-wrong.npz")
        self.tally = Tally()
        self.runs = Runs(argv, sys.stdin, limits, root)
        self.tally("of the program")
        self.expected = self.runs.accepted(run_tree)

    def run(self) -> int:
        """Run every executor until one departs; the exit status, which is 1 then."""
        self.report(f"{'ast':<12} {self.expected}")
        module = lower(self.argv[0], (), limits=self.limits)
        waiting: dict[Stage, Operation] = {}
        for stage in COMPARED:
            got: Outcome | None
            try:
                PassManager(stage.passes).run(module)
                got = self.execute_at_most(module, stage.name, MOST_TURNS)
            except (FleetError, RuntimeError) as error:
                got = _rejected(error)
            if got is None:
                waiting[stage] = module.clone()
                self.report(
                    f"{f'ir {stage.name}':<12} its kernels alone, below: as a whole it has more "
                    f"than {MOST_TURNS:,} iterations"
                )
            elif not self._same(f"ir {stage.name}", got):
                self._blame(self._first(waiting) or stage)
                return 1
        return self._run_code()

    def _first(self, waiting: dict[Stage, Operation]) -> Stage | None:
        """The first of the stages that were not run as a whole which departs, now that it is."""
        for stage, module in waiting.items():
            if not self._same(f"ir {stage.name}", self.execute(module, stage=stage.name)):
                return stage
        return None

    def _blame(self, stage: Stage) -> None:
        """Say what it is that makes a stage depart."""
        if stage not in KERNEL_STAGES or not self._judge_kernels():
            self._blame_pass(stage)

    def _run_code(self) -> int:
        """Bytecode and machine code, when all IR is right."""
        program = program_of(self.argv[0], self.limits)
        got, judging = self._judged(program, every=False)
        vm = self._same("vm", got)
        if not vm:
            self.report(
                "the bytecode is wrong, or the machine that runs it: "
                "the operations that it is made of are right"
            )
        if self._report(program, judging) or not vm:
            return 1  # machine code that is wrong may never end, and a judge sees to that
        emu = self.outcome(lambda host: run_executable(host, self.vlen))
        if self._same("emu", emu):
            return self.expected.status
        if not self._judge_kernels(program, every=True):
            self.report(
                "the executable is wrong though the kernels are right: how it is linked or loaded, "
                "or its constants"
            )
        return 1

    def outcome(self, run: Callable[[Host], object]) -> Outcome:
        self.tally("of the program")
        return self.runs.outcome(run)

    def execute(
        self, module: Operation, observe: Observer | None = None, stage: str = ""
    ) -> Outcome:
        """Run a module of a stage, or on the way to it."""
        if stage in BUFFERISED:
            return self.outcome(lambda host: run_module(module, stage, host))
        return self.outcome(lambda host: Interpreter(module, host, observe).run())

    def execute_at_most(self, module: Operation, stage: str, most: int) -> Outcome | None:
        """The same up to so many iterations of kernels' loops; None where there are more."""
        if stage in BUFFERISED:
            return self.execute(module, stage=stage)
        spent = Spent(most)
        got = self.outcome(lambda host: Bounded(module, host, spent).run())
        return None if spent.left < 0 else got

    def _same(self, layer: str, got: Outcome) -> bool:
        same = agrees(got, self.expected)
        worst = largest_printed(got, self.expected)
        if not same:
            text = f"departs: {got}"
        else:
            text = "same" if worst is None else f"same but for {worst.difference.size:.1g}"
        self.report(f"{layer:<12} {text}")
        if not same and worst is not None and worst.difference.is_wrong:
            self.report(str(worst))
        return same

    # -- passes over the whole program

    def _blame_pass(self, stage: Stage) -> None:
        """Find the first pass of a stage after which the program does something else."""
        if not stage.passes:
            self.report("the front end departs, as it emits the IR")
            return
        position = STAGES.index(stage)
        module = lower(self.argv[0], STAGES[:position], limits=self.limits)
        before = Trace()
        self.execute(module, before)
        for name in stage.passes:
            given = module.clone() if self.narrow else module
            after = Trace()
            try:
                PassManager([name]).run(module)
                got = self.execute(module, after, stage.name)
            except (FleetError, RuntimeError) as error:
                got = _rejected(error)
            if not agrees(got, self.expected):
                self.report(f"the first pass that departs is {name}, of stage {stage.name}")
                departure = first_departure(before, after)
                if departure is not None:
                    self.report(departure)
                if self.narrow:
                    self._blame_rule(name, given, stage)
                return
            before = after

    def _blame_rule(self, name: str, module: Operation, stage: Stage) -> None:
        def is_right(after: Operation) -> bool:
            return agrees(self.execute(after, stage=stage.name), self.expected)

        application = first_wrong_application(name, module, is_right)
        if application is None:
            self.report(f"no rule of {name} is at fault: what it does besides is")
        else:
            self.report(placed(str(application), application.location))

    # -- kernels

    def _judge_kernels(self, program: Program | None = None, every: bool | None = None) -> bool:
        """Bring every kernel before the judges; whether one is wrong.

        every: all launches rather than some of each kernel; where nothing is said, if need be.
        """
        try:
            program = program or program_of(self.argv[0], self.limits)
        except FleetError:
            return False  # it is a pass that rejects the program
        if every is None:
            return self._judge_kernels(program, False) or self._judge_kernels(program, True)
        return self._report(program, self._judged(program, every)[1])

    def _judged(self, program: Program, every: bool) -> tuple[Outcome, _Judging]:
        """Run the bytecode, and bring launches before the judges meanwhile."""
        with tempfile.TemporaryDirectory(prefix="fleet-judges-") as folder:
            judge = Judge(self.vlen, self.tally, Path(folder))
            judging = _Judging(program, judge, self.kept, self.save, every)
            return self.outcome(lambda host: run_shown(program, host, judging)), judging

    def _report(self, program: Program, judging: _Judging) -> bool:
        """Say what the judges found; whether a kernel is wrong."""
        for line in judging.lines():
            self.report(line)
        finding = judging.finding
        if finding is None:
            return False
        self.report(finding.render())
        self.save(program.kernels[finding.kernel], finding.launch)
        return True

    def save(self, kernel: Kernel, launch: Launch) -> None:
        """Keep the arguments of a launch."""
        save_launch(self.saved, kernel, launch, self.vlen)
        self.report(
            f"the arguments of launch {launch.number} of kernel {kernel.name} are in {self.saved}: "
            f"run it again with `fleet replay {self.saved}`"
        )


def _rejected(error: FleetError | RuntimeError) -> Outcome:
    """What a pass did that raised an error, of its own or of the verifier's."""
    return Outcome("", 1, error.render() if isinstance(error, FleetError) else str(error))


class _Judging:
    """Judges the launches of a run, up to the first wrong one.

    Those of a kernel are numbered; the first and those of other sizes come before all judges, of
    the rest the second, fourth, eighth and so on before a few, or every one.

    kept, keep: the number of a launch to be kept, and who keeps it.
    worst: the layers' largest differences.
    """

    def __init__(
        self, program: Program, judge: Judge, kept: int | None,
        keep: Callable[[Kernel, Launch], None], every: bool,
    ) -> None:  # fmt: skip
        self.program = program
        self.judge = judge
        self.kept, self.keep = kept, keep
        self.every = every
        self.finding: Finding | None = None
        self.launches = 0
        self.worst: dict[str, Layer] = {}
        self.skipped: Counter[str] = Counter()
        self._seen: Counter[str] = Counter()
        self._judged: Counter[str] = Counter()
        self._sizes: set[tuple[str, tuple[int, ...]]] = set()

    def __call__(self, launch: Launch) -> None:
        kernel = self.program.kernels[launch.kernel]
        if launch.number == self.kept:
            self.keep(kernel, launch)
        wanted = self._judges(launch)
        if not wanted or self.finding is not None:
            return
        self.launches += 1
        self.finding, found = self.judge.judge(kernel, launch, wanted)
        for layer in found:
            if layer.skipped:
                self.skipped[layer.name] += 1
            elif layer.name not in self.worst or layer.exceeds(self.worst[layer.name]):
                self.worst[layer.name] = layer

    def _judges(self, launch: Launch) -> tuple[str, ...]:
        self._seen[launch.kernel] += 1
        count = self._seen[launch.kernel]
        key = launch.kernel, launch.sizes
        if key not in self._sizes and self._judged[launch.kernel] < MOST_JUDGED:
            self._sizes.add(key)
            self._judged[launch.kernel] += 1
            return ALL_JUDGES
        return FEW_JUDGES if self.every or count & count - 1 == 0 else ()

    def lines(self) -> list[str]:
        """A line for each layer."""
        total = self._seen.total()
        some = "" if self.launches == total else f"{self.launches:,} of "
        lines = [f"{some}{total:,} launches of {len(self._seen)} kernels, each alone:"]
        for name in dict.fromkeys((*self.worst, *self.skipped)):
            worst, skipped = self.worst.get(name), self.skipped[name]
            text = "not judged" if worst is None else str(worst)
            if skipped:
                text += f" ({skipped} not judged)"
            lines.append(f"  {name:<10} {text}")
        return lines


def compare_all(argv: Sequence[str], **options: Any) -> int:
    """Run a program on every executor; name the first layer, pass and operation that departs."""
    comparison = Comparison(argv, **options)
    print(comparison.expected.output, end="")
    return comparison.run()


def bisect(argv: Sequence[str], **options: Any) -> int:
    """The same, down to the rule of a pass, the register or the instruction; with what it took.
    What it finds is printed, and not what the program prints."""
    comparison = Comparison(argv, narrow=True, report=print, **options)
    status = comparison.run()
    print(comparison.tally)
    return status

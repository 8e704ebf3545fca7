"""All executors on one program: the first layer, stage, pass and operation that departs.

In: a program and its arguments. Out: a line for each executor, and what departs. The one idea: what
a pass leaves is run and compared with what it was given, the whole program first, then every kernel
alone and on its own arguments; so the first that departs holds the mistake.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from fleet.diagnostics import FleetError
from fleet.driver import lower
from fleet.executors import run_executable, run_tree
from fleet.host import Host
from fleet.ir.core import Operation
from fleet.ir.interpreter import Interpreter, Observer
from fleet.ir.passes import PassManager
from fleet.judges.files import save_launch
from fleet.judges.kernels import Launch
from fleet.judges.narrowing import Tally, first_wrong_application
from fleet.judges.outcomes import Outcome, Runs, agrees, largest_printed
from fleet.judges.programs import KERNEL_STAGES, Program, program_of, run_shown
from fleet.judges.verdict import LAYERS, MACHINES, Finding, Judge, Layer, placed
from fleet.limits import DEFAULT, Limits
from fleet.stages import EXECUTABLE_STAGES, STAGES, Stage
from fleet.trace import Trace, first_departure

ALL_JUDGES = (*LAYERS, *MACHINES)
FEW_JUDGES = ("vector", "native")
"""Layers that a kernel is run on when it has been before all judges with the same sizes."""
MOST_JUDGED, MOST_COMPARED = 4, 64
"""Launches of a kernel that come before all judges, and before those few."""


class Comparison:
    """One program's runs.

    Each is compared with what the syntax tree over NumPy did, which is what Python does. Raises
    FleetError where that rejects the program.

    saved: the file that the first wrong launch of a kernel goes to.
    narrow: whether to look for the rule in a pass that departs.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        vlen: int = 256,
        limits: Limits = DEFAULT,
        saved: Path | None = None,
        narrow: bool = False,
    ) -> None:
        self.argv = argv
        self.limits = limits
        self.vlen = vlen
        self.narrow = narrow
        self.saved = saved or Path(f"{Path(argv[0]).stem}-wrong.npz")
        self.tally = Tally()
        self.runs = Runs(argv, sys.stdin, limits)
        self.tally("of the program")
        self.expected = self.runs.accepted(run_tree)

    def run(self) -> int:
        """Run every executor until one departs; the exit status, which is 1 then."""
        print(self.expected.output, end="")
        _report(f"{'ast':<12} {self.expected}")
        module = lower(self.argv[0], (), limits=self.limits)
        for stage in STAGES[: len(EXECUTABLE_STAGES)]:
            try:
                PassManager(stage.passes).run(module)
                got = self.execute(module)
            except FleetError as error:
                got = Outcome("", 1, error.render())
            if not self._same(f"ir {stage.name}", got):
                if stage not in KERNEL_STAGES or not self._judge_kernels():
                    self._blame_pass(stage)
                return 1
        program = program_of(self.argv[0], self.limits)
        vm = self.outcome(lambda host: run_shown(program, host, lambda launch: None))
        emu = None
        if self._same("vm", vm):
            emu = self.outcome(lambda host: run_executable(host, self.vlen))
        same = emu is not None and self._same("emu", emu)
        if self._judge_kernels(program) or not same:
            return 1
        return self.expected.status

    def outcome(self, run) -> Outcome:  # noqa: ANN001 - a function of a host
        self.tally("of the program")
        return self.runs.outcome(run)

    def execute(self, module: Operation, observe: Observer | None = None) -> Outcome:
        """Run a module with the IR executor."""
        return self.outcome(lambda host: Interpreter(module, host, observe).run())

    def _same(self, layer: str, got: Outcome) -> bool:
        same = agrees(got, self.expected)
        worst = largest_printed(got, self.expected)
        if not same:
            text = f"departs: {got}"
        else:
            text = "same" if worst is None else f"same but for {worst.difference.size:.1g}"
        _report(f"{layer:<12} {text}")
        if not same and worst is not None and worst.difference.is_wrong:
            _report(str(worst))
        return same

    # -- passes over the whole program

    def _blame_pass(self, stage: Stage) -> None:
        """Find the first pass of a stage after which the program does something else."""
        if not stage.passes:
            _report("the front end departs, as it emits the IR")
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
                got = self.execute(module, after)
            except FleetError as error:
                got = Outcome("", 1, error.render())
            if not agrees(got, self.expected):
                _report(f"the first pass that departs is {name}, of stage {stage.name}")
                departure = first_departure(before, after)
                if departure is not None:
                    _report(departure)
                if self.narrow:
                    self._blame_rule(name, given)
                return
            before = after

    def _blame_rule(self, name: str, module: Operation) -> None:
        def is_right(after: Operation) -> bool:
            return agrees(self.execute(after), self.expected)

        application = first_wrong_application(name, module, is_right)
        if application is None:
            _report(f"no rule of {name} is at fault: what it does besides is")
        else:
            _report(placed(str(application), application.location))

    # -- kernels

    def _judge_kernels(self, program: Program | None = None) -> bool:
        """Bring every kernel before the judges; whether one is wrong."""
        try:
            program = program or program_of(self.argv[0], self.limits)
        except FleetError:
            return False  # it is a pass that rejects the program
        with tempfile.TemporaryDirectory(prefix="fleet-judges-") as folder:
            judging = _Judging(program, Judge(self.vlen, self.tally, Path(folder)))
            self.outcome(lambda host: run_shown(program, host, judging))
        for line in judging.lines():
            _report(line)
        finding = judging.finding
        if finding is None:
            return False
        _report(finding.render())
        kernel = program.kernels[finding.kernel]
        save_launch(self.saved, kernel, finding.launch, self.vlen)
        _report(f"its arguments are in {self.saved}: run it again with `fleet replay {self.saved}`")
        return True


class _Enough(FleetError):
    """A kernel is wrong: the run need not go on."""


class _Judging:
    """Judges the launches of a run, up to the first wrong one.

    worst: the layers' largest differences.
    """

    def __init__(self, program: Program, judge: Judge) -> None:
        self.program = program
        self.judge = judge
        self.finding: Finding | None = None
        self.launches = 0
        self.worst: dict[str, Layer] = {}
        self.skipped: Counter[str] = Counter()
        self._seen: Counter[str] = Counter()
        self._sizes: set[tuple[str, tuple[int, ...]]] = set()

    def __call__(self, launch: Launch) -> None:
        wanted = self._judges(launch)
        if not wanted:
            return
        self.launches += 1
        kernel = self.program.kernels[launch.kernel]
        self.finding, found = self.judge.judge(kernel, launch, wanted)
        for layer in found:
            if layer.skipped:
                self.skipped[layer.name] += 1
            elif layer.name not in self.worst or layer.exceeds(self.worst[layer.name]):
                self.worst[layer.name] = layer
        if self.finding is not None:
            raise _Enough("a kernel is wrong")

    def _judges(self, launch: Launch) -> tuple[str, ...]:
        self._seen[launch.kernel] += 1
        count = self._seen[launch.kernel]
        if count > MOST_COMPARED:
            return ()
        key = launch.kernel, launch.sizes
        if key in self._sizes or count > MOST_JUDGED:
            return FEW_JUDGES
        self._sizes.add(key)
        return ALL_JUDGES

    def lines(self) -> list[str]:
        """A line for each layer."""
        lines = [f"{self.launches} launches of {len(self._seen)} kernels, each alone:"]
        for name in dict.fromkeys((*self.worst, *self.skipped)):
            worst, skipped = self.worst.get(name), self.skipped[name]
            text = "not judged" if worst is None else str(worst)
            if skipped:
                text += f" ({skipped} not judged)"
            lines.append(f"  {name:<10} {text}")
        return lines


def compare_all(
    argv: Sequence[str],
    *,
    vlen: int = 256,
    limits: Limits = DEFAULT,
    saved: Path | None = None,
) -> int:
    """Run a program on every executor; name the first layer, pass and operation that departs."""
    return Comparison(argv, vlen=vlen, limits=limits, saved=saved).run()


def bisect(
    argv: Sequence[str], *, vlen: int = 256, limits: Limits = DEFAULT, saved: Path | None = None
) -> int:
    """The same, down to the rule of a pass, the register or the instruction; with what it took."""
    comparison = Comparison(argv, vlen=vlen, limits=limits, saved=saved, narrow=True)
    status = comparison.run()
    _report(str(comparison.tally))
    return status


def _report(text: str) -> None:
    print(text, file=sys.stderr)

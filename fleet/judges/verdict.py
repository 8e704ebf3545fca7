"""One launch of a kernel before all judges: the first layer that departs, and what made it depart.

In: a kernel's forms and a launch. Out: a finding, or none. The one idea: every layer runs the same
launch and is compared with the first, so errors do not add up from kernel to kernel; and of machine
code it is known whose mistake it is, for three machines and a decoder that know nothing of one
another run and read the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fleet.diagnostics import FleetError, Location
from fleet.ir.core import Operation
from fleet.judges import decoder, layers, lockstep, machine_code
from fleet.judges.cost import MOST_ITERATIONS, MOST_OPERATIONS, iterations, operations
from fleet.judges.instructions import MOST_STEPS
from fleet.judges.kernels import (
    TENSORS,
    Kernel,
    Launch,
    buffers_of,
    module_of,
    pass_of,
    private_buffers,
)
from fleet.judges.narrowing import Tally, first_wrong_application
from fleet.judges.numbers import Difference, largest
from fleet.judges.programs import KERNEL_STAGES
from fleet.stages import STAGES

LAYERS = {
    stage.name: stage.passes[-1]
    for stage in STAGES
    if stage.name in ("loops", "vector", "rv", "allocated")
}
"""Layers of a kernel, beside tensors and machine code, and the pass that ends each."""
MACHINES = ("qemu", "native", "reference")
"""Those that run machine code; qemu, which can be stopped, is the first."""
MOST_BYTES = 64 << 20
"""Buffers up to which a kernel becomes an executable of its own."""

Outputs = list[np.ndarray]


@dataclass
class Finding:
    """A kernel that is wrong: on which layer, by how much, for which launch, and why.

    culprit: what made it wrong (pass, rule, instruction), one line each, and where in the source.
    """

    kernel: str
    layer: str
    launch: Launch
    problem: str
    location: Location
    culprit: list[str] = field(default_factory=list)

    def render(self) -> str:
        head = f"kernel {self.kernel}, launch {self.launch.number}, departs on {self.layer}"
        error = FleetError(f"{head}: {self.problem}", self.location)
        return "\n".join([error.render(), *self.culprit])


@dataclass
class Layer:
    """How one layer did: the largest difference, or why it has not been judged."""

    name: str
    difference: Difference | None = None
    failure: str = ""
    skipped: str = ""

    @property
    def is_wrong(self) -> bool:
        return bool(self.failure) or (self.difference is not None and self.difference.is_wrong)

    def exceeds(self, other: Layer) -> bool:
        """Whether it differs more than another."""
        if self.is_wrong or other.is_wrong or self.difference is None:
            return self.is_wrong and not other.is_wrong
        return other.difference is None or self.difference.size > other.difference.size

    def __str__(self) -> str:
        if self.skipped:
            return f"not judged: {self.skipped}"
        if self.failure or self.is_wrong:
            return f"departs: {self.failure or self.difference}"
        if self.difference is None:
            return "same"
        return f"same but for {self.difference.size:.1g}"


class Judge:
    """Judges one launch of a kernel at a time.

    tally: counts executions. folder: for executables.
    """

    def __init__(self, vlen: int, tally: Tally, folder: Path) -> None:
        self.vlen = vlen
        self.tally = tally
        self.images = machine_code.Images(folder)
        self._decoded: dict[Operation, str] = {}
        """What objdump misreads of each kernel's code, which is the same in every launch."""

    # -- layers

    def expected(self, kernel: Kernel, launch: Launch) -> Outputs:
        """What the kernel means."""
        return self._run(kernel, kernel.forms[TENSORS], launch)

    def results(self, kernel: Kernel, launch: Launch, layer: str) -> Outputs:
        """The kernel's results on one layer; of tensors, what it means."""
        if layer in MACHINES:
            if layer == "qemu" and (why := machine_code.why_not_qemu(self.vlen)):
                raise FleetError(why)
            most = machine_code.MOST_INSTRUCTIONS
            return self._on(self.image(kernel, launch), layer, kernel, most)
        return self._run(kernel, kernel.forms[LAYERS.get(layer, layer)], launch)

    def layers(
        self, kernel: Kernel, launch: Launch, expected: Outputs, wanted: tuple[str, ...]
    ) -> Iterator[Layer]:
        """Each layer's outcome, in the order of the layers."""
        wrong = False
        for name in LAYERS:
            if name in wanted:
                layer = self._layer(kernel, name, launch, expected)
                wrong = wrong or layer.is_wrong
                yield layer
        machines = [name for name in MACHINES if name in wanted]
        if machines:
            yield from self._machines(kernel, launch, expected, machines, wrong)

    def _layer(self, kernel: Kernel, name: str, launch: Launch, expected: Outputs) -> Layer:
        form = kernel.forms[LAYERS[name]]
        why = self._too_much(kernel, name, launch)
        if why:
            return Layer(name, skipped=why)
        return self._outcome(name, lambda: self._run(kernel, form, launch), expected, kernel)

    def _too_much(self, kernel: Kernel, name: str, launch: Launch) -> str:
        if name in ("rv", "allocated"):
            count = operations(layers.last_loops(kernel), launch, self.vlen)
            return f"about {count:,} instructions" if count > MOST_OPERATIONS else ""
        count = iterations(kernel.forms[LAYERS[name]], launch, self.vlen)
        return f"about {count:,} iterations" if count > MOST_ITERATIONS else ""

    def _machines(
        self, kernel: Kernel, launch: Launch, expected: Outputs, machines: list[str],
        is_suspect: bool,
    ) -> Iterator[Layer]:  # fmt: skip
        """is_suspect: the code may be wrong, and then may never end."""
        size = sum(array.nbytes for array in launch.arrays)
        if size > MOST_BYTES:
            for name in machines:
                yield Layer(name, skipped=f"buffers of {size:,} bytes")
            return
        try:
            image = self.image(kernel, launch)
        except FleetError as error:  # it is no code
            yield Layer("assembler", failure=getattr(error, "errors", [error])[0].message)
            return
        most = machine_code.MOST_INSTRUCTIONS
        without_qemu = machine_code.why_not_qemu(self.vlen)
        is_wrong = is_suspect and bool(without_qemu)
        for name in machines:
            if name == "qemu" and without_qemu:
                yield Layer(name, skipped=without_qemu)
                continue
            if is_wrong:
                yield Layer(name, skipped="the code is wrong")
                continue
            outcome = self._outcome(
                name, lambda n=name, limit=most: self._on(image, n, kernel, limit), expected, kernel
            )
            if name == "qemu":
                most = None if not outcome.failure else most
                is_wrong = is_suspect and outcome.is_wrong
            yield outcome
        if decoder.objdump() is None:
            yield Layer("objdump", skipped=f"{decoder.OBJDUMP} is not installed")
            return
        form = kernel.forms[LAYERS["allocated"]]
        if form not in self._decoded:
            self._decoded[form] = str(next(decoder.misreadings(image), ""))
        yield Layer("objdump", failure=self._decoded[form])

    def image(self, kernel: Kernel, launch: Launch) -> machine_code.Image:
        buffers = buffers_of(layers.last_loops(kernel), launch)
        return self.images.of(kernel.forms[LAYERS["allocated"]], buffers)

    def _on(
        self, image: machine_code.Image, name: str, kernel: Kernel, most: int | None
    ) -> Outputs:
        self.tally(f"of a kernel's machine code on {name}")
        if name == "qemu":
            arrays = machine_code.on_qemu(image, self.vlen)
        else:
            arrays = machine_code.on_emulator(image, self.vlen, name, most)
        return self._outputs(arrays, kernel)

    @staticmethod
    def _outputs(arrays: Outputs, kernel: Kernel) -> Outputs:
        """Of all its buffers, the kernel's results."""
        count = len(arrays) - private_buffers(layers.last_loops(kernel))
        return arrays[count - kernel.outputs : count]

    def _run(self, kernel: Kernel, form: Operation, launch: Launch) -> Outputs:
        self.tally("of a kernel as IR")
        return layers.execute(kernel, form, launch, self.vlen)

    @staticmethod
    def _outcome(
        name: str, run: Callable[[], Outputs], expected: Outputs, kernel: Kernel
    ) -> Layer:
        try:
            return Layer(name, largest(run(), expected, kernel.narrowest))
        except TimeoutError:
            return Layer(name, failure=f"more than {MOST_STEPS:,} instructions")
        except FleetError as error:
            return Layer(name, failure=error.message)
        except (ArithmeticError, IndexError, ValueError, TypeError) as error:
            return Layer(name, failure=f"{type(error).__name__}: {error}")

    # -- findings

    def judge(
        self, kernel: Kernel, launch: Launch, wanted: tuple[str, ...] = (*LAYERS, *MACHINES)
    ) -> tuple[Finding | None, list[Layer]]:
        """The first wrong layer of a launch, with what made it wrong, and how all layers did."""
        expected = self.expected(kernel, launch)
        found = list(self.layers(kernel, launch, expected, wanted))
        wrong = [layer for layer in found if layer.is_wrong]
        if not wrong:
            return None, found
        first = wrong[0]
        finding = Finding(
            kernel.name, first.name, launch, first.failure or str(first.difference),
            kernel.location,
        )  # fmt: skip
        states = {layer.name: layer for layer in found}
        self._blame(finding, kernel, launch, expected, states)
        return finding, found

    def _blame(
        self, finding: Finding, kernel: Kernel, launch: Launch, expected: Outputs,
        states: dict[str, Layer],
    ) -> None:  # fmt: skip
        wrong = {name for name, layer in states.items() if layer.is_wrong}
        if wrong & {"loops", "vector"}:
            self._blame_pass(finding, kernel, launch, expected)
        elif "objdump" in wrong:
            self._blame_encoding(finding, kernel, launch)
        elif self._is_right(states, "qemu") or len(wrong & {"native", "reference"}) == 1:
            self._blame_machine(finding, kernel, launch, expected, wrong)
        else:
            self._blame_pass(finding, kernel, launch, expected)

    @staticmethod
    def _is_right(states: dict[str, Layer], name: str) -> bool:
        layer = states.get(name)
        return layer is not None and not layer.skipped and not layer.is_wrong

    def _blame_pass(
        self, finding: Finding, kernel: Kernel, launch: Launch, expected: Outputs
    ) -> None:
        """The first pass after which the kernel does something else, and in it the rule."""
        for name, form in kernel.forms.items():
            if name == TENSORS:
                continue
            outcome = self._outcome(
                name, lambda f=form: self._run(kernel, f, launch), expected, kernel
            )
            if outcome.is_wrong:
                finding.problem = outcome.failure or str(outcome.difference)
                stage = next(s.name for s in KERNEL_STAGES if pass_of(name) in s.passes)
                finding.culprit.append(f"the first pass that departs is {name}, of stage {stage}")
                self._blame_rule(finding, name, kernel, launch, expected)
                return
        finding.culprit.append("every pass is right: what follows them is not")
        self._blame_encoding(finding, kernel, launch)

    def _blame_rule(
        self, finding: Finding, name: str, kernel: Kernel, launch: Launch, expected: Outputs
    ) -> None:
        form = kernel.forms[kernel.before(name)]
        if name == LAYERS["allocated"]:
            self._blame_register(finding, form, kernel, launch)
            return

        def is_right(module: Operation) -> bool:
            function = module.body.first
            outcome = self._outcome(
                name, lambda: self._run(kernel, function, launch), expected, kernel
            )
            return not outcome.is_wrong

        application = first_wrong_application(
            pass_of(name), module_of(form, kernel.callees), is_right
        )
        if application is not None:
            finding.culprit.append(placed(str(application), application.location))

    def _blame_register(
        self, finding: Finding, form: Operation, kernel: Kernel, launch: Launch
    ) -> None:
        buffers = buffers_of(layers.last_loops(kernel), launch)
        count = len(buffers.arrays) + len(buffers.scratch)
        pointers = [(1 << 32) + (n << 28) for n in range(count)]
        self.tally("of a kernel's instructions, twice")
        misread = lockstep.first_misread(form, [*pointers, *buffers.sizes])
        if misread is not None:
            finding.culprit.append(placed(str(misread), misread.operation.location))

    def _blame_encoding(self, finding: Finding, kernel: Kernel, launch: Launch) -> None:
        image = self.image(kernel, launch)
        for misread in decoder.misreadings(image) if decoder.objdump() else ():
            finding.culprit.append(f"the encoding is wrong: {misread}")
            return

    def _blame_machine(
        self, finding: Finding, kernel: Kernel, launch: Launch, expected: Outputs, wrong: set[str]
    ) -> None:
        """The code is right: which instruction our emulator executes wrongly."""
        image = self.image(kernel, launch)
        found, executor = None, "reference" if "reference" in wrong else "native"
        finding.layer = executor
        if "reference" in wrong and not machine_code.why_not_qemu(self.vlen):
            self.tally("of a kernel's machine code, step by step")
            parting = lockstep.part(image, self.vlen)
            found = None if parting is None else (str(parting), parting.line)
        elif executor == "native":

            def is_right(arrays: Outputs) -> bool:
                self.tally("of a kernel's machine code on native, in part")
                outcome = largest(self._outputs(arrays, kernel), expected, kernel.narrowest)
                return outcome is None or not outcome.is_wrong

            native = lockstep.first_wrong_native(image, self.vlen, is_right)
            found = None if native is None else (f"it executes `{native[0]}` wrongly", native[1])
        if found is None:
            finding.culprit.append(f"the code is right: the {executor} executor is wrong")
            return
        text, where = found
        file, _, line = where.rpartition(":")
        place = Location(file, int(line)) if line.isdecimal() else finding.location
        finding.culprit.append(placed(f"the {executor} executor is wrong: {text}", place))


def placed(text: str, location: Location) -> str:
    """A line of a finding with its place in the source."""
    return FleetError(text, location).render().replace("error: ", "", 1)

"""Host services for the bytecode machine: between registers and the host's values.

In: a service's description and registers; a tensor is a pointer and its dynamic dimensions. Out:
registers again; a tensor that a service gives lies in a fresh buffer of the arena.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fleet.diagnostics import FleetError
from fleet.host import Host, call_service
from fleet.vm.transfer import Register, TensorForm, Transfer


class Services:
    """The services of one program, called by number."""

    def __init__(
        self, descriptions: Sequence[dict[str, Any]], transfer: Transfer, host: Host
    ) -> None:
        self.transfer = transfer
        self.host = host
        self.described = [Service(description) for description in descriptions]
        self.asks = any(service.name == "asks" for service in self.described)
        """Whether an operation may wait for an answer of the program's: see `objects.asking`."""

    def call(self, number: int, registers: Sequence[Register]) -> list[Register]:
        """Perform a service; arguments and results as registers."""
        service = self.described[number]
        if len(registers) != service.registers:
            raise FleetError(
                f"host service {service.name!r} is given {len(registers)} registers "
                f"and takes {service.registers}"
            )
        given = iter(registers)
        operands = [self.transfer.read(form, given) for form in service.operands]
        results = call_service(
            self.host, service.name, operands, service.kinds, service.result_kinds,
            service.options,
        )  # fmt: skip
        flat: list[Register] = []
        for form, value in zip(service.results, results, strict=True):
            flat += self.transfer.write(form, value)
        return flat


class Service:
    """One description, its types read; `registers` is how many it takes."""

    def __init__(self, description: dict[str, Any]) -> None:
        try:
            self.name = str(description["name"])
            self.kinds = [str(kind) for kind in description["kinds"]]
            self.result_kinds = [str(kind) for kind in description["result_kinds"]]
            self.options = dict(description["options"])
            self.operands = [TensorForm.parse(type) for type in description["types"]]
            self.results = [TensorForm.parse(type) for type in description["result_types"]]
        except (TypeError, ValueError, AttributeError) as error:
            raise FleetError(f"the bytecode has a malformed host service: {error}") from error
        taken = len(self.kinds) - self.kinds.count("none")
        if (taken, len(self.result_kinds)) != (len(self.operands), len(self.results)):
            raise FleetError(f"the bytecode has a malformed host service: {self.name}")
        self.registers = sum(
            1 if form is None else 1 + form.shape.count(None) for form in self.operands
        )

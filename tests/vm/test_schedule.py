"""Bufferisation judged by execution: the schedule on tensors against its bytecode."""

from __future__ import annotations

import io

import pytest
from schedules import Generator

from fleet.host import Host
from fleet.ir.analysis.verifier import verify
from fleet.ir.interpreter import Interpreter
from fleet.ir.rewriting.passes import PassManager
from fleet.vm import lower  # noqa: F401 - registers the pass
from fleet.vm.bytecode import decode, validate
from fleet.vm.emit import emit_bytecode
from fleet.vm.listing import parse_listing, print_listing
from fleet.vm.loop_device import LoopDevice
from fleet.vm.machine import Machine


@pytest.mark.parametrize("seed", range(60))
def test_a_random_schedule_prints_the_same_and_frees_what_it_allocates(seed: int) -> None:
    module = Generator(seed).build()
    verify(module)
    expected = io.StringIO()
    Interpreter(module, Host(stdout=expected)).run()

    PassManager(["schedule-to-vm"]).run(module)
    program, arrays = emit_bytecode(module)
    validate(program)
    program = parse_listing(print_listing(program))
    device = LoopDevice(module)
    program.link(device.addresses(arrays))
    got = io.StringIO()
    machine = Machine(decode(program.encode()), device, Host(stdout=got), memory=1 << 20)
    machine.run()
    assert got.getvalue() == expected.getvalue()
    assert machine.arena.live == {}, "every buffer is freed exactly once"

"""IR that nests as deeply as programs do goes through everything, at a cost linear in its size."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from deep_ir import elif_chain, nested_loops
from work import calls

from fleet import driver
from fleet.host import Host
from fleet.ir.analysis.verifier import verify
from fleet.ir.core import Operation
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import WIDEST, print_op
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.structure import same_structure
from fleet.vm.bytecode import decode
from fleet.vm.listing import print_listing
from fleet.vm.loop_device import LoopDevice
from fleet.vm.machine import Machine

DEEP = {
    "if with effects": lambda depth: elif_chain(depth),
    "if without effects": lambda depth: elif_chain(depth, effects=False),
    "for": lambda depth: nested_loops(depth, "for"),
    "while": lambda depth: nested_loops(depth, "while"),
}


def printed(run: Callable[[Host], None]) -> str:
    host = Host(["program"], stdout=io.StringIO(), stderr=io.StringIO())
    run(host)
    return host.stdout.getvalue()


def interpreted(module: Operation) -> str:
    return printed(lambda host: Interpreter(module, host).run())


@pytest.mark.parametrize(
    ("kind", "depth"),
    [("if with effects", 400), ("if without effects", 400), ("for", 30), ("while", 30)],
)
def test_every_stage_takes_deep_nesting(kind: str, depth: int) -> None:
    module = parse_module(DEEP[kind](depth))
    expected = interpreted(module)
    assert expected.strip()
    for stage in driver.STAGES:
        PassManager(stage.passes, check=False).run(module)
        verify(module)
        assert same_structure(module.clone(), module), stage.name
        if stage.name in ("shapes", "fused", "vector"):
            assert interpreted(module) == expected, stage.name
        if stage.name in ("numpy", "vector", "allocated"):
            text = print_op(module, generic=stage.name == "numpy")
            assert print_op(parse_module(text), generic=stage.name == "numpy") == text
    bytecode, _ = driver.emit_bytecode(module)
    assert "launch" in print_listing(bytecode)
    driver.assembly_text(module)


@pytest.mark.parametrize(
    ("kind", "depth"), [("if with effects", 600), ("for", 30), ("while", 30)]
)
def test_deep_nesting_runs_as_bytecode(kind: str, depth: int) -> None:
    module = parse_module(DEEP[kind](depth))
    expected = interpreted(module)
    for stage in driver.until("vm"):
        PassManager(stage.passes, check=False).run(module)
    bytecode, arrays = driver.emit_bytecode(module)
    device = LoopDevice(module)
    bytecode.link(device.addresses(arrays))
    again = decode(bytecode.encode())
    assert printed(lambda host: Machine(again, device, host).run()) == expected


def test_deep_text_is_not_indented_for_ever() -> None:
    lines = print_op(parse_module(elif_chain(600))).splitlines()
    assert max(len(line) - len(line.lstrip()) for line in lines) == WIDEST


@pytest.mark.parametrize("kind", ["if with effects", "if without effects"])
def test_twice_the_depth_is_twice_the_work(kind: str) -> None:
    """In every pass, the verifier and the parser."""
    small, large = (parse_module(DEEP[kind](depth)) for depth in (40, 80))
    for stage in driver.STAGES:
        for name in stage.passes:
            passes = PassManager([name], check=False)
            before, after = calls(passes.run, small), calls(passes.run, large)
            assert after < 2.2 * before + 3000, (stage.name, name)
        before, after = (calls(parse_module, print_op(module)) for module in (small, large))
        assert after < 2.2 * before, stage.name

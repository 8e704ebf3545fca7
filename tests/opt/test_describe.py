"""`fleet opt --describe`: every declaration has an example that parses, verifies and reads back."""

from __future__ import annotations

import random
import re
import subprocess

import pytest

import fleet.driver
from fleet.asm.isa.table import encodings
from fleet.diagnostics import FleetError
from fleet.ir.definition import DIALECTS, definition_of
from fleet.ir.parsing.parser import Parser, parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PASSES
from fleet.ir.structure import same_structure
from fleet.opt.describe import describe, operation_names, overview, summary_of
from fleet.opt.examples import example_of

assert fleet.driver  # registers all dialects and passes

DECLARED = list(DIALECTS)
UPSTREAM = ("arith", "math", "scf", "cf", "tensor", "tosa", "linalg", "func", "builtin")


def names_of(dialect: str) -> list[str]:
    own = [name for name in operation_names() if name.startswith(f"{dialect}.")]
    return [*own, *(f"rv.{mnemonic}" for mnemonic in encodings())] if dialect == "rv" else own


@pytest.mark.parametrize("dialect", DECLARED)
def test_every_operation_has_an_example_that_reads_back(dialect: str) -> None:
    names = names_of(dialect)
    assert names
    for name in names:
        definition = definition_of(name)
        module = parse_module(example_of(definition), f"example of {name}")
        assert any(operation.definition is definition for operation in module.walk()), name
        for generic in (False, True):
            text = print_op(module, generic=generic)
            again = parse_module(text, f"example of {name}")
            assert print_op(again, generic=generic) == text
            assert same_structure(again, module)


@pytest.mark.parametrize("dialect", DECLARED)
def test_a_description_says_all_that_the_declaration_does(dialect: str) -> None:
    names = names_of(dialect)
    for name in random.Random(dialect).sample(names, min(len(names), 40)):
        definition, text = definition_of(name), describe(name)
        assert text.startswith(f"{name}\n") and example_of(definition).split("\n")[0] in text
        for slot in (*definition.operands, *definition.results):
            assert f"\n  {slot.name}: {slot.constraint}" in text
        for word in (*definition.attributes, *definition.traits):
            assert f"\n  {word}" in text
        assert definition.format is None or f"\n  {definition.format}\n" in text


@pytest.mark.parametrize("dialect", UPSTREAM)
def test_mlir_accepts_the_examples_of_its_dialects(dialect: str, tool) -> None:  # noqa: ANN001
    examples = [example_of(definition_of(name)) for name in names_of(dialect)]
    done = subprocess.run(
        [tool("mlir-opt-19", "mlir-opt"), "--split-input-file"],
        input="// -----\n".join(examples), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[:1500]


def test_operations_of_upstream_names_have_summaries_of_their_own() -> None:
    described = {name: summary_of(definition_of(name)) for name in operation_names()}
    assert all(text.strip() for text in described.values())
    assert described["arith.addf"] == "The sum of two floats."
    assert "with one rounding" in described["math.fma"], "the string below its declaration"


def test_the_overview_names_everything() -> None:
    text = overview()
    words = text.split()
    for name in operation_names():
        assert name.partition(".")[2] in words
    for name in (*PASSES, *DIALECTS):
        assert name in words or f"{name}:" in words


@pytest.mark.parametrize("name", [*PASSES, *DIALECTS])
def test_passes_and_dialects_are_described(name: str) -> None:
    text = describe(name)
    assert name in text.split("\n")[0] and len(text.split("\n")) > 3


@pytest.mark.parametrize(
    "name", ["i32", "index", "f64", "tensor", "tensor<?x4xf32>", "vector", "memref", "!rv.v<m4>",
             "(f32) -> f32", "none", "float", "dialect"],
)  # fmt: skip
def test_types_are_described_with_an_example(name: str) -> None:
    text = describe(name)
    spelled = re.search(r"^type (.*)$", text, re.MULTILINE)[1]
    assert str(Parser(spelled).type()) == spelled
    (declared,) = parse_module(text.split("example\n")[-1])
    assert str(declared.get("function_type").inputs[0]) == spelled


def test_a_name_that_nothing_has_is_guessed() -> None:
    with pytest.raises(FleetError, match="did you mean 'arith.addf'"):
        describe("arith.adf")
    with pytest.raises(FleetError, match="no operation, dialect, pass or type"):
        describe("tensor<4xf32> ?")

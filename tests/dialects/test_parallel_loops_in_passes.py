"""`scf.parallel` and `scf.forall` in passes: their results are made out of what all runs give, so
no pass may take a run's value, or what they start from, for a result."""

from __future__ import annotations

import random

import numpy as np
import pytest

import fleet.passes  # noqa: F401 - registers the passes
from fleet.dialects.scf.parallel_loops import forall, parallel
from fleet.ir.core import Operation
from fleet.ir.flow import RegionBranch, flow_of
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.rewriting.passes import PassManager
from fleet.passes.shapes.dims import Dims

PIPELINES = (
    "canonicalize", "cse", "dce", "infer-shapes", "carry-scalars", "outline",
    "infer-shapes,canonicalize,cse,dce,infer-shapes,outline,inline,canonicalize,cse,dce",
)  # fmt: skip


def program(seed: int) -> str:
    """Reductions of several values at once, and parts of two tensors written; some of what they
    give is used, and the tensors' size is known on one side only."""
    rng = random.Random(seed)
    how = [rng.choice(("addi", "muli", "maxsi")) for _ in range(3)]
    used = [rng.choice(("%s#0", "%s#1", "%s#2")) for _ in range(2)]
    step = rng.randint(1, 3)
    term = [rng.choice(("%i", "%w", "%k", "%n")) for _ in range(3)]
    regions = ", ".join(
        f"{{\n^bb0(%a{n}: index, %b{n}: index):\n%t{n} = arith.{name} %a{n}, %b{n} : index\n"
        f"scf.reduce.return %t{n} : index\n}}"
        for n, name in enumerate(how)
    )
    which = rng.choice(("%r#0", "%r#1"))
    same = rng.choice(("%q", "%p"))
    return f"""
    func.func private @f(%n: index, %m: index, %x: tensor<?xindex>, %y: tensor<6xindex>)
        -> (index, index, tensor<?xindex>, index, index) {{
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %step = arith.constant {step} : index
      %k = arith.addi %n, %m : index
      %s:3 = scf.parallel (%i) = (%c0) to (%n) step (%step) init (%c1, %k, %c1)
          -> (index, index, index) {{
        %v = tensor.extract %x[%i] : tensor<?xindex>
        %w = arith.addi %v, %i : index
        scf.reduce({", ".join(term)} : index, index, index) {regions}
      }}
      %p = tensor.empty(%n) : tensor<?xindex>
      %q = linalg.fill ins(%c1 : index) outs(%p : tensor<?xindex>) -> tensor<?xindex>
      %z = linalg.fill ins(%c0 : index) outs({same} : tensor<?xindex>) -> tensor<?xindex>
      %r:2 = scf.forall (%i) in (%n) shared_outs(%o = %z, %l = %x)
          -> (tensor<?xindex>, tensor<?xindex>) {{
        %v = tensor.extract %x[%i] : tensor<?xindex>
        %w = arith.addi %v, %s#{rng.randint(0, 2)} : index
        %one = tensor.from_elements %w : tensor<1xindex>
        %two = tensor.from_elements %i : tensor<1xindex>
        scf.forall.in_parallel {{
          tensor.parallel_insert_slice %one into %o[%i] [1] [1]
            : tensor<1xindex> into tensor<?xindex>
          tensor.parallel_insert_slice %two into %l[%i] [1] [1]
            : tensor<1xindex> into tensor<?xindex>
        }}
      }}
      %size = tensor.dim {which}, %c0 : tensor<?xindex>
      %first = tensor.extract {which}[%c0] : tensor<?xindex>
      return {used[0]}, {used[1]}, {which}, %size, %first
        : index, index, tensor<?xindex>, index, index
    }}
    func.func @main(%n: index, %m: index, %x: tensor<?xindex>, %y: tensor<6xindex>)
        -> (index, index, tensor<?xindex>, index, index) {{
      %a:5 = func.call @f(%n, %m, %x, %y)
        : (index, index, tensor<?xindex>, tensor<6xindex>)
        -> (index, index, tensor<?xindex>, index, index)
      return %a#0, %a#1, %a#2, %a#3, %a#4 : index, index, tensor<?xindex>, index, index
    }}"""


def run(module: Operation) -> list:
    x = np.array([5, -2, 7, 3, 1, 4, 9], np.int64)
    return Interpreter(module).run("main", [7, 3, x, np.arange(6)])


@pytest.mark.parametrize("seed", range(8))
def test_passes_keep_what_they_compute(seed: int) -> None:
    text = program(seed)
    expected = run(parse_module(text))
    for pipeline in PIPELINES:
        got = run(PassManager(pipeline).run(parse_module(text)))
        assert all(map(np.array_equal, expected, got)), pipeline


def test_nothing_flows_through_them() -> None:
    module = parse_module(program(0))
    loops = [op for op in module.walk() if op.definition in (parallel, forall)]
    assert len(loops) == 2
    for op in loops:
        branch = RegionBranch.of(op)
        assert list(branch.flows(op)) == [] and branch.is_asked(0)
        assert all(flow_of(value) is None for value in (*op.results, *op.body.arguments))


def test_a_reduction_is_not_the_size_it_starts_from_and_a_written_tensor_has_its_size() -> None:
    module = parse_module(program(0))
    dims = Dims(module)
    sums, written = (op for op in module.walk() if op.definition in (parallel, forall))
    inits = sums.named("inits")
    for init, result in zip(inits, sums.results, strict=True):
        assert dims.size(result) != dims.size(init)
    for output, result in zip(written.named("outputs"), written.results, strict=True):
        assert dims.shape(result) == dims.shape(output)
    terms = sums.body.terminator.operands
    assert not {dims.size(r) for r in sums.results} & {dims.size(term) for term in terms}


def test_a_tensor_that_they_write_keeps_its_type_when_more_becomes_known_of_it() -> None:
    text = """
    func.func @main(%n: index, %x: tensor<4xf32>) -> tensor<?xf32> {
      %c4 = arith.constant 4 : index
      %e = tensor.empty(%c4) : tensor<?xf32>
      %r = scf.forall (%i) in (%n) shared_outs(%o = %e) -> (tensor<?xf32>) {
        %v = tensor.extract %x[%i] : tensor<4xf32>
        %one = tensor.from_elements %v : tensor<1xf32>
        scf.forall.in_parallel {
          tensor.parallel_insert_slice %one into %o[%i] [1] [1]
            : tensor<1xf32> into tensor<?xf32>
        }
      }
      return %r : tensor<?xf32>
    }"""
    x = np.arange(4, dtype=np.float32)
    module = PassManager("infer-shapes,canonicalize").run(parse_module(text))
    (got,) = Interpreter(module).run("main", [4, x])
    assert np.array_equal(got, x)

"""`loop.lookup`: text, rejections, and the tables, whose rules give exact numbers."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest

from fleet.diagnostics import FleetError
from fleet.dialects.loop import tables
from fleet.dialects.loop.execution import compile_kernel
from fleet.ir.analysis.verifier import verify
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op

KERNEL = """
func.func private @k(%places: memref<?xi64>, %out: memref<?xf64>, %n: index)
    attributes {kernel} {
  %p = loop.buffer %places[%n] : memref<?xi64>
  %o = loop.buffer %out[%n] : memref<?xf64>
  %c0 = arith.constant 0 : index
  loop.for %i = %c0 to %n {
    %place = loop.load %p[%i] : memref<?xi64> -> i64
    %found = loop.lookup log.rest[%place] : i64 -> f64
    loop.store %found, %o[%i] : f64, memref<?xf64>
  }
  func.return
}
"""


def test_text_reads_back_and_finds_what_the_table_has() -> None:
    module = parse_module(KERNEL)
    verify(module)
    text = print_op(module)
    assert "loop.lookup log.rest[%place] : i64 -> f64" in text
    assert print_op(parse_module(text)) == text
    places = np.random.default_rng(3).integers(0, tables.SIZE, 50)
    out = np.empty(50)
    compile_kernel(next(iter(module.body)))(places, out, 50)
    np.testing.assert_array_equal(out, tables.table("log.rest")[places])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("log.rest", "sin", "no table"),
        ("log.rest", "exp2", "holds i64"),
        ("%place = loop.load %p[%i] : memref<?xi64> -> i64", "%place = arith.constant 3 : i32",
         "subscripted by i64"),
    ],
)  # fmt: skip
def test_wrong_lookups_are_refused(old: str, new: str, message: str) -> None:
    text = KERNEL.replace(old, new)
    text = text.replace("[%place] : i64", "[%place] : i32") if "i32" in new else text
    with pytest.raises(FleetError, match=message):
        verify(parse_module(text))


def test_powers_and_logarithms_are_what_their_rests_complete() -> None:
    """Both parts together are good to 100 bits."""
    with localcontext() as context:
        context.prec = 60
        for place in range(tables.SIZE):
            bits = int(tables.table("exp2")[place]) + (place << 45)
            near = Decimal(float(np.int64(bits).view(np.float64)))
            power = near * (1 + Decimal(float(tables.table("exp2.rest")[place])))
            exact = Decimal(2) ** (Decimal(place) / tables.SIZE)
            assert abs(power / exact - 1) < Decimal(2) ** -100
            parts = [Decimal(float(tables.table(name)[place])) for name in ("log", "log.rest")]
            inverse = Decimal(float(tables.table("log.inverse")[place]))
            assert abs(sum(parts) + inverse.ln()) < Decimal(2) ** -95

"""`strip-warnings`: forget what NumPy calls an operation when it warns.

In: the front end's IR. Out: the same without the attributes `said` and `ignored`. The one idea:
they say nothing about values, and operations that differ in them alone are equal to every pass.
"""

from __future__ import annotations

from fleet.ir.core import Operation
from fleet.ir.rewriting.journal import traced
from fleet.ir.rewriting.passes import register_pass


@register_pass("strip-warnings", "forget under which name NumPy warns of an operation")
def run(module: Operation) -> None:
    with traced("nobody asks for NumPy's warnings", module, module):
        for operation in module.walk():
            if operation.name.startswith("numpy."):
                operation.attributes.pop("said", None)
                operation.attributes.pop("ignored", None)

"""Operations that compute arrays stand right before what takes them: then a result can often be
made where it is wanted (`whole.py`)."""

from __future__ import annotations

from fleet.dialects import linalg
from fleet.ir.core import Block, Operation
from fleet.ir.interfaces import DestinationStyle, IndexingMaps
from fleet.passes.kernels.checks.failures import Service, failing_way


def bring_near(block: Block, service: Service) -> None:
    """Let what computes arrays stand right before what takes them, after the checks in between."""
    for op in reversed(list(block)):
        if IndexingMaps.of(op) is None:
            for region in op.regions:
                for inner in region.blocks:
                    bring_near(inner, service)
        if not linalg.computes(op):
            continue
        users = {_in_block(user, block) for result in op.results for user in result.users}
        at = op.next
        while at is not None and at not in users and at is not block.last:
            fails = not at.results and failing_way(at, service) is not None
            if DestinationStyle.of(at) is not None or (at.regions and not fails):
                break
            at = at.next
        if at is not None and at is not op.next:
            block.insert_before(at, op.detach())


def _in_block(op: Operation, block: Block) -> Operation:
    while op.parent is not block:
        op = op.parent_op
    return op

"""Texts that translated code need not put into memory: those that it reads and gives back itself.

In: a piece of a function. Out: registers of texts that a service gives, that services which the
piece performs itself take, that are copied or asked for their sizes, and given back in the same
block. The one idea: what nobody but this code sees may stay the str that it is, `w3` for x3, or
the bytes that it is in UTF-8, `b3`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from fleet.vm.blocks import Blocks
from fleet.vm.bytecode import Function, Instruction
from fleet.vm.services import Service

_OF_SIZES = ("alloc", "addi", "subi", "muli", "move", "cmpi.", "maxsi", "minsi", "select")


def loose_texts(
    function: Function, first: int, last: int, blocks: Blocks, services: Sequence[Service],
    is_performed: Callable[[int], bool],
) -> Mapping[int, bool]:  # fmt: skip
    """By the register of its address, whether the bytes of a text are asked for.

    is_performed: of an instruction that asks a service, whether the piece performs it itself
    """
    code = function.code
    fields = Counter(field for item in code for field in item.fields())
    found: dict[int, bool] = {}
    for at in range(first, last + 1):
        item = code[at]
        if item.mnemonic != "host" or services[item.operands[0]].result_kinds != ["str"]:
            continue
        if item.operands[1] != 2 or not is_performed(at):
            continue
        text, size = item.operands[2:4]
        if fields["d", text] == fields["d", size] == 1:
            following = range(at + 1, blocks.end(at) + 1)
            seen = _seen(code, following, text, size, services, is_performed)
            if seen is not None and seen[0] == fields["s", text]:
                found[text] = seen[2] or seen[1] < fields["s", size]
    return found


def _seen(
    code: Sequence[Instruction], places: range, text: int, size: int, services: Sequence[Service],
    is_performed: Callable[[int], bool],
) -> tuple[int, int, bool] | None:  # fmt: skip
    """How often its registers are read until it is given back, and whether for its bytes or their
    number; None if it has to be in memory."""
    texts = sizes = 0
    asked = False
    for at in places:
        item, o = code[at], code[at].operands
        reads = [register for kind, register in item.fields() if kind == "s"]
        if text not in reads and size not in reads:
            continue
        texts, sizes = texts + reads.count(text), sizes + reads.count(size)
        match item.mnemonic:
            case "free":
                return texts, sizes, asked
            case "copy" if o[1:] == (text, size):
                asked = True
            case "host" if is_performed(at) and services[o[0]].name != "check":
                taken = list(_texts(services[o[0]], o[2 + o[1] :])).count((text, size))
                if reads.count(text) != taken:
                    return None
                asked |= reads.count(size) > taken
            case name if text not in reads and name.startswith(_OF_SIZES):
                asked = True
            case _:
                return None
    return None


def _texts(service: Service, operands: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The addresses and sizes of texts that a service takes."""
    left = iter(operands)
    kinds = [kind for kind in service.kinds if kind != "none"]
    for kind, form in zip(kinds, service.operands, strict=True):
        register = next(left)
        sizes = [next(left) for _ in range(0 if form is None else form.shape.count(None))]
        if kind == "str" and len(sizes) == 1:
            yield register, sizes[0]

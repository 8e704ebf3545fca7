"""The section .riscv.attributes: which extensions and stack alignment code was built for.

Format: psABI, chapter "Attributes"; versions as the manual of 2024 ratified them.
"""

from __future__ import annotations

import struct

RV64GCV = (
    "rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_v1p0_zicsr2p0_zifencei2p0"
    "_zve32f1p0_zve32x1p0_zve64d1p0_zve64f1p0_zve64x1p0_zvl128b1p0_zvl32b1p0_zvl64b1p0"
)
STACK_ALIGN, ARCH = 4, 5


def attributes_section(arch: str = RV64GCV, stack_align: int = 16) -> bytes:
    """The bytes of the section for this architecture string."""
    body = bytes((STACK_ALIGN, stack_align, ARCH)) + arch.encode() + b"\0"
    of_file = b"\x01" + struct.pack("<I", len(body) + 5) + body
    vendor = b"riscv\0" + of_file
    return b"A" + struct.pack("<I", len(vendor) + 4) + vendor

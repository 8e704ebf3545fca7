"""What modules of codes, checksums and packed numbers compute: CPython's own, of bytes.

The one idea: what these modules' own exceptions say is asked for first, as a text, so that the
program's code raises them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
import zlib
from collections.abc import Callable
from typing import Any


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.new(name, data).digest()


def _iter_unpack(layout: Any, data: bytes) -> list[tuple]:
    return list(struct.iter_unpack(layout, data))


CODECS: dict[str, Callable[..., Any]] = {
    **{f"base64.{name}": getattr(base64, name) for name in (
        "b64encode b64decode urlsafe_b64encode urlsafe_b64decode standard_b64encode "
        "standard_b64decode b32encode b32decode b16encode b16decode b85encode b85decode "
        "a85encode a85decode encodebytes decodebytes").split()},
    **{f"binascii.{name}": getattr(binascii, name) for name in (
        "hexlify unhexlify crc32 crc_hqx b2a_base64 a2b_base64").split()},
    **{f"struct.{name}": getattr(struct, name) for name in (
        "pack unpack calcsize unpack_from").split()},
    "struct.iter_unpack": _iter_unpack,
    **{f"zlib.{name}": getattr(zlib, name) for name in (
        "crc32 adler32 compress decompress").split()},
    "hashlib.digest": _digest,
}  # fmt: skip


def codec_mistake(name: str, *given: Any) -> str | None:
    """What the module's own exception says, where its function raises that; None otherwise."""
    try:
        CODECS[name](*given)
    except (binascii.Error, struct.error, zlib.error) as error:
        return str(error)
    except Exception:  # noqa: BLE001  # it is raised where the function itself is called
        return None
    return None

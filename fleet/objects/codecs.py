"""What modules of codes, checksums, packed numbers and texts compute: CPython's own.

The one idea: what these modules' own exceptions say is asked for first, as a text, so that the
program's code raises them.
"""

from __future__ import annotations

import ast
import base64
import binascii
import colorsys
import difflib
import fnmatch
import hashlib
import html
import shlex
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterable
from typing import Any


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.new(name, data).digest()


def _iter_unpack(layout: Any, data: bytes) -> list[tuple]:
    return list(struct.iter_unpack(layout, data))


def _listed(function: Callable[..., Iterable]) -> Callable[..., list]:
    return lambda *given: list(function(*given))


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
    **{f"html.{name}": getattr(html, name) for name in ("escape", "unescape")},
    **{f"shlex.{name}": getattr(shlex, name) for name in ("split", "quote")},
    **{f"colorsys.{name}": getattr(colorsys, name) for name in (
        "rgb_to_yiq yiq_to_rgb rgb_to_hls hls_to_rgb rgb_to_hsv hsv_to_rgb").split()},
    **{f"fnmatch.{name}": getattr(fnmatch, name) for name in (
        "fnmatch fnmatchcase filter translate").split()},
    **{f"unicodedata.{name}": getattr(unicodedata, name) for name in (
        "lookup name category bidirectional combining east_asian_width mirrored decimal digit "
        "numeric decomposition normalize is_normalized").split()},
    "ast.literal_eval": ast.literal_eval,
    "difflib.get_close_matches": difflib.get_close_matches,
    **{f"difflib.{name}": _listed(getattr(difflib, name)) for name in (
        "ndiff", "unified_diff", "context_diff")},
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

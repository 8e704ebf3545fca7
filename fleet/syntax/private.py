"""Private names: those in a class that have the class's name put before them.

In: a name as the program has it. Out: as Python compiles it (Language Reference 6.2.1).
"""

from __future__ import annotations


def is_private(name: str) -> bool:
    """Whether a name in a class is one of these."""
    return name.startswith("__") and not name.endswith("__") and "." not in name


def mangled(owner: str, name: str) -> str:
    """What a name is in a class that is called `owner`."""
    owner = owner.lstrip("_")
    return f"_{owner}{name}" if owner and is_private(name) else name

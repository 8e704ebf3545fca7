"""What NumPy has and Fleet has not: why, and what is nearest.

In: a name of NumPy's. Out: a sentence of help. The one idea: names go by kind, since what one lacks
its neighbours lack for the same reason.
"""

from __future__ import annotations

import numpy as np

_KINDS: tuple[tuple[str, str], ...] = (
    (
        "busday_count busday_offset busdaycalendar is_busday datetime64 timedelta64 "
        "datetime_as_string datetime_data isnat",
        "there are no dates and times as elements: keep days or seconds as int64",
    ),
    (
        "bytes_ character chararray",
        "arrays of bytes are those of uint8: np.frombuffer(x, np.uint8)",
    ),
    (
        "matrix asmatrix bmat",
        "use 2-d arrays: `@` multiplies them, np.block joins them",
    ),
    (
        "longdouble clongdouble float128 complex256 longfloat",
        "the longest floats have 64 bits: use float64 or complex128",
    ),
    ("ma", "there are no masked arrays: keep a mask beside the array, or NaN and np.nanmean"),
    ("rec recarray record", "use a structured dtype and fields by name: a['x']"),
    ("memmap", "use np.load, which reads the file when it is needed"),
    ("nested_iters nditer", "use np.ndindex or np.ndenumerate"),
    (
        "ctypeslib f2py test testing show_config show_runtime get_include core typing info dtypes "
        "getbufsize setbufsize",
        "it is about NumPy's own insides, which a compiled program has not",
    ),
    ("from_dlpack", "use np.asarray"),
    ("fromregex", "use re and np.array, or np.genfromtxt"),
    ("trapz", "use np.trapezoid"),
    ("in1d", "use np.isin"),
    (
        "shares_memory may_share_memory",
        "which arrays share memory is decided by the compiler",
    ),
    (
        "Philox PCG64DXSM SFC64 SeedSequence BitGenerator",
        "use np.random.default_rng(seed), which is PCG64",
    ),
    ("get_state set_state", "make a generator from a seed: np.random.default_rng(seed)"),
    (
        "ctypes data device dump dumps getfield setfield setflags to_device base",
        "what an array's memory is, is the compiler's affair",
    ),
)
_HELP = {name: text for names, text in _KINDS for name in names.split()}


def absent_help(name: str) -> str | None:
    """Why a name of NumPy's is not here, or what is nearest. name: as in `numpy.linalg.eig`."""
    module, _, own = name.rpartition(".")
    found = _HELP.get(own)
    if found is None and module in ("numpy.ma", "numpy.rec"):
        found = _HELP[module.rpartition(".")[2]]
    if found is None and module in ("numpy.char", "numpy.strings"):
        found = "the methods of str do it, one text after the other"
    if found is None and isinstance(getattr(np, own, None), type):
        found = "see `fleet numpy` for the classes and dtypes that are here"
    return found

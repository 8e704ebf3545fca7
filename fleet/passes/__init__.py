"""The passes between the front end's IR and kernels. Importing this package registers all of them."""

from fleet.passes import canonicalise, cse, dce, symbol_dce

__all__ = ["canonicalise", "cse", "dce", "symbol_dce"]

"""NumPy's names: ufuncs, what NumPy is asked for itself, and where the prelude defines the rest."""

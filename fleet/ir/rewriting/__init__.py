"""How IR is changed: patterns to a fixpoint, dialect conversion, passes and pipelines."""

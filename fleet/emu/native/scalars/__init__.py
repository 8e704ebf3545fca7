"""Host code of scalar instructions, in runs from one vector instruction to the next."""

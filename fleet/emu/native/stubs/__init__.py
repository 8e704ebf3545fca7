"""Host code of vector instructions: `rules` finds the way to write each, by its stem."""

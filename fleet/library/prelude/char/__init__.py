"""np.char: what it has that np.strings has otherwise."""

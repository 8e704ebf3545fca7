"""np.strings and np.char: functions of arrays of texts."""

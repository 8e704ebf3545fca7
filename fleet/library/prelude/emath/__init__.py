"""numpy.emath: functions whose results are complex where the real ones have none."""

"""What programs see of values: functions, modules, builtins, attributes and their rules."""

"""What programs import: Python's builtins and modules, and NumPy, most of it in Python."""

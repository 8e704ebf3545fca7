"""Lists and numbers of which only run time knows whether they are ints or floats."""
import sys
import numpy as np

columns = {}
for argument in sys.argv[1:]:
    key, text = argument.split("=")
    columns.setdefault(key, []).append(float(text) if "." in text else int(text))
for key in sorted(columns):
    print(key, np.mean(columns[key]), np.sum(columns[key]), np.array(columns[key]) * 2)
values = np.sort(columns["a"])
if values.sum() > 4:
    values = values // 2
print(values, values.dtype, len(values))
try:
    first = columns["a"][0]
    print(np.arange(3) * first, np.float32(2) * first, np.arange(len(values)) + columns["b"])
except ValueError as error:
    print(error)

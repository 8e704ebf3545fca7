# stdin: name = "My App"
# stdin: debug = True
# stdin: # a comment
# stdin: limit = 12
# stdin: ratio=0.75
# stdin: depth = -3
# stdin:
# stdin: verbose = FALSE
"""Settings of several types, read line by line, told apart and summed up."""
import sys
from itertools import groupby


def lines(stream):
    for line in stream:
        line = line.strip()
        if line and not line.startswith("#"):
            yield line


def settings(found):
    for line in found:
        key, _, value = line.partition("=")
        key, value = key.strip(), value.strip()
        if value.lower() in ("true", "false"):
            yield key, value.lower() == "true"
        elif value.lstrip("-").isdigit():
            yield key, int(value)
        else:
            try:
                yield key, float(value)
            except ValueError:
                yield key, value.strip('"')


config = dict(settings(lines(sys.stdin)))
for key in sorted(config):
    value = config[key]
    print(f"{key:10} {type(value).__name__:6} {value!r} {isinstance(value, bool)}")
ints = [v for v in config.values() if isinstance(v, int) and not isinstance(v, bool)]
print(ints, sum(ints), [type(v) is bool for v in config.values()])
named = {"depth": 0, "debug": None, "colour": "red"}
print(sorted(config.keys() & named.keys()), sorted(named.keys() - config.keys()))
by_type = sorted(config.items(), key=lambda pair: type(pair[1]).__name__)
for name, group in groupby(by_type, key=lambda pair: type(pair[1]).__name__):
    print(name, [key for key, _ in group])
digits = config["limit"] // 6
print(round(10 / 3, digits), hash(config["name"]) == hash("My App"))

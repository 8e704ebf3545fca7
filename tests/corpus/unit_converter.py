# args: 3 km m
import sys

FACTORS = {"mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "in": 0.0254, "mi": 1609.344}


def convert(value, source, target):
    try:
        return value * FACTORS[source] / FACTORS[target]
    except KeyError as missing:
        raise SystemExit(f"unknown unit {missing}") from None


if len(sys.argv) != 4:
    raise SystemExit("usage: unit_converter VALUE FROM TO")
value = float(sys.argv[1])
print(f"{value:g} {sys.argv[2]} = {convert(value, sys.argv[2], sys.argv[3]):g} {sys.argv[3]}")
convert(value, "ell", "m")

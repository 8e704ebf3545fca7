# args: mul 3 4 --unit km
import argparse
OPS = {"add": lambda a, b: a + b, "mul": lambda a, b: a * b}
NAMES = {"x": "ex", "y": "why"}
UNITS = {"m": 1.0, "km": 1000.0, "mi": 1609.344}
parser = argparse.ArgumentParser()
parser.add_argument("op", choices=OPS)
parser.add_argument("a", type=float)
parser.add_argument("b", type=float)
parser.add_argument("--unit", choices=UNITS.keys(), default="m")
args = parser.parse_args()
print(OPS[args.op](args.a, args.b) * UNITS[args.unit])

# args: --times 2 --loud Ada Bob
import argparse

parser = argparse.ArgumentParser(description="Greets people.")
parser.add_argument("names", nargs="+", help="whom to greet")
parser.add_argument("-t", "--times", type=int, default=1, help="how often (%(default)s)")
parser.add_argument("--loud", action="store_true")
args = parser.parse_args()
for _ in range(args.times):
    for name in args.names:
        text = f"Hello, {name}"
        print(text.upper() + "!" if args.loud else text)

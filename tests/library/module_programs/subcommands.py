import argparse
import sys


def add(args):
    print("add", args.x + args.y)


def greet(args):
    print(("HELLO" if args.loud else "hello"), args.name * args.times)


parser = argparse.ArgumentParser(prog="tool", description="A tool.")
parser.add_argument("-v", "--verbose", action="store_true", help="say more")
sub = parser.add_subparsers(dest="command", required=True, help="what to do", metavar="COMMAND")
a = sub.add_parser("add", aliases=["plus", "+"], help="add two numbers", description="Adds.")
a.add_argument("x", type=int)
a.add_argument("y", type=int, nargs="?", default=4)
a.add_argument("--to", nargs="+", default=["screen"])
a.set_defaults(func=add)
g = sub.add_parser("greet", help="greet somebody")
g.add_argument("name")
g.add_argument("--times", type=int, default=1)
g.add_argument("--loud", action="store_true")
g.set_defaults(func=greet)
args = parser.parse_args()
if args.verbose:
    print("verbose", args.command)
args.func(args)
if args.command == "add":
    print(args.x, *args.to)

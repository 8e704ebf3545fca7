"""`argparse` on words that run time knows: values, messages and exit statuses are CPython's."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from three_ways import by_ast, by_cpython

import fleet.dialects  # noqa: F401  (declares what the interpreter executes)
from fleet.diagnostics import FleetError, ProgramError, ProgramExit
from fleet.frontend import build_ir
from fleet.host import Host
from fleet.ir.interpreter import Interpreter

OPTIONS = """
import argparse
parser = argparse.ArgumentParser(description="Squares numbers.")
parser.add_argument("n", type=int, help="how many")
parser.add_argument("--name", default="anon", help="who")
parser.add_argument("-r", "--rate", type=float, default=1.5)
parser.add_argument("-v", "--verbose", action="store_true")
parser.add_argument("-n", dest="count", type=int)
args = parser.parse_args()
print(args.n * 2, args.name, args.rate, args.verbose, args.count)
if args.verbose:
    print("verbose", args.n + 1)
for i in range(args.n):
    print(i * args.rate)
print(args)
"""
LISTS = """
import argparse
p = argparse.ArgumentParser(prog="tool")
p.add_argument("mode", choices=["a", "b"])
p.add_argument("nums", nargs="*", type=int)
p.add_argument("-v", action="count", default=0)
p.add_argument("--xs", nargs="+", type=int, default=[9])
p.add_argument("--ys", nargs="?", const=7, default=8, type=int)
g = p.add_mutually_exclusive_group()
g.add_argument("-q", "--quiet", action="store_true")
g.add_argument("--loud", action="store_true")
a = p.parse_args()
print(a.mode, a.nums, a.v, a.xs, a.ys, a.quiet, a.loud)
print(sum(a.nums), len(a.xs))
"""
KNOWN = """
import argparse
p = argparse.ArgumentParser()
p.add_argument("--lr", type=float, default=0.1)
p.add_argument("--epochs", type=int, default=3)
p.add_argument("file", nargs="?", default="x.txt")
a = p.parse_args([])
print(a, a.lr, vars(a))
b = p.parse_args(["--lr", "0.5", "in.txt"])
print(b.lr * 2, b.file, b == a)
"""
RUNS = {
    OPTIONS: ["5", "5 --name bob -v", "x", "", "-h", "5 --rate 2.5 --name=al", "5 --zzz", "5 6",
              "5 --name", "-n 3 7", "5 --na q", "5 -r.5", "-5", "5 --rate x", "-- 3"],
    LISTS: ["a", "b 1 2 3 -vv", "c", "a --xs 1 2 --ys 3", "a x", "--xs", "a -q --loud", "a --ys",
            "a -v -v -q", "--help", "a -v 1", "a 1 -v 2", "-v a 1 2", "a 1 2 --ys 4 -v"],
    KNOWN: [""],
}  # fmt: skip


@pytest.mark.parametrize("text", RUNS, ids=["options", "lists", "known"])
def test_command_lines(text: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(text, encoding="utf-8")
    module = build_ir(path)
    for line in RUNS[text]:
        words = line.split()
        expected = by_cpython(path, words)
        host = Host([str(path), *words], io.StringIO(), io.StringIO(), io.StringIO())
        status, message = 0, ""
        try:
            Interpreter(module, host).run()
        except ProgramExit as leaving:
            status = leaving.status
        except ProgramError as error:
            status, message = 1, str(error)
        told = (host.stderr.getvalue() + message).strip()
        assert (host.stdout.getvalue(), told, status) == expected, line
        assert by_ast(path, words) == expected, line


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("p.add_subparsers(prog='x')", "`prog` of add_subparsers is not supported"),
        ("p.add_argument('x', nargs='...')", "REMAINDER is not supported"),
        ("p.add_argument('x', action=argparse.Action)", "argparse.Action is not supported"),
    ],
)
def test_what_is_not_supported_says_so(line: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(f"import argparse\np = argparse.ArgumentParser()\n{line}\n", encoding="utf-8")
    with pytest.raises(FleetError, match=what) as caught:
        build_ir(path)
    assert caught.value.location.line == 3

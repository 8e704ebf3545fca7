"""Judge NumPy's functions with random arrays.

    python -m tests.library.numpy_calls [--seed 0] [--count 2000] [--on ast|ir|emu] [--run-time 0.5]
        [--only TEXT]

Each seed is a call: seed % len(TEMPLATES) says of what. Prints every call that departs from NumPy.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from .judging import agree, by_fleet, by_numpy, case


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0, help="the first")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--on", choices=("ast", "ir", "emu"), default="ast")
    parser.add_argument("--run-time", type=float, default=0.0, metavar="SHARE",
                        help="of arrays whose lengths only run time knows")  # fmt: skip
    parser.add_argument("--only", default="", help="calls whose template has this text")
    options = parser.parse_args()
    bad = judged = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.count):
            one = case(seed, options.run_time)
            if options.only not in one.template:
                continue
            judged += 1
            wanted = by_numpy(one.program)
            got = by_fleet(one.program, Path(folder, "program.py"), options.on)
            if not agree(wanted, got):
                bad += 1
                print(f"-- {seed}: {one.template}\n{one.calls}   NumPy: {wanted.rstrip()[:400]}\n"
                      f"   Fleet: {got.rstrip()[:600]}", flush=True)  # fmt: skip
    print(f"{judged - bad} of {judged} calls do what NumPy does")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

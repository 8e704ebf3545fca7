"""NPBench's NumPy programs as they ship: built, run in the emulator, compared with CPython.

    python benchmarks/npbench.py PATH [--only NAME ...] [--folder DIR]

PATH is a checkout of spcl/npbench (Ziogas et al., "NPBench: a benchmarking suite for
high-performance NumPy", 2021). Each benchmark's own files are put into a folder with a program that
calls its initialisation, with small parameters, and its kernel, and prints all arrays. `same`: the
same text; `close`: numbers that differ in their last digits, as matrix products may.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

LARGEST = 12
"""What an integer parameter is at most, where nothing else is said."""
PARAMETERS = {
    "lenet": {"N": 1, "H": 28, "W": 28}, "azimhist": {"N": 200, "npt": 10},
    "azimnaiv": {"N": 200, "npt": 10}, "sthamfft": {"R": 2, "K": 4}, "crc16": {"N": 40},
    "spmv": {"M": 12, "N": 12, "nnz": 30}, "nbody": {"N": 5, "tEnd": 0.3},
    "mandel1": {"XN": 9, "YN": 7, "maxiter": 12}, "mandel2": {"XN": 9, "YN": 7, "maxiter": 12},
    "coninteg": {"NR": 5, "NM": 8, "num_int_pts": 4}, "deriche": {"W": 12, "H": 10},
    "mlp": {"N": 2, "S0": 4, "S1": 3, "S2": 2},
}  # fmt: skip
WITHIN = 1e-5
FLOAT = re.compile(r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|inf|nan)")


@dataclass
class Outcome:
    """How a program did: `same`, `close`, `differs`, `rejected`, `fails`, or `no reference`."""

    name: str
    verdict: str
    seconds: float
    detail: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path, help="a checkout of NPBench")
    parser.add_argument("--only", nargs="+", help="short names of benchmarks")
    parser.add_argument("--folder", type=Path, help="where the programs are put and kept")
    options = parser.parse_args()
    given = options.folder or Path(tempfile.mkdtemp(prefix="npbench-"))
    outcomes = []
    for file in sorted((options.path / "bench_info").glob("*.json")):
        info = json.loads(file.read_text(encoding="utf-8"))["benchmark"]
        if options.only and info["short_name"] not in options.only:
            continue
        outcome = judge(options.path, info, given / info["short_name"])
        outcomes.append(outcome)
        print(f"{outcome.name:10} {outcome.verdict:10} {outcome.seconds:6.1f} s  {outcome.detail}",
              flush=True)  # fmt: skip
    good = sum(outcome.verdict in ("same", "close") for outcome in outcomes)
    print(f"{good} of {len(outcomes)} print what CPython prints")
    if options.folder is None:
        shutil.rmtree(given)
    return 0 if good == len(outcomes) else 1


def judge(path: Path, info: dict, folder: Path) -> Outcome:
    """Build and run one benchmark in a folder of its own."""
    program = make_program(path, info, folder)
    name, began = info["short_name"], time.perf_counter()

    def outcome(verdict: str, detail: str = "") -> Outcome:
        return Outcome(name, verdict, time.perf_counter() - began, detail)

    wanted = run([sys.executable, "-W", "ignore", program])
    if wanted.returncode:
        return outcome("no reference", last_line(wanted.stderr))
    built = run([sys.executable, "-m", "fleet", "build", program, "-o", folder / "out.elf"])
    if built.returncode:
        return outcome("rejected", one_line(built.stderr))
    shown = run([sys.executable, "-m", "fleet", "emu", folder / "out.elf"])
    if shown.returncode:
        return outcome("fails", last_line(shown.stderr))
    if shown.stdout == wanted.stdout:
        return outcome("same")
    if are_close(wanted.stdout, shown.stdout):
        return outcome("close")
    pairs = zip(wanted.stdout.splitlines(), shown.stdout.splitlines(), strict=False)
    first = next((f"{a!r} is {b!r}" for a, b in pairs if a != b), "another length")
    return outcome("differs", first[:100])


def make_program(path: Path, info: dict, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    source = path / "npbench" / "benchmarks" / info["relative_path"]
    module = info["module_name"]
    for ending in ("", "_numpy"):
        if (source / f"{module}{ending}.py").is_file():
            shutil.copy(source / f"{module}{ending}.py", folder)
    sizes = dict(info["parameters"]["S"])
    chosen = PARAMETERS.get(info["short_name"], {})
    for name, value in sizes.items():
        small = min(value, LARGEST) if isinstance(value, int) else value
        sizes[name] = chosen.get(name, small)
    lines = ["import numpy as np", "np.random.seed(0)"]
    lines.append(f"from {module}_numpy import {info['func_name']}")
    first = info.get("init")
    if first:
        lines.append(f"from {module} import {first['func_name']}")
    lines += [f"{name} = {value!r}" for name, value in sizes.items()]
    if first:
        results = ", ".join(first["output_args"])
        lines.append(f"{results} = {first['func_name']}({', '.join(first['input_args'])})")
    lines.append(f"result = {info['func_name']}({', '.join(info['input_args'])})")
    lines += [
        "for one in result if isinstance(result, tuple) else (result,):", "    print(one)",
        *(f"print({name!r}, {name})" for name in info.get("array_args", ())),
    ]
    program = folder / "main.py"
    program.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return program


def run(command: list) -> subprocess.CompletedProcess:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True,
                          timeout=900)  # fmt: skip


def are_close(wanted: str, shown: str) -> bool:
    """Whether two texts differ in the last digits of numbers only."""
    if "".join(FLOAT.sub("#", wanted).split()) != "".join(FLOAT.sub("#", shown).split()):
        return False
    a, b = (list(map(float, FLOAT.findall(text))) for text in (wanted, shown))
    most = max((abs(x) for x in a if abs(x) < float("inf")), default=1.0)
    return all(x == y or (x != x and y != y) or abs(x - y) <= WITHIN * (abs(x) + 1e-6 * most)
               for x, y in zip(a, b, strict=True))  # fmt: skip


def one_line(text: str) -> str:
    return next((line for line in text.splitlines() if "error" in line), text[:200])[-160:]


def last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1][:160]


if __name__ == "__main__":
    sys.exit(main())

"""The demo as a benchmark: build GPT-2, run it in the emulator, and run CPython beside it.

    python benchmarks/demo.py [--vlen 256] [--runs 3] [--prompt "Beautiful is"]

Prints build seconds, bytes of the executable, kernels, instructions executed, emulated seconds, and
what CPython with NumPy takes for the same text. Times are medians of whole processes; the counts
are exact.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "models" / "gpt2.py"


def run(*command: str) -> tuple[float, subprocess.CompletedProcess[str]]:
    """Seconds of a whole process, and what it printed. Raises when it fails."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return time.perf_counter() - start, done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--prompt", default="Beautiful is")
    parser.add_argument("--vlen", default="256")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    fleet = (sys.executable, "-m", "fleet")

    with tempfile.TemporaryDirectory() as folder:
        elf = str(Path(folder) / "out.elf")
        builds, emulated, native = [], [], []
        for _ in range(options.runs):
            builds.append(run(*fleet, "build", str(MODEL), "-o", elf)[0])
            seconds, emulation = run(*fleet, "emu", "--vlen", options.vlen, elf, options.prompt)
            emulated.append(seconds)
            seconds, reference = run(sys.executable, str(MODEL), options.prompt)
            native.append(seconds)
        if emulation.stdout != reference.stdout:
            sys.exit(f"the texts differ:\n{emulation.stdout!r}\n{reference.stdout!r}")
        counted = run(*fleet, "emu", "--stats", "--vlen", options.vlen, elf, options.prompt)[1]
        stats = json.loads(counted.stderr.strip().splitlines()[-1])
        size = Path(elf).stat().st_size

    rows = [
        ("build", f"{statistics.median(builds):.2f} s"),
        ("executable", f"{size:,} bytes"),
        ("kernels", f"{stats['kernels']} ({stats['launches']:,} launches)"),
        ("bytecode instructions", f"{stats['bytecode_instructions']:,}"),
        ("RISC-V instructions", f"{stats['instructions']:,}"),
        ("  of these vector", f"{stats['vector_instructions']:,}"),
        (f"emulated (VLEN {options.vlen})", f"{statistics.median(emulated):.2f} s"),
        ("CPython with NumPy", f"{statistics.median(native):.2f} s"),
        ("emulated / CPython", f"{statistics.median(emulated) / statistics.median(native):.1f}"),
        ("peak arena memory", f"{stats['peak_memory']:,} bytes"),
    ]
    print(f"{MODEL.name} {options.prompt!r}: {reference.stdout.strip()!r}")
    for name, value in rows:
        print(f"  {name:<24}{value:>24}")


if __name__ == "__main__":
    main()

"""How long reading IR text takes beside printing it, stage by stage.

    python benchmarks/ir_text.py [PROGRAM]

For every stage of a program (models/gpt2.py): operations, seconds to print the dump and to read it
back, and their ratio, the best of seven runs each. Reading does more (it looks up, checks and
builds), and should take at most three times as long.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fleet import driver  # noqa: E402
from fleet.cli import SELDOM  # noqa: E402
from fleet.ir.parsing.dumps import load_document  # noqa: E402
from fleet.stages import STAGES  # noqa: E402

RUNS = 7


def best(work: Callable[[], object]) -> float:
    """The seconds that something takes when it is not disturbed."""
    seconds = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def main() -> None:
    gc.set_threshold(*SELDOM)  # as in a command
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "models" / "gpt2.py")
    with tempfile.TemporaryDirectory() as folder:
        driver.build(program, Path(folder) / "out.elf", dump=Path(folder) / "stages")
        print(f"{'stage':<10} {'operations':>10} {'print':>9} {'read':>9} {'ratio':>6}")
        total = [0.0, 0.0]
        for stage in STAGES:
            (path,) = (Path(folder) / "stages").glob(f"*-{stage.name}.mlir")
            document = load_document(path, check=False)
            count = sum(1 for _ in document.module.walk())
            printing = best(document.text)
            reading = best(lambda path=path: load_document(path, check=False))
            total[0] += printing
            total[1] += reading
            print(f"{stage.name:<10} {count:>10} {printing:>8.4f}s {reading:>8.4f}s "
                  f"{reading / printing:>6.2f}")  # fmt: skip
        print(f"{'all':<21} {total[0]:>8.4f}s {total[1]:>8.4f}s {total[1] / total[0]:>6.2f}")


if __name__ == "__main__":
    main()

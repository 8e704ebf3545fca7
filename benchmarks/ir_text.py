"""How long reading a stage's text takes beside printing it, stage by stage.

    python benchmarks/ir_text.py [PROGRAM]

For every stage of a program (models/gpt2.py): its lines, seconds to print the dump and to read it
back, and their ratio, the best of seven runs each. Reading does more (it looks up, checks and
builds), and should take at most three times as long. Of assembly, printing is what makes lines of
allocated instructions, and their text.
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
from fleet.asm.source.text import parse_assembly  # noqa: E402
from fleet.cli import SELDOM  # noqa: E402
from fleet.codegen.emit import emit_assembly  # noqa: E402
from fleet.ir.parsing.dumps import load_document  # noqa: E402
from fleet.syntax.lexer import print_tokens  # noqa: E402
from fleet.syntax.parser_dump import parse_dump, parse_tokens  # noqa: E402
from fleet.syntax.tree import dump  # noqa: E402
from fleet.vm.listing import parse_listing, print_listing  # noqa: E402

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
        print(f"{'stage':<10} {'lines':>10} {'print':>9} {'read':>9} {'ratio':>6}")
        total = [0.0, 0.0]
        for path in sorted((Path(folder) / "stages").iterdir()):
            ways = works(path)
            if ways is None:
                continue
            printing, reading = map(best, ways)
            total[0] += printing
            total[1] += reading
            count = path.read_text(encoding="utf-8").count("\n")
            print(f"{path.stem[3:]:<10} {count:>10} {printing:>8.4f}s {reading:>8.4f}s "
                  f"{reading / printing:>6.2f}")  # fmt: skip
        print(f"{'all':<21} {total[0]:>8.4f}s {total[1]:>8.4f}s {total[1] / total[0]:>6.2f}")


def works(path: Path) -> tuple[Callable[[], object], Callable[[], object]] | None:
    """What prints the text of a stage's file, and what reads it."""
    text = path.read_text(encoding="utf-8") if path.suffix != ".npz" else ""
    if path.suffix == ".mlir":
        document = load_document(path, check=False)
        return document.text, lambda: load_document(path, check=False)
    match path.stem[3:]:
        case "tokens":
            tokens = parse_tokens(text)
            return lambda: print_tokens(tokens), lambda: parse_tokens(text)
        case "tree":
            tree = parse_dump(text.partition("\n")[2])
            return (lambda: dump(tree, indent=2, include_attributes=True),
                    lambda: parse_dump(text.partition("\n")[2]))  # fmt: skip
        case "kernels":
            module = load_document(next(path.parent.glob("*-allocated.mlir"))).module
            return lambda: emit_assembly(module), lambda: parse_assembly(text)
        case "bytecode":
            program = parse_listing(text)
            return lambda: print_listing(program), lambda: parse_listing(text)
    return None


if __name__ == "__main__":
    main()

"""Every stage of a program is a file that can be gone on from, to the same executable."""

from __future__ import annotations

import io
import random
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from fleet import driver
from fleet.asm.objects.elf import read_elf
from fleet.asm.source.text import parse_assembly, print_assembly
from fleet.cli import main
from fleet.diagnostics import FleetError, ProgramError, ProgramExit
from fleet.executors import run_executable, run_on
from fleet.host import Host
from fleet.ir.parsing.dumps import load_document
from fleet.stages import ALL_STAGES
from fleet.syntax.lexer import print_tokens
from fleet.syntax.parser_dump import parse_dump, parse_tokens
from fleet.syntax.tree import dump
from fleet.vm.bytecode import SECTION, decode
from fleet.vm.listing import parse_listing, print_listing

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {path.stem: path for path in sorted((Path(__file__).parent / "programs").glob("*.py"))}
MODELS = {name: ROOT / "models" / f"{name}.py" for name in ("softmax", "gpt2", "gpt2_float64")}

RAISING = '''
import sys
import numpy as np

WEIGHTS = np.arange(4000, dtype=np.float32).reshape(50, 80) / 4000
OTHERS = np.linspace(0, 1, 80 * 3).reshape(80, 3)


class Layer:
    """Keeps its weights, and names a subscript "é" in a message."""

    def __init__(self, weights, name="é"):
        self.weights, self.name = weights, name

    def __call__(self, x, row):
        y = np.tanh(x @ self.weights)
        print(f"{self.name}: {y[row, :3]}")
        return y


def deep(n, x):
    return x.sum() if n == 0 else deep(n - 1, x + 1)


n = int(sys.argv[1])
layers = [Layer(WEIGHTS), Layer(OTHERS.astype(np.float32), name="second")]
x = np.ones((4, 50), dtype=np.float32)
for layer in layers:
    x = layer(x, n)
print(deep(n, x), file=sys.stderr)
if n == 2:
    sys.exit(7)
'''
"""A program that ends well, with a status, or with an error in a call, as its argument says."""


def behaviour(path: str, arguments: list[str]) -> tuple[str, str, object]:
    """What running a file prints, and how it ends."""
    host = Host([path, *arguments], io.StringIO(), io.StringIO(), io.StringIO())
    ending: object = 0
    try:
        run_executable(host, 256)
    except ProgramExit as stop:
        ending = stop.status
    except ProgramError as error:
        ending = error.render()
    return host.stdout.getvalue(), host.stderr.getvalue(), ending


@pytest.fixture(scope="module")
def raising(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program above, built with all its stages."""
    folder = tmp_path_factory.mktemp("raising")
    (folder / "raising.py").write_text(RAISING, encoding="utf-8")
    driver.build(str(folder / "raising.py"), folder / "out.elf", dump=folder / "stages")
    return folder


def files(folder: Path) -> list[Path]:
    """Those of a dump's files that can be gone on from, in the order of the stages."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.suffix in (".mlir", ".s") or path.name.endswith(("-tokens.txt", "-tree.txt"))
    ]


@pytest.mark.parametrize("number", range(len(ALL_STAGES)))
def test_every_stage_leads_to_the_same_executable(raising: Path, tmp_path: Path, number) -> None:
    stage = files(raising / "stages")[number]
    driver.build(str(stage), tmp_path / "out.elf")
    assert_equal_executables(tmp_path / "out.elf", raising / "out.elf", stage.name)


@pytest.mark.parametrize("argument", ["1", "2", "3", "9"])
def test_every_stage_behaves_as_the_program(raising: Path, argument: str) -> None:
    expected = behaviour(str(raising / "raising.py"), [argument])
    assert (expected[2] == 0) == (argument in "13")
    some = random.Random(argument).sample(files(raising / "stages"), 3)
    for stage in some:
        assert behaviour(str(stage), [argument]) == expected, stage.name


def assert_equal_executables(one: Path, other: Path, stage: str) -> None:
    """stage: the file that one of them is built from."""
    if any(early in stage for early in ("tokens", "tree", "numpy")):
        assert one.read_bytes() == other.read_bytes()
    assert contents(one) == contents(other)


def contents(elf: Path) -> tuple[bytes, bytes, str]:
    """Code, constants and bytecode of an executable. A constant that was made of another one is
    called after it, in dumps with a number: what constants are called does not count."""
    file = read_elf(str(elf))
    code, data, schedule = (file.data(file.section(n)) for n in (".text", ".rodata", SECTION))
    program = decode(schedule)
    for symbol in program.arrays:
        symbol.name = ""
    return bytes(code), bytes(data), print_listing(program)


@pytest.mark.parametrize("name", [*MODELS, *list(PROGRAMS)[::3]])
def test_dumps_read_back_to_the_letter_and_go_on_to_the_same_executable(
    name: str, tmp_path: Path
) -> None:
    program = {**MODELS, **PROGRAMS}[name]
    stages = tmp_path / "stages"
    driver.build(str(program), tmp_path / "out.elf", dump=stages)
    for path in sorted(stages.glob("*.mlir")):
        assert load_document(path).text() == path.read_text(encoding="utf-8"), path.name
    (listing,) = stages.glob("*-bytecode.txt")
    assert print_listing(parse_listing(listing.read_text())) == listing.read_text()
    tokens = (stages / "00-tokens.txt").read_text(encoding="utf-8").partition("\n")[2]
    assert print_tokens(parse_tokens(tokens)) == tokens
    (assembly,) = stages.glob("*-kernels.s")
    assert print_assembly(parse_assembly(assembly.read_text())) == assembly.read_text()
    tree = (stages / "01-tree.txt").read_text(encoding="utf-8").partition("\n")[2]
    assert dump(parse_dump(tree), indent=2, include_attributes=True) + "\n" == tree
    (stage,) = random.Random(name).sample(files(stages), 1)
    driver.build(str(stage), tmp_path / "again.elf")
    assert contents(tmp_path / "again.elf") == contents(tmp_path / "out.elf"), stage.name


@pytest.mark.parametrize("stage", ALL_STAGES)
def test_until_writes_that_stage(
    raising: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(raising / "raising.py", ".")
    assert main(["build", "raising.py", "--until", stage]) == 0
    besides = "bytecode", f"{stage}.numpy"
    (path,) = (p for p in Path().glob(f"raising.{stage}.*") if p.suffix in (".txt", ".mlir", ".s")
               and not any(other in p.name for other in besides))  # fmt: skip
    assert main(["build", str(path), "-o", "here.elf"]) == 0
    assert main(["build", "raising.py", "-o", "there.elf"]) == 0
    assert_equal_executables(Path("here.elf"), Path("there.elf"), path.name)


def test_a_stage_can_be_changed_and_gone_on_from(tmp_path: Path) -> None:
    program = tmp_path / "p.py"
    program.write_text("import numpy as np\nprint(np.arange(4) + 100)\n")
    driver.write_stage(str(program), "linalg", str(tmp_path / "p.mlir"))
    text = (tmp_path / "p.mlir").read_text()
    assert text.count("100 : i64") == 1
    (tmp_path / "p.mlir").write_text(text.replace("100 : i64", "200 : i64"))
    assert behaviour(str(tmp_path / "p.mlir"), [])[0] == "[200 201 202 203]\n"


@pytest.mark.parametrize("stage", ["numpy", "linalg", "loops"])
def test_executors_take_stages_up_to_their_own(raising: Path, capsys, stage: str) -> None:
    (path,) = (raising / "stages").glob(f"*-{stage}.mlir")
    printed = set()
    for executor in ("ir", "vm", "emu"):
        with pytest.raises(ProgramExit, match="7"):
            run_on(executor, [str(path), "2"])
        printed.add(capsys.readouterr().out)
    assert len(printed) == 1 and "second: [" in printed.pop()
    with pytest.raises(FleetError, match=f"is stage {stage}: it has no syntax tree"):
        run_on("ast", [str(path), "2"])


def test_stages_that_are_too_far_on_say_so(raising: Path) -> None:
    (path,) = (raising / "stages").glob("*-rv.mlir")
    with pytest.raises(FleetError, match="is stage rv: vm comes before it"):
        run_on("vm", [str(path), "2"])


def test_a_moved_dump_takes_its_constants_along_or_says_which_file_it_misses(
    raising: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (path,) = (raising / "stages").glob("*-fused.mlir")
    shutil.copy(path, tmp_path)
    with pytest.raises(FleetError, match="has its constants in .*constants.npz, which is not"):
        driver.build(str(tmp_path / path.name), tmp_path / "out.elf")
    shutil.copy(raising / "stages" / "constants.npz", tmp_path)
    driver.build(str(tmp_path / path.name), tmp_path / "out.elf")
    assert "02-numpy.mlir, which is not there" in capsys.readouterr().err
    shutil.copy(raising / "stages" / "02-numpy.mlir", tmp_path)
    driver.build(str(tmp_path / path.name), tmp_path / "out.elf")
    assert_equal_executables(tmp_path / "out.elf", raising / "out.elf", path.name)
    assert capsys.readouterr().err == ""


WARNING = """\
import sys
import numpy as np
x = np.arange(3.0) - len(sys.argv)
print(np.log(x), 1 / (x + 1))
print(np.float32(3e38) * np.float32(len(sys.argv)))
"""


@pytest.mark.parametrize("executor", ["vm", "emu"])
def test_numpy_warns_whatever_stage_one_goes_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], executor
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.py").write_text(WARNING)
    driver.build("p.py", "p.elf", dump="stages")
    run_on("ast", ["p.py"])
    expected = capsys.readouterr()
    assert expected.err.count("RuntimeWarning: ") == 3
    paths = [path for path in files(Path("stages")) if executor == "emu" or path.name < "12"]
    chosen = [str(path) for path in random.Random(executor).sample(paths, 3)]
    driver.write_stage(chosen[0], "assembly" if executor == "emu" else "vm", "later.mlir")
    for path in [*chosen, "later.mlir"]:
        run_on(executor, [path])
        assert capsys.readouterr() == expected, path


TOKENS = {
    "a longer name": ("'np'  ", "'npp'", "p.txt:8:1: error: what stands there is 2,16"),
    "a token inside another": ("2,7-2,12", "2,3-2,12", "p.txt:6:1: error: this token begins"),
    "no end": ("ENDMARKER", "NL", "p.txt:"),
    "no line of a list": ("ENDMARKER", "", "p.txt:"),
}


@pytest.mark.parametrize("name", TOKENS)
def test_lists_of_tokens_that_are_no_programs_are_rejected(tmp_path, monkeypatch, name) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.py").write_text("import sys\nimport numpy as np\nprint(np.ones(3))\n")
    driver.write_stage("p.py", "tokens", "p.txt")
    text = Path("p.txt").read_text()
    was, now, message = TOKENS[name]
    Path("p.txt").write_text(text.replace(was, now, 1))
    with pytest.raises(FleetError) as caught:
        driver.build("p.txt", "out.elf")
    assert message in caught.value.render(), caught.value.render()


def test_tokens_can_be_changed_and_built(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.py").write_text("if True:\n  print(1 + \\\n  2, 'ä',  # why\n    f'{4}')\n\n\n")
    assert main(["build", "p.py", "--until", "tokens", "-o", "p.txt"]) == 0
    text = Path("p.txt").read_text()
    Path("p.txt").write_text(text.replace("'2'", "'7'"))
    Path("p.py").unlink()
    assert main(["run", "p.txt"]) == 0
    assert main(["run", "--on", "ast", "p.txt"]) == 0
    assert capsys.readouterr().out == "8 ä 4\n" * 2


BAD = {
    "a.mlir": ("module {}", "does not say which stage it is"),
    "b.txt": ('# Fleet dump: stage "listing"\n', "cannot be gone on from"),
    "c.mlir": ('// Fleet dump: stage "soup"\n', "stage 'soup', which cannot be gone on from"),
    "d.mlir": ('// Fleet dump: stage "tosa"\nmodule {', "end of the text"),
    "e.txt": ('# Fleet dump: stage "tree"\nModule(body=[Return()])', "outside of any function"),
    "f.txt": ('# Fleet dump: stage "tree"\nAdd()', "the tree is a Add, not a Module"),
    "g.s": ('# Fleet dump: stage "assembly"\n', "does not say where its bytecode is"),
    "h.s": ('# Fleet dump: stage "assembly", bytecode "no.txt"\n', "cannot read"),
    "i.s": ("nop\n", "does not say which stage it is"),
}


@pytest.mark.parametrize("name", BAD)
def test_files_that_are_no_stage_are_rejected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    text, message = BAD[name]
    (tmp_path / name).write_text(text)
    assert main(["build", str(tmp_path / name), "-o", str(tmp_path / "out.elf")]) == 1
    shown = capsys.readouterr().err
    assert message in shown and "Traceback" not in shown
    assert not (tmp_path / "out.elf").exists()


def test_a_tree_without_positions_still_compiles(tmp_path: Path) -> None:
    header = '# Fleet dump: stage "tree"\n'
    tree = "Module(body=[Expr(value=Call(func=Name(id='print', ctx=Load()), args=[{}]))])"
    numbers = np.random.default_rng(1).integers(0, 1000, 3)
    items = ", ".join(f"Constant(value={number})" for number in numbers)
    (tmp_path / "t.txt").write_text(header + tree.format(items))
    assert behaviour(str(tmp_path / "t.txt"), [])[0] == " ".join(map(str, numbers)) + "\n"


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_stage_is_rejected_or_compiled_and_nothing_else(
    raising: Path, tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    shutil.copytree(raising / "stages", tmp_path / "stages")
    for path in rng.sample(files(tmp_path / "stages"), 5):
        pieces = re.findall(r"\s+|[\w.%#@^!]+|.", path.read_text(encoding="utf-8"))
        at, other = (rng.randrange(40, len(pieces)) for _ in range(2))
        pieces[at] = rng.choice(["", pieces[other], "0", "-1", "99999999999", "f64", "index"])
        path.write_text("".join(pieces), encoding="utf-8")
        try:
            driver.build(str(path), tmp_path / "out.elf")
        except FleetError as error:
            assert error.render()

"""What NumPy warns of at run time stands on stderr as under CPython, whatever runs the program."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from warning_programs import COMPOSED, PROGRAMS, programs, random_program

import fleet.emulation
from fleet.asm.objects.elf import read_elf
from fleet.diagnostics import ProgramError
from fleet.driver import build
from fleet.emulation import emulate
from fleet.executors import OF_PROGRAMS
from fleet.following import Following
from fleet.frontend import build_ir
from fleet.host import Host
from fleet.ir.core import Operation
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.printing.resources import Resources
from fleet.kept import SECTION as KEPT
from fleet.kept import decode
from fleet.vm.bytecode import SECTION
from fleet.vm.bytecode import decode as decode_bytecode

HERE = Path(__file__).parent
MODELS = HERE.parents[1] / "models"
SEEDS = range(5)
EVERY = list(OF_PROGRAMS)
ON_THE_MACHINE = ["vm", "emu"]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[str]]]:
    """The programs' folder, and by name what CPython prints: see `cpython_warnings`."""
    folder = tmp_path_factory.mktemp("warning")
    drawn = {f"random {seed}": random_program(seed) for seed in SEEDS}
    for name, text in (programs() | drawn).items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, str(HERE / "cpython_warnings.py"), str(folder), "argument"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return folder, json.loads(done.stdout)


def printed(executor: str, path: Path, *arguments: str, text: str = "") -> tuple[str, str]:
    """Standard output and standard error of a run."""
    host = Host([str(path), *arguments], io.StringIO(), io.StringIO(), io.StringIO(text))
    OF_PROGRAMS[executor](host, "numpy", 256)
    return host.stdout.getvalue(), host.stderr.getvalue()


@pytest.mark.parametrize("executor", EVERY)
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_warnings_are_those_of_cpython(
    name: str, executor: str, expected: tuple[Path, dict[str, list[str]]]
) -> None:
    folder, outcomes = expected
    out, warnings, by_line = outcomes[name]
    assert warnings == by_line, "this program belongs to COMPOSED"
    assert printed(executor, folder / f"{name}.py", "argument") == (out, warnings)


@pytest.mark.parametrize("executor", EVERY)
@pytest.mark.parametrize("name", COMPOSED)
def test_what_warns_in_numpys_own_files_is_shown_at_the_line_of_the_program(
    name: str, executor: str, expected: tuple[Path, dict[str, list[str]]]
) -> None:
    folder, outcomes = expected
    out, warnings, by_line = outcomes[name]
    assert name == "empty" or re.search(r"numpy/\S+\.py:\d+: RuntimeWarning", warnings)
    assert printed(executor, folder / f"{name}.py", "argument") == (out, by_line)


@pytest.mark.parametrize("executor", EVERY)
@pytest.mark.parametrize("seed", SEEDS)
def test_programs_drawn_at_random_warn_alike(
    seed: int, executor: str, expected: tuple[Path, dict[str, list[str]]]
) -> None:
    folder, outcomes = expected
    _, _, by_line = outcomes[f"random {seed}"]
    assert printed(executor, folder / f"random {seed}.py", "argument")[1] == by_line


# -- each cause alone

SPECIAL = (
    "0.0", "-0.0", "1.0", "-1.0", "0.5", "-2.5", "np.inf", "-np.inf", "np.nan", "1e-310", "1e30",
    "-1e30", "1e308", "-700.0", "710.0", "90.0", "1e5", "2.0**63", "-129.0",
)  # fmt: skip
ALONE = (
    "np.log(x)", "np.log2(x)", "np.log10(x)", "np.log1p(x)", "np.exp(x)", "np.expm1(x)",
    "np.sqrt(x)", "np.tanh(x)", "1 / x", "x * x", "x + x", "x - x", "x ** 3", "x ** 1.5",
    "x ** -1.5", "x % 3.0", "3.0 // x", "x.astype(np.int8) > 0", "x.astype(np.float32)",
    "x.sum() + x.sum()", "x @ x", "np.sin(x)", "np.maximum(x, 1)", "x[0] / 3 - x[0]",
    "np.float32(x[0])", "x[0] ** 1.5",
)  # fmt: skip


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_each_cause_alone_is_noticed(dtype: str, tmp_path: Path) -> None:
    with np.errstate(all="ignore"):
        values = np.array([eval(text) for text in SPECIAL]).astype(dtype)
    warned = 0
    for number, expression in enumerate(ALONE):
        path = tmp_path / f"alone{number}.py"
        path.write_text(
            "import sys\nimport numpy as np\ni = int(sys.argv[1])\n"
            f"x = np.array([{', '.join(SPECIAL)}]).astype(np.{dtype})[i : i + 1]\n"
            f"print({expression} == 7)\n"
        )
        elf = str(path.with_suffix(".elf"))
        build(str(path), elf)
        for at in range(len(SPECIAL)):
            heard = io.StringIO()
            with np.errstate(all="log", under="ignore", call=_Lines(heard)):
                eval(expression, {"np": np, "x": values[at : at + 1]})
            host = Host([elf, str(at)], io.StringIO(), io.StringIO())
            emulate(elf, [str(at)], host=host)
            said = re.findall(r":5: RuntimeWarning: (.*)", host.stderr.getvalue())
            assert said == list(dict.fromkeys(heard.getvalue().splitlines())), (expression, at)
            warned += bool(said)
    assert warned > 80


class _Lines:
    """What NumPy says, without the word before it."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        self._stream.write(text.removeprefix("Warning: "))


# -- in step with the world

ASKING = """
import sys
import time
import numpy as np
rng = np.random.default_rng()
started = time.perf_counter()
draws = rng.standard_normal(4)
for t in range(3):
    v = float(input("value: "))
    x = np.array([1.0, v, abs(draws[0] * 0)])
    print(1 / x)
    print("shown", file=sys.stderr)
    if time.perf_counter() < started or rng.random() > 1:
        print(np.log(-x))
    if v > 1:
        y = x - x
        sys.exit(f"left with {y / y}")
"""


@pytest.mark.parametrize("executor", EVERY)
def test_a_second_run_is_given_the_answers_of_the_first(executor: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(ASKING, encoding="utf-8")
    command = [sys.executable, "-m", "fleet", "run", "--on", executor, str(path)]
    done = [
        subprocess.run(c, input="1\n0\n5\n7\n", capture_output=True, text=True)
        for c in ([sys.executable, str(path)], command)
    ]
    assert (done[1].stdout, done[1].stderr) == (done[0].stdout, done[0].stderr)
    assert done[1].returncode == done[0].returncode == 1
    assert done[1].stderr.count("RuntimeWarning") == 2


DIVIDING = """
import sys
import numpy as np
x = np.zeros(len(sys.argv))
y = 1 / x
print(y)
"""
RAISING = f"{DIVIDING}print(y[len(sys.argv)])\n"


@pytest.mark.parametrize("executor", EVERY)
def test_the_warnings_come_before_an_exception(executor: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(RAISING, encoding="utf-8")
    host = Host([str(path)], io.StringIO(), io.StringIO())
    with pytest.raises(ProgramError, match="IndexError"):
        OF_PROGRAMS[executor](host, "numpy", 256)
    assert host.stderr.getvalue().count("divide by zero encountered in divide") == 1


FILLING = """
import sys
import numpy as np
n = int(sys.argv[1])
a = np.zeros(n)
print(1 / a[:1])
for i in range(1, n):
    a[i] = a[i - 1] + 1
    if i % 2 == 0:
        a[i] = a[i] * 1
print(a[-1])
"""


def test_the_second_run_changes_arrays_in_place(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(FILLING, encoding="utf-8")
    made: list[int] = []

    def observe(operation: Operation, results: Sequence[np.ndarray]) -> None:
        if operation.name == "numpy.insert_slice":
            made.append(id(results[0]))

    host = Host([str(path), "60"], io.StringIO(), io.StringIO())
    Interpreter(build_ir(path), host, observe).run()
    assert host.stdout.getvalue() == "[inf]\n59.0\n"
    assert len(made) > 80
    assert len(set(made)) <= 2


# -- the program's own

OWN = """
import warnings
import sys
import numpy as np
n = int(sys.argv[1])
warnings.warn("old thing", DeprecationWarning)
class Mine(UserWarning):
    pass
class Old(DeprecationWarning):
    pass
def f():
    warnings.warn("soon", PendingDeprecationWarning)
    warnings.warn("deep", DeprecationWarning, stacklevel=2)
    warnings.warn("plain")
    warnings.warn(Mine("of mine"))
    warnings.warn("old", Old, stacklevel=3)
f()
f()
if n > 2:
    warnings.warn(f"n is {n}", FutureWarning)
for i in range(n):
    warnings.warn(f"i is {i % 2}", Mine)
    warnings.warn("again")
print(1 / np.zeros(n))
try:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.warn("raised")
except UserWarning as e:
    print(e)
def g():
    warnings.warn("far", stacklevel=5)
g()
print("done", file=sys.stderr)
"""


def test_a_program_warns_itself(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(OWN, encoding="utf-8")
    command = [sys.executable, str(path), "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Mine: of mine" in done.stderr and "i is 1" in done.stderr
    for executor in EVERY:
        assert printed(executor, path, "3") == (done.stdout, done.stderr), executor


# -- who pays

def test_gpt2_gives_no_reason_to_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elf = str(tmp_path / "gpt2.elf")
    build(str(MODELS / "gpt2.py"), elf)
    reasons: list[int] = []
    monkeypatch.setattr(Following, "begin", lambda self: reasons.append(1))
    image = read_elf(elf)
    watched = decode_bytecode(image.data(image.section(SECTION))).watched
    assert len(watched.flags) > 10
    assert not (watched.launches or watched.places or watched.always)
    for prompt in ("Beautiful is", "x", "\x01\x7f"):
        emulate(elf, [prompt, "3"], host=Host([elf, prompt, "3"], io.StringIO(), io.StringIO()))
    assert reasons == []


def test_a_run_without_a_reason_loads_nothing_of_the_compiler(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text("import sys\nimport numpy as np\nprint(1 / np.arange(len(sys.argv), 3))\n")
    elf = str(tmp_path / "program.elf")
    build(str(path), elf)
    code = (
        "import sys; from fleet.emulation import emulate\n"
        f"emulate({elf!r}, sys.argv[1:])\n"
        "print([name for name in sys.modules if name.startswith(('fleet.ir', 'fleet.dialects'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[1:] == ["[]"], done.stderr


def test_nobody_looks_where_warnings_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(DIVIDING, encoding="utf-8")
    for executor in EVERY:
        command = ["-W", "ignore", "-m", "fleet", "run", "--on", executor, str(path)]
        done = subprocess.run([sys.executable, *command], capture_output=True, text=True)
        assert (done.stdout, done.stderr) == ("[inf]\n", "")


# -- the executable

def test_an_executable_warns_wherever_it_is_run(tmp_path: Path) -> None:
    source = tmp_path / "there"
    source.mkdir()
    path = source / "program.py"
    path.write_text(DIVIDING, encoding="utf-8")
    elf = tmp_path / "program.elf"
    build(str(path), str(elf))
    shutil.rmtree(source)
    host = Host([str(elf)], io.StringIO(), io.StringIO())
    emulate(str(elf), [], host=host)
    message = "RuntimeWarning: divide by zero encountered in divide"
    assert host.stderr.getvalue() == f"{path}:5: {message}\n"


def test_the_program_in_an_executable_reads_back(tmp_path: Path) -> None:
    elf = str(tmp_path / "gpt2.elf")
    build(str(MODELS / "gpt2.py"), elf)
    image = read_elf(elf)
    used: list[str] = []

    def view(symbol: str, dtype: np.dtype, count: int) -> np.ndarray:
        used.append(symbol)
        return np.arange(count, dtype=dtype) + dtype.type(len(used))

    kept = decode(image.data(image.section(KEPT)), view)
    assert len(used) == len(kept.arrays) > 10, "constants of the executable are not stored twice"
    module = parse_module(kept.text, resources=kept.arrays)
    resources = Resources()
    assert print_op(module, locations=True, plain=True, resources=resources) == kept.text
    assert resources.arrays.keys() == kept.arrays.keys()
    command = [sys.executable, "-m", "fleet", "dis", "--numpy", elf]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert shown.strip() == kept.text.strip()


def test_a_damaged_program_costs_no_more_than_its_warnings(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(DIVIDING, encoding="utf-8")
    elf = tmp_path / "program.elf"
    build(str(path), str(elf))
    section = read_elf(str(elf)).section(KEPT)
    data, rng = elf.read_bytes(), np.random.default_rng(0)
    for _ in range(40):
        damaged = bytearray(data)
        for at in rng.integers(section.offset, section.offset + section.size, 3):
            damaged[at] = rng.integers(256)
        elf.write_bytes(damaged)
        host = Host([str(elf)], io.StringIO(), io.StringIO())
        fleet.emulation.emulate(str(elf), [], host=host)
        assert host.stdout.getvalue() == "[inf]\n"

"""From a program no object of the machine that builds can be reached, whatever it tries."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from three_ways import by_ast, by_ir

import fleet.frontend as frontend
from fleet.diagnostics import FleetError
from fleet.evaluator.backends.eager import Eager
from fleet.evaluator.backends.staged import Staged
from fleet.evaluator.language import calls
from fleet.evaluator.objects import attributes
from fleet.evaluator.objects.provided import UnboundBuiltin, Unsupported
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.state.memory import Policy
from fleet.evaluator.values.array_lists import ArrayLists
from fleet.evaluator.values.heap import Dict
from fleet.evaluator.values.then import Then
from fleet.host import Host
from fleet.ir.core import Block

SAMPLES = """
import functools, collections, pathlib, dataclasses
import numpy as np
class A:
    "doc"
    x = 1
    def f(self, a: int, b=2) -> int:
        "method"
        def inner():
            return self
        return inner
    @property
    def p(self):
        return 5
    @staticmethod
    def s():
        return 1
    @classmethod
    def c(cls):
        return cls
    def parent(self):
        return super()
class B(A, dict):
    def __getattr__(self, name):
        raise AttributeError(name)
@dataclasses.dataclass
class D:
    x: int = 0
P = collections.namedtuple("P", "x y")
a, b, d, p = A(), B(), D(), P(1, 2)
a.y = [1]
inner, parent = a.f(1), a.parent()
partial = functools.partial(print, 1)
unbound = str.upper, list.append, object.__init__, A.f
bound = "".format, [].append, a.f, (5).__add__, {}.items(), a.__init__
prop = A.__dict__
array, scalar, generator = np.ones(3), np.float64(1), np.random.default_rng(0)
dtype, info, path = np.dtype("f4"), np.finfo("f4"), pathlib.Path("x")
alias = list[int], int | str
iterators = iter([1]), map(len, []), zip(), enumerate([]), (i for i in "a")
errors = []
for text in ("1 / 0", "x"):
    try:
        int(text)
    except ValueError as error:
        errors.append(error)
try:
    a.nothing
except AttributeError as error:
    errors.append(error)
"""

FORBIDDEN = (
    types.ModuleType, types.FrameType, types.CodeType, types.TracebackType, types.CellType,
    io.IOBase, type(os.environ), Machine, Host,
)  # fmt: skip
NAMES = sorted({
    name
    for kind in (object, type, int, str, list, dict, BaseException, OSError, types.FunctionType,
                 types.MethodType, types.ModuleType, types.GeneratorType, types.FrameType,
                 types.CodeType, types.CellType, types.BuiltinFunctionType, np.ndarray, np.dtype,
                 np.ufunc, property, super, io.TextIOWrapper, Machine)
    for name in dir(kind)
} | set("""__globals__ __builtins__ __import__ __loader__ __spec__ __closure__ __code__ __file__
    __path__ __wrapped__ __self__ func args keywords cell_contents f_globals gi_frame tb_frame obj
    _call _real _enter _node _scope _names _defaults e m heap backend environ function kind owner
    _machine _rng reject more real values native cell serial run_time""".split()))  # fmt: skip


def _started(tmp_path: Path, staged: bool) -> Machine:
    """An evaluation of the samples, at its end."""
    path = tmp_path / "program.py"
    path.write_text(SAMPLES, encoding="utf-8")
    m = frontend._machine(path, frontend._parsed(path), Policy())
    block = Block()
    backend = Staged(m.heap, block, m.location) if staged else Eager(m.heap, Host(["program.py"]))
    frontend._start(m, backend)
    if staged:
        backend.e.uncatchable = m.uncatchable
        m.heap.outgrown = lambda *_: FleetError("a container of run time")
        backend.e.array_lists = ArrayLists(backend.e, {}, {}, set(), set(), lambda: None)
        backend.e.builder.block = block
    m.run_body(m.tree.body)
    return m


_ALIKE = (str, tuple, dict, Dict, UnboundBuiltin, types.MethodWrapperType)
"""Kinds whose values have all the same attributes."""


def _key(value: Any) -> Any:
    """The same for values that have the same attributes, as methods made anew have."""
    if type(value) in (str, int, float, type(None), bool):
        return value if isinstance(value, str) else type(value)
    if not isinstance(value, type | list | tuple | dict):
        with contextlib.suppress(FleetError, Raised):
            return type(value), re.sub("0x[0-9a-f]+", "", repr(value))
    return id(value)


def _tried(get: Any) -> Any:
    """What an access or a call gives, nothing where it is refused."""
    try:
        return (get(),)
    except (FleetError, Raised):
        return ()


def _reached(m: Machine) -> Iterator[tuple[str, Any]]:
    """(how, value) of everything that a program gets at by attributes, items and calls."""
    waiting = [(name, value) for name, value in m.scope.values.items()]
    given = {name: value for name, value in m.builtins.items() if type(value) is not Unsupported}
    waiting += [*given.items(), *m.modules.items()]
    for name, function in given.items():
        if name in ("print", "input", "exit", "quit", "open") or not callable(function):
            continue
        for some in ((), (m.scope.values["a"],), ("x",), ([1],), (len,), (object,), (3, 2)):
            call = _tried(lambda f=function, g=some: calls.call_value(m, f, g, {}))
            waiting += [(f"{name}{some}", value) for value in call]
    for name, module in m.modules.items():
        waiting += [
            (f"{name}.{key}", value) for key in module.values if module.has(key)
            for value in _tried(lambda m=m, module=module, key=key: module.get(key))
        ]  # fmt: skip
    seen: dict[Any, Any] = {}
    walked: set[type] = set()
    while waiting:
        how, value = waiting.pop()
        key = _key(value)
        if key in seen:
            continue
        seen[key] = value
        yield how, value
        if how.count(".") > 3:
            continue
        kind = type(value)
        names = NAMES if kind not in _ALIKE or kind not in walked else ()
        walked.add(kind)
        for name in names:
            found = _tried(lambda v=value, n=name: attributes.get_attribute(m, v, n))
            waiting += [(f"{how}.{name}", one) for one in found]
        if isinstance(value, list | tuple | dict | types.MappingProxyType):
            items = value.items() if hasattr(value, "items") else enumerate(value)
            waiting += [(f"{how}[{key!r}]", item) for key, item in items]


@pytest.mark.parametrize("staged", [False, True], ids=["ast", "ir"])
def test_no_attribute_leads_to_the_host(staged: bool, tmp_path: Path) -> None:
    m = _started(tmp_path, staged)
    count = 0
    for how, value in _reached(m):
        count += 1
        assert not isinstance(value, FORBIDDEN), how
        kind = value if isinstance(value, type) else type(value)
        if not isinstance(value, Then):
            named = f"{kind.__module__}.{kind.__qualname__} {kind!r}"
            assert "fleet" not in named, f"{how}: {named}"
        if not isinstance(value, str | Then | np.ndarray | frontend.Names):
            with contextlib.suppress(FleetError, Raised):
                assert "fleet" not in repr(value), how
    assert count > 1000


ATTACKS = """
"{0.__globals__}".format(len)
"{0.__init__.__globals__}".format(A())
"{0.__class__.__subclasses__}".format(())
"{0.f.__globals__[np]}".format(A())
"{0.f.__code__.co_filename}".format(A())
"{0.f.__closure__}".format(A())
"{0.func.__globals__}".format(functools.partial(print))
"{0[0].__self__.m}".format([len])
"{a.__module__.__loader__}".format(a=np)
"{a.__loader__}".format_map({"a": np})
"{0.__builtins__}".format(np)
"{0:{1.__globals__}}".format(1, len)
list(map("{0.__globals__}".format, [len]))
sorted([len], key="{0.__globals__}".format)
max([print, len], key="{0.__globals__}".format)
functools.reduce("{0.__globals__}".format, [len, len])
functools.partial("{0.__globals__}".format, len)()
str.format("{0.__globals__}", len)
getattr(str, "format")("{0.__self__.m}", len)
().__class__.__base__.__subclasses__()
type.__subclasses__(object)
object.__subclasses__()
[c for c in ().__class__.__mro__[1].__subclasses__()]
object.__reduce_ex__(A(), 2)
A().__reduce__()
A().__reduce_ex__(2)
object.__getattribute__(A.f, "__globals__")
object.__getattribute__(A.f, "_scope")
object.__getattribute__(len, "_call")
type.__getattribute__(int, "__subclasses__")()
super(A, A()).__reduce__()
A.f.__globals__
A.f.__code__
A.f.__closure__
A.f.__builtins__
A().f.__func__.__globals__
A().f._scope
len.__self__
print.__self__.m
len._call
[].append.__self__.heap
[].heap
{}.serial
np.add._machine
np.sum._node
np.sum.__globals__
np.sum._enter.args
np.load.__globals__
np.ones(3).ctypes
np.ones(3).data
np.ones(3).__array_interface__
np.ones(3).__array_struct__
np.ones(3).cell
np.float64(1).data
np.dtype("f4").type.__subclasses__()
np.dtype("f4").metadata
np.lib.format
np.testing
np.os
np.__loader__
np.__builtins__
np.random.default_rng(0)._rng
np.random.default_rng(0).bit_generator
np.random.rand.__self__
math.__loader__
sys.modules
sys._getframe()
sys.stdout.buffer
sys.stdout._machine
os.environ
os.system("true")
os.popen("true")
pathlib.Path.home()
pathlib.Path("/etc/passwd").read_text()
pathlib.Path("x").open()
pathlib.Path("x").write_text("y")
pathlib.Path("x").unlink()
pathlib.Path("x").chmod(0)
os.path.expanduser("~")
np.load("/etc/passwd")
np.load("../secret.npy")
__import__("os")
__builtins__
__loader__
__spec__
eval("1")
exec("1")
compile("1", "", "exec")
open("x")
print(globals())
print(locals(), vars())
globals()["__builtins__"].eval("1")
globals()["__loader__"].load_module
globals()["__spec__"].loader
[v for v in globals().values()][3].load_module
vars()["__builtins__"]["open"]
breakpoint()
help()
vars(len)
vars(np)
vars(str)
vars(type)
memoryview(b"")
type(A.f)(1, 2)
type(len)()
type(np)("x")
type(sys.stdout)(1)
class X(type(A.f)): pass
class X(np.ndarray): pass
class X(type(np)): pass
A.__bases__ = ()
A.__class__ = type
a = A(); a.__class__ = int
a = A(); a.__class__ = type(len)
A.f.__code__ = None
A.f.__globals__ = {}
A.f._node = A.f._node
A.f.__get__(1)._scope
np.add = 1
len.x = 1
[].run_time = 1
setattr([], "heap", 1)
delattr(A.f, "_node")
del A.f._scope
error.__traceback__
error.with_traceback(None)
error.__traceback__.tb_frame.f_globals
error.__reduce__()
error.obj
(i for i in []).gi_frame
iter([]).__reduce__()
iter([]).__setstate__(0)
map(len, []).__reduce__()
A.p.fget.__globals__
A.__dict__["f"].__globals__
A.__dict__["__dict__"].__objclass__.__subclasses__()
A.s.__globals__
A.c.__func__.__globals__
D.__init__.__globals__
D.__init__.__closure__
D().__repr__.__globals__
D.__eq__.__code__
P._replace.__globals__
P._make.__func__.__globals__
P.__new__.__globals__
dataclasses.dataclass.__globals__
dataclasses.field().make
functools.partial(print).__reduce__()
str.join.__globals__
str.__dict__["join"]
object.__new__(type(A.f))
object.__new__(type(len))
int.__new__(type(len))
list[int].__reduce__()
list[int].__getattribute__("__globals__")
"%(__globals__)s" % len
f"{len.__globals__}"
f"{A.f.__globals__}"
@functools.partial
def f(): pass
f.__reduce__()
@"{0.__globals__}".format
def f(): pass
""".strip()


def _attacks() -> list[str]:
    lines: list[str] = []
    for line in ATTACKS.splitlines():
        goes_on = lines and lines[-1].startswith("@") and "\ndef" not in lines[-1]
        if goes_on or line.startswith("f.__reduce__"):
            lines[-1] += f"\n{line}"
        else:
            lines.append(line)
    return lines


BEFORE = """
import os, sys, math, functools, pathlib, dataclasses, collections
import numpy as np
class A:
    def __init__(self): self.v = 1
    def f(self): pass
    p = property(lambda self: 1)
    @staticmethod
    def s(): pass
    @classmethod
    def c(cls): pass
@dataclasses.dataclass
class D:
    x: int = 0
P = collections.namedtuple("P", "x y")
try:
    A().missing
except AttributeError as caught:
    error = caught
"""


@pytest.mark.parametrize("by", [by_ast, by_ir], ids=["ast", "ir"])
@pytest.mark.parametrize("attack", _attacks())
def test_an_attack_is_refused(
    attack: str, by: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "s3cr3t")
    path = tmp_path / "program" / "program.py"
    path.parent.mkdir()
    shown = attack if attack.startswith(("class", "@", "del ", "a =")) or " = " in attack else (
        f"print({attack})")  # fmt: skip
    path.write_text(f"{BEFORE}{shown}\n", encoding="utf-8")
    try:
        out, err, status = by(path, [])
    except FleetError as error:
        assert error.location is not None and error.location.line > 17, error.render()
        assert "fleet" not in error.message
        return
    assert (out, status) == ("", 1), out
    assert err.startswith(("AttributeError: ", "TypeError: ", "KeyError: ")), err
    assert "fleet" not in err


def test_a_build_reads_below_the_programs_folder(tmp_path: Path) -> None:
    folder = tmp_path / "program"
    (folder / "weights").mkdir(parents=True)
    np.save(folder / "weights" / "w.npy", np.arange(3))
    np.save(tmp_path / "outside.npy", np.arange(3))
    (folder / "link.npy").symlink_to(tmp_path / "outside.npy")
    path = folder / "program.py"
    head = "import os\nimport numpy as np\nhere = os.path.dirname(os.path.abspath(__file__))\n"
    path.write_text(f"{head}print(np.load(here + '/weights/w.npy'))\n", encoding="utf-8")
    assert by_ir(path, [])[0] == "[0 1 2]\n"
    for name in ("../outside.npy", "link.npy", "weights/../../outside.npy"):
        path.write_text(f"{head}print(np.load(here + '/{name}'))\n", encoding="utf-8")
        for by in (by_ast, by_ir):
            with pytest.raises(FleetError, match="only run time knows|this run has none"):
                by(path, [])


def test_a_folder_that_is_allowed_is_read_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "program").mkdir()
    path = tmp_path / "program" / "program.py"
    for name in ("weights", "weights2"):
        (tmp_path / name).mkdir()
        np.save(tmp_path / name / "w.npy", np.arange(3))
    for name in ("weights", "weights2"):
        path.write_text(
            f"import numpy as np\nprint(np.load({str(tmp_path / name / 'w.npy')!r}))\n",
            encoding="utf-8",
        )
        for on in ("ast", "ir", "vm"):
            done = subprocess.run(
                [sys.executable, "-m", "fleet", "run", "--on", on,
                 "--allow-read", str(tmp_path / "weights"), str(path)],
                capture_output=True, text=True,
            )  # fmt: skip
            if name == "weights":
                assert (done.stdout, done.stderr) == ("[0 1 2]\n", "")
            else:
                assert done.returncode == 1
                assert "--root FOLDER" in done.stderr or "--allow-read" in done.stderr

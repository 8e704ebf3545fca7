"""Programs of several files: the evaluator finds, orders and names modules as CPython does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from three_ways import assert_equal_outcomes, by_cpython

from fleet.diagnostics import FleetError
from fleet.frontend import build_ir

MODULES = {
    "helper.py": """
        '''Helps.'''
        import math
        print("loading", __name__, __package__ == "")
        LIMIT = 10
        _hidden = 1
        calls = []
        def area(r):
            calls.append(r)
            return math.pi * r * r
        class Box:
            def __init__(self, x):
                self.x = x
            def __repr__(self):
                return f"Box({self.x})"
        def bump():
            global LIMIT
            LIMIT += 1
            return LIMIT
    """,
    "shapes/__init__.py": """
        print("package", __name__, __package__)
        from .square import Square
        from . import circle
        __all__ = ["Square", "circle", "SIDE"]
        SIDE = 4
        SECRET = 5
    """,
    "shapes/square.py": """
        from ..shapes import base if False else None
    """,
    "shapes/base.py": """
        class Shape:
            def describe(self):
                return f"{type(self).__name__} of {self.area()}"
    """,
    "shapes/circle.py": """
        from shapes.base import Shape
        from .deep.tools import double
        class Circle(Shape):
            def __init__(self, r):
                self.r = r
            def area(self):
                return double(self.r)
    """,
    "shapes/deep/__init__.py": "",
    "shapes/deep/tools.py": """
        from ... shapes import base
        from .. import base as again
        assert base is again
        def double(x):
            return 2 * x
    """,
    "left.py": """
        print("left begins")
        import right
        def f():
            return right.g() + 1
        print("left ends")
    """,
    "right.py": """
        print("right begins", __name__)
        import left
        print(hasattr(left, "f"))
        def g():
            return 41
        try:
            from left import f
        except ImportError as error:
            print(str(error).split(" (/")[0])
    """,
    "fails.py": """
        print("fails")
        x = 1 // 0
    """,
    "heapq.py": "mine = 'the program has its own heapq'\n",
    "spare/part.py": "value = 3\n",
}
MODULES["shapes/square.py"] = """
        from .base import Shape
        class Square(Shape):
            def __init__(self, a):
                self.a = a
            def area(self):
                return self.a ** 2
"""

PROGRAMS = {
    "import and attributes": """
        import helper
        import helper as again
        from helper import area as surface, Box
        print(helper.LIMIT, surface(2), helper.area(1), helper.calls, Box(3), again is helper)
        print(helper.__name__, helper.__doc__, Box.__module__, __name__, surface.__module__)
        helper.LIMIT = 20
        print(helper.bump(), helper.LIMIT)
        from helper import LIMIT
        print(LIMIT)
        try:
            helper.nothing
        except AttributeError as error:
            print(error)
        try:
            from helper import nothing
        except ImportError as error:
            print(str(error).split(" (/")[0], error.name)
    """,
    "star": """
        from helper import *
        print(LIMIT, area(1), Box(2))
        try:
            print(_hidden)
        except NameError as error:
            print(error)
        from shapes import *
        print(Square(3).area(), circle.Circle(2).describe(), SIDE)
        try:
            print(SECRET)
        except NameError as error:
            print(error)
    """,
    "packages": """
        import shapes.deep.tools as tools
        import shapes.circle
        print(tools.double(4), shapes.circle.Circle(3).describe(), shapes.Square(2).describe())
        from shapes.deep import tools as t
        print(t is tools, tools.__name__, tools.__package__, shapes.__package__)
        from spare import part
        import spare.part
        print(part.value, spare.part is part)
    """,
    "a circle": """
        import left
        print(left.f())
    """,
    "an error in a module": """
        try:
            import fails
        except ZeroDivisionError as error:
            print("caught", error)
        import fails
    """,
    "a file in place of a module of the library": """
        import heapq
        print(heapq.mine)
    """,
    "run-time values and a module's globals": """
        import sys
        import helper
        n = int(sys.argv[1])
        if n > 3:
            helper.LIMIT = n
            helper.extra = n
        else:
            helper.extra = 0
        for i in range(n):
            helper.bump()
            helper.calls.append(i)
        print(helper.LIMIT, helper.calls, helper.area(n))
        print(helper.extra)
    """,
    "a module that is not there": """
        try:
            import no_such_module_at_all
        except ImportError as error:
            print(type(error).__name__, error)
        def main():
            import helper
            return helper.LIMIT
        if __name__ == "__main__":
            print(main())
    """,
}


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.split("\n")
        path.write_text("\n".join(line.removeprefix(" " * 8) for line in lines), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program's modules are, for CPython as well."""
    _write(tmp_path, MODULES)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = {name: sys.modules.get(name) for name in _TOPS}
    for name in [name for name in sys.modules if name.split(".")[0] in _TOPS]:
        del sys.modules[name]
    yield tmp_path
    for name in [name for name in sys.modules if name.split(".")[0] in _TOPS]:
        del sys.modules[name]
    sys.modules |= {name: module for name, module in before.items() if module is not None}


_TOPS = {name.split("/")[0].removesuffix(".py") for name in MODULES}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_of_several_files(name: str, folder: Path) -> None:
    _write(folder, {"program.py": PROGRAMS[name]})
    path = folder / "program.py"
    for arguments in (["2"], ["5"]):
        assert "ModuleNotFoundError" not in by_cpython(path, arguments)[1]
        for module in [one for one in sys.modules if one.split(".")[0] in _TOPS]:
            del sys.modules[module]
        assert_equal_outcomes(path, arguments)


def test_an_import_in_a_run_time_branch_is_refused(folder: Path) -> None:
    text = "import sys\nif len(sys.argv) > 2:\n    import helper\n"
    _write(folder, {"program.py": text})
    with pytest.raises(FleetError, match="`helper` is imported in a run-time branch"):
        build_ir(folder / "program.py")


@pytest.mark.parametrize("statement", ["import asyncio", "from heapq_ import x", "import a.b"])
def test_a_module_that_nobody_has_is_refused(statement: str, folder: Path) -> None:
    _write(folder, {"program.py": statement + "\n"})
    with pytest.raises(FleetError, match="is not supported"):
        build_ir(folder / "program.py")

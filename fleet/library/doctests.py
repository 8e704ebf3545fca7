"""`doctest.testmod()`: the examples in the program's docstrings, evaluated like the rest of it.

In: the program's functions and classes when it is called. Out: CPython's report of the examples
that fail, which is nothing if none does. The one idea: an example is a piece of the program, in a
copy of its globals; what it prints goes to a text, which is compared now or, if only run time knows
it, then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fleet.doctest_output import FUNCTIONS, beginning, output_matches, real
from fleet.evaluator.control import regions
from fleet.evaluator.control.raising import exception_name
from fleet.evaluator.language import calls
from fleet.evaluator.language.flow.exceptions import Attempt, attempt, raise_again
from fleet.evaluator.language.imports import import_module
from fleet.evaluator.objects import attributes, operations
from fleet.evaluator.objects.functions import Function, docstring
from fleet.evaluator.objects.provided import Builtin
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.scopes import Names, Scope
from fleet.evaluator.values import classes, objects
from fleet.evaluator.values.heap import bindings
from fleet.evaluator.values.then import Object, Then, Union
from fleet.library.named_tuples import namedtuple
from fleet.syntax import tree
from fleet.syntax.parser import parse

_LINE = "*" * 70


@dataclass(frozen=True)
class _Test:
    """One docstring's examples. line: the docstring's first, in the program."""

    name: str
    examples: list[Any]
    line: int


def doctest_table(m: Machine) -> dict[str, Any]:
    """`doctest`."""
    results = namedtuple(
        list, m.backend.e, "TestResults", ("failed", "attempted"), module="doctest")
    flags = """DONT_ACCEPT_TRUE_FOR_1 DONT_ACCEPT_BLANKLINE NORMALIZE_WHITESPACE ELLIPSIS SKIP
        IGNORE_EXCEPTION_DETAIL COMPARISON_FLAGS REPORT_UDIFF REPORT_CDIFF REPORT_NDIFF
        REPORT_ONLY_FIRST_FAILURE REPORTING_FLAGS FAIL_FAST""".split()

    def testmod(
        module: Any = None, name: Any = None, globs: Any = None, verbose: Any = None,
        report: Any = True, optionflags: Any = 0, extraglobs: Any = None,
        raise_on_error: Any = False, exclude_empty: Any = False,
    ) -> Any:  # fmt: skip
        if module is not None or globs is not None or raise_on_error:
            raise m.error("doctest.testmod() of another module, with globs or raise_on_error is "
                          "not supported", "doctest.testmod()")  # fmt: skip
        if isinstance(verbose, Then):
            raise m.error("whether doctest.testmod() tells all depends on the run, which is not "
                          "supported", "doctest.testmod()")  # fmt: skip
        if verbose is None:
            _refuse_option(m)
        session = _Session(m, name or "__main__", optionflags, extraglobs or {}, bool(verbose))
        session.skips_empty = exclude_empty
        failed = session.run(report)
        return calls.call_value(m, results, (failed, session.attempted), {})

    return {name: getattr(real(), name) for name in flags} | {
        "testmod": testmod, "TestResults": results,
    }  # fmt: skip


_SHOWN = ".shown"
"""The name by which an example calls what shows the value of an expression."""


def _show_expressions(node: tree.AST) -> None:
    """Have the expressions of an example that are statements, in its branches and loops, too, show
    what they give, as at Python's prompt."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        for statement in getattr(node, name, ()):
            if isinstance(statement, tree.Expr):
                shown = tree.Name(_SHOWN, tree.Load())
                call = tree.Call(shown, [statement.value], [])
                for made in (shown, call):
                    for place in (*made._attributes, "source"):
                        setattr(made, place, getattr(statement.value, place))
                statement.value = call
            elif not isinstance(statement, tree.FunctionDef | tree.ClassDef):
                _show_expressions(statement)


def _refuse_option(m: Machine) -> None:
    """With -v on its command line, the program ends where CPython would tell all."""
    def refused() -> None:
        raise m.raised(NotImplementedError(
            "doctest.testmod() with -v is not supported: write doctest.testmod(verbose=True)"))

    argv = import_module(m, "sys", m.node).get("argv")
    asked = operations.contains(m, argv, "-v")
    if isinstance(asked, Then):
        regions.choose(m, asked, refused, lambda: None)
    elif asked:
        refused()


class _Session:
    def __init__(
        self, m: Machine, name: str, flags: int, more: dict[str, Any], verbose: bool
    ) -> None:  # fmt: skip
        self.m = m
        self.name = name
        self.flags = flags
        self.more = more
        self.verbose = verbose
        self.skips_empty = False
        self.attempted = 0

    def run(self, report: bool) -> Any:
        """How many examples fail, of which run time may decide."""
        tests = sorted(self._tests(), key=lambda test: test.name)
        failing: list[tuple[str, Any, int]] = []
        for test in tests:
            before = self.attempted
            failing.append((test.name, self._test(test), self.attempted - before))
        total: Any = 0
        for _, failed, _ in failing:
            total = total + failed
        if report:
            told = self._text("doctest_report", [
                tuple(values) for values in zip(*failing, strict=True)] or [(), (), ()],
                self.verbose)
            self._print(told)
        return total

    # -- finding

    def _tests(self) -> Iterator[_Test]:
        values = self.m.main.values
        yield from self._of(self.name, docstring(self.m.tree), self.m.tree)
        for name, value in list(values.items()):
            yield from self._inside(f"{self.name}.{name}", value)
        for name, value in (values.get("__test__") or {}).items():
            where = f"{self.name}.__test__.{name}"
            yield from self._of(where, value) if isinstance(value, str) else (
                self._inside(where, value))  # fmt: skip

    def _inside(self, name: str, value: Any) -> Iterator[_Test]:
        value = getattr(value, "__func__", value)
        value = value.fget if isinstance(value, property) else value
        while isinstance(value, Function) and isinstance(
                value.__dict__.get("__wrapped__"), Function):  # fmt: skip
            value = value.__dict__["__wrapped__"]
        if isinstance(value, Function) and self._is_own(value):
            yield from self._of(name, attributes.get_attribute(self.m, value, "__doc__"),
                                value._node)  # fmt: skip
        elif isinstance(value, type) and classes.is_made(value) and self._is_own(value):
            node = next((each for each in tree.walk(self.m.tree)
                         if isinstance(each, tree.ClassDef) and each.name == value.__name__), None)
            yield from self._of(name, attributes.get_attribute(self.m, value, "__doc__"), node)
            for inner, each in list(classes.shown(vars(value)).items()):
                yield from self._inside(f"{name}.{inner}", each)

    def _is_own(self, value: Any) -> bool:
        return attributes.get_attribute(self.m, value, "__module__") == "__main__"

    def _of(self, name: str, text: Any, node: tree.AST | None = None) -> Iterator[_Test]:
        if not isinstance(text, str):
            text = ""
        examples = real().DocTestParser().get_examples(text, name)
        if examples or self.verbose and not (self.skips_empty and not text):
            has_text = node is not None and docstring(node) is not None
            yield _Test(name, examples, node.body[0].location.line if has_text else 0)

    # -- running

    def _test(self, test: _Test) -> Any:
        """How many of a docstring's examples fail."""
        scope = Scope("module", None, Names(), "<module>")
        scope.values = bindings()
        scope.values.update(self.m.main.values)
        scope.values |= self.more
        scope.values[_SHOWN] = Builtin(_SHOWN, self._display)
        failed: Any = 0
        for number, example in enumerate(test.examples):
            flags = self.flags
            for flag, given in example.options.items():
                flags = flags | flag if given else flags & ~flag
            if flags & real().SKIP:
                continue
            self.attempted += 1
            wrong = self._example(test, number, example, flags, scope)
            failed = failed + wrong
        return failed

    def _example(
        self, test: _Test, number: int, example: Any, flags: int, scope: Scope
    ) -> Any:
        """1 if it fails, and that is told; run time may decide."""
        m = self.m
        if self.verbose:
            self._print(beginning(example.source, example.want))
        made, got = self._run(test, number, example, scope)

        def normal() -> Any:
            return self._judged(test, example, got, example.want, flags)

        def exceptional() -> Any:
            raised, wanted = self._last_line(made.raised.exception), example.exc_msg
            if flags & real().IGNORE_EXCEPTION_DETAIL and isinstance(raised, str):
                raised, wanted = (text.partition(":")[0].split(".")[-1]
                                  for text in (raised, wanted))  # fmt: skip
            return self._judged(test, example, raised, wanted, flags)

        if made.raised is None:
            return normal()
        if example.exc_msg is None:
            if not isinstance(made.may, Then):
                raise m.error(
                    f"an example in the docstring of {test.name} ends with "
                    f"{self._last_line(made.raised.exception).strip()}",
                    f"the example is: {example.source.strip()}",
                )
            raise_again(m, made)
            return normal()
        if isinstance(made.may, Then):
            return regions.choose(m, made.may, exceptional, normal)
        return exceptional()

    def _last_line(self, exception: Any) -> Any:
        """Of a traceback."""
        if type(exception) is Union:
            return self.m.language.split(self.m, exception, self._last_line)
        text = calls.call_value(self.m, self.m.builtins["str"], (exception,), {})
        name = exception_name(exception)
        return name + (": " + text if isinstance(text, Then) or text else "") + "\n"

    def _judged(self, test: _Test, example: Any, got: Any, wanted: str, flags: int) -> Any:
        right: Any = output_matches(wanted, got, flags) if isinstance(got, str) else (
            objects.function(self.m.backend.e, "output_matches", [wanted, got, flags], "bool"))

        def failing() -> int:
            self._tell(test, example, got, flags)
            return 1

        def passing() -> int:
            if self.verbose:
                self._print("ok\n")
            return 0

        if isinstance(right, Then):
            return regions.choose(self.m, right, passing, failing)
        return passing() if right else failing()

    def _run(
        self, test: _Test, number: int, example: Any, scope: Scope
    ) -> tuple[Attempt, Any]:
        """How an example ends, and what it prints."""
        m, at = self.m, self.m.node
        buffer = calls.call_value(m, import_module(m, "io", at).get("StringIO"), (), {})
        stdout = m.streams["stdout"]
        self._exchange(buffer)
        program = self._parsed(test, number, example)
        with m.place_kept():
            m.scope = scope
            named = (example.exc_msg or "").startswith("RecursionError")
            looked_at = (RecursionError, BaseException) if named else (BaseException,)
            made = attempt(m, looked_at, lambda: m.run_body(program.body),
                           lambda place: True)  # fmt: skip
        m.node = at
        self._exchange(stdout)
        return made, calls.call_value(m, attributes.get_attribute(m, buffer, "getvalue"), (), {})

    def _exchange(self, stream: Any) -> None:
        self.m.heap.touch(self.m.streams)
        self.m.streams["stdout"] = stream

    def _parsed(self, test: _Test, number: int, example: Any) -> tree.AST:
        file = f"<doctest {test.name}[{number}]>"
        program = self.m.policy.trees.get(file)
        if program is None:
            program = self.m.policy.trees[file] = parse(example.source, file)
            _show_expressions(program)
        self.m.sources[file] = program
        return program

    # -- telling

    def _text(self, name: str, values: list[Any], *options: bool) -> Any:
        """A text of CPython's, of values of which run time may know some."""
        flat = [one for value in values for one in (value if type(value) is tuple else (value,))]
        if not any(isinstance(one, Then) for one in flat):
            return FUNCTIONS[name](*values, *options)
        return objects.function(self.m.backend.e, name, [*values, *options], "str")

    def _print(self, *values: Any) -> None:
        calls.call_value(self.m, self.m.builtins["print"], values, {"end": ""})

    def _tell(self, test: _Test, example: Any, got: Any, flags: int) -> None:
        where = f"line {test.line + example.lineno}" if test.line else "line ?"
        source = "".join(f"    {line}\n" for line in example.source.splitlines())
        self._print(f'{_LINE}\nFile "{self.m.path}", {where}, in {test.name}\n'
                    f"Failed example:\n{source}")  # fmt: skip
        self._print(self._text("output_difference", [example.source, example.want, got, flags]))

    def _display(self, value: Any) -> None:
        """What Python's prompt shows of an expression's value."""
        m = self.m
        if type(value) is Union:
            m.language.split(m, value, self._display)
        elif type(value) is Object:
            is_none = operations.identical(m, value, None)
            regions.choose(m, is_none, lambda: None, lambda: self._show(value))
        elif value is not None:
            self._show(value)

    def _show(self, value: Any) -> None:
        shown = calls.call_value(self.m, self.m.builtins["repr"], (value,), {})
        calls.call_value(self.m, self.m.builtins["print"], (shown,), {})

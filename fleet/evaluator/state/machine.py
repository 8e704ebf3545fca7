"""What every part of the evaluator shares: where we are, what we know, and how errors travel.

In: calls into Python and NumPy on known values. Out: their results, or `Raised`. The one idea: an
exception of the user's program is `Raised`, a rejection is a FleetError, and anything else that
flies is a bug of ours; `native` is the one door between Python's exceptions and the program's.
"""

from __future__ import annotations

import dis
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import FunctionType
from typing import Any, NoReturn, Protocol

import numpy as np

from fleet.diagnostics import UNKNOWN, FleetError, Frame, Location
from fleet.evaluator.state.completions import Following
from fleet.evaluator.state.data_files import DataFiles
from fleet.evaluator.state.memory import Memory, Policy, TooLong
from fleet.evaluator.state.reads import Reads, reads_in
from fleet.evaluator.state.scopes import Scope, frame_of
from fleet.evaluator.values.classes import PLACE
from fleet.evaluator.values.emitter import Emitter
from fleet.evaluator.values.exceptions import UNTOLD, named, told
from fleet.evaluator.values.heap import Cell, Dict, Heap, List, Set
from fleet.evaluator.values.ndarrays.arrays import Undecided
from fleet.evaluator.values.then import Then, Union
from fleet.ir.core import Operation
from fleet.limits import DEEPEST, RECURSION, STEPS
from fleet.recursion import FRAMES_OF_A_CALL, make_room
from fleet.syntax import tree

STEPS_OF_AN_OPERATION = 50
"""What an emitted operation costs, in statements that emit nothing."""


class Raised(Exception):
    """The user's program raises this exception here."""

    def __init__(self, exception: BaseException, location: Location) -> None:
        super().__init__(type(exception).__name__)
        self.exception = exception
        self.location = location


class Backend(Protocol):
    """What lies under the evaluator: NumPy itself, or the IR builder (`e` is None or it)."""

    e: Emitter | None
    argv: Any
    primitives: dict[str, Callable[..., Any]]

    def show(self, values: tuple, sep: str | None, end: str | None, file: str) -> None:
        """print()."""

    def read_line(self, prompt: Any) -> Any:
        """input()."""

    def array(self, known: Any, name: str | None = None) -> Any:
        """A known array as the program's value."""


@dataclass(frozen=True)
class Language:
    """The meaning of nodes, and of lists of statements.

    prepared: an expression -> a function of the machine that gives its value; execute: statements
    in order -> how they complete; run_body: a function's or module's body -> what it returns;
    split: what a function makes of a union, its choices one by one;
    choose: a run-time branch; call_value: a call of anything;
    enter_function, enter_method: one that comes through Python's own code; object_method: a call of
    a method of what only run time knows; rest: a list of what is left of an iterator; has_item:
    whether an item is among what the program iterates over; equal: what `==` gives; attempted: what
    a function gives, and whether it gave something or raised; item_of: what next() makes of a step;
    taken: an argument as services of the host take it; walked: what the program's own code iterates
    over, as a list;
    construct: type.__call__; new_class: type.__new__; in_schedule: a
    call of a function of the schedule; make_function: what a `def` or `lambda` defines;
    first_of: whether an iterator gives another item, and that item; note_chain: what an exception
    keeps of those that led to it; decide: what a function makes of what NumPy would make of an
    object; resumed: a call of a generator function, as one of the run's objects; with_cells: a
    function with some of its variables in a frame.
    """

    prepared: Callable[[tree.AST], Callable[[Machine], Any]]
    execute: Callable[[Machine, list[tree.AST]], Any]
    run_body: Callable[[Machine, list[tree.AST]], Any]
    split: Callable[[Machine, Union, Callable[[Any], Any]], Any]
    choose: Callable[..., Any]
    call_value: Callable[[Machine, Any, tuple, dict[str, Any]], Any]
    enter_function: Callable[..., Any]
    enter_method: Callable[..., Any]
    object_method: Callable[..., Any]
    rest: Callable[..., Any]
    has_item: Callable[..., Any]
    equal: Callable[[Machine, Any, Any], Any]
    attempted: Callable[..., Any]
    item_of: Callable[..., Any]
    taken: Callable[..., Any]
    walked: Callable[[Machine, Any], Any]
    construct: Callable[..., Any]
    new_class: Callable[..., Any]
    in_schedule: Callable[..., Any]
    make_function: Callable[[Machine, tree.AST, str], Any]
    first_of: Callable[..., Any]
    note_chain: Callable[..., None]
    decide: Callable[..., Any]
    resumed: Callable[..., Any]
    with_cells: Callable[[tree.AST, frozenset[str]], tree.AST]


class _Log:
    """What NumPy says of floating-point errors, as np.seterrcall takes it."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line)


PRINTED = np.get_printoptions()
"""NumPy's own options for printing."""


def known_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """All options for printing, with NumPy's own for those that only run time knows."""
    return PRINTED | {
        name: value for name, value in options.items() if not isinstance(value, Then)}  # fmt: skip

NORMAL = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
"""What NumPy does about errors of floating-point arithmetic where nobody has said anything."""


@dataclass(eq=False)
class Situation:
    """What an evaluation is in the middle of: all of this a trial that fails leaves as it was.

    Lists are stacks. What else a trial may change is in the heap, or is to be remembered.
    """

    callers: list[Scope] = field(default_factory=list)
    """The scopes of the calls that wait for the present one."""
    following: list[Following] = field(default_factory=list)
    """Every statement list on the way to the present statement, with what follows in it; outermost
    first."""
    walked: list[Any] = field(default_factory=list)
    """What the loops around go over, which need have no other name."""
    catching: list[tuple[type, ...]] = field(default_factory=list)
    """Exception classes that enclosing `try` and `with` statements look at, per statement."""
    guards: list[tuple[int, int]] = field(default_factory=list)
    """Of each such statement of the present calls: how many calls wait, and when it began."""
    detours: list[Any] = field(default_factory=list)
    """Run-time conditions under which we are because an exception would have been raised."""
    handling: list[Raised] = field(default_factory=list)
    """The exceptions whose handlers we are in."""
    stepping: list[tuple[type[BaseException], str, int]] = field(default_factory=list)
    """Exceptions that end an iterator of the program's own, of which a step is being evaluated: the
    class that it is of, and how many statements around look at exceptions."""
    generating: list[tuple[Any, bool]] = field(default_factory=list)
    """Bodies of generators that are being evaluated, or what is done with their items: see
    `control.leaving`."""
    recursions: list[Any] = field(default_factory=list)
    """Functions of the schedule that are being evaluated, innermost last."""
    unrolling: list[tuple[tree.AST, int]] = field(default_factory=list)
    """The loops that are being unrolled, with the steps taken when they began."""
    raising: Location | None = None
    """The place of an exception that is being turned into operations."""
    memory: Memory = field(default_factory=Memory)
    """Of the run-time loop whose body is being evaluated."""
    missed: set[tuple[int, str]] = field(default_factory=set)
    """Names that were read without a value: (id of the scope's values, name)."""
    copies: int = 1
    """How many copies of the present code the unrolled loops around it make."""
    structural: bool = False
    """Whether a loop around is unrolled because the program's structure depends on it."""
    regions: int = 0
    """How many run-time regions we are inside of."""
    modes: Mapping[str, str] = field(default_factory=lambda: NORMAL)
    """What np.errstate has NumPy do about each of divide, over, under, invalid."""
    error_handler: Any = None
    """The function that `call`, and the object that `log` tells: np.seterrcall."""

    printing: Mapping[str, Any] = field(default_factory=dict)
    """How NumPy prints arrays, where the program has said so: np.set_printoptions."""

    @property
    def ignored(self) -> frozenset[str]:
        """What NumPy is to ignore; underflows, of which it never warns, where all of it is."""
        found = frozenset(kind for kind, mode in self.modes.items() if mode == "ignore")
        return found if len(found) == len(self.modes) else found - {"under"}

    @property
    def fatal(self) -> frozenset[str]:
        """What raises FloatingPointError."""
        return frozenset(kind for kind, mode in self.modes.items() if mode == "raise")

    @property
    def told(self) -> frozenset[str]:
        """What is printed, written to a log or given to a function of the program's."""
        return frozenset(
            kind for kind, mode in self.modes.items() if mode in ("print", "log", "call"))

    def noted(self) -> dict[str, Any]:
        """All of it, as `restore` takes it."""
        found = {one.name: getattr(self, one.name) for one in fields(Situation)}
        return {name: len(value) if type(value) is list else value
                for name, value in found.items()}  # fmt: skip

    def restore(self, noted: dict[str, Any]) -> None:
        for name, before in noted.items():
            now = getattr(self, name)
            if type(now) is list:
                del now[before:]
            else:
                setattr(self, name, before)


class Machine(Situation):
    """State of an evaluation."""

    def __init__(
        self, path: Path, program: tree.AST, language: Language, heap: Heap, scope: Scope,
        policy: Policy,
    ) -> None:
        super().__init__()
        self.tell_float_error: Callable[[str], None]
        """Have the program hear of what NumPy has said of known values."""
        self.path = path
        self.tree = program
        self.language = language
        self.heap = heap
        self.backend: Backend
        self.builtins: dict[str, Any] = {}
        self.constructors: dict[Any, Callable[..., Any]] = {}
        self.array_attributes: dict[str, Callable[[Any], Any]] = {}
        self.array_methods: dict[str, Callable[..., Any]] = {}
        self.modules: dict[str, Any] = {}
        self.prelude: Any = None
        """NumPy's functions that are written in Python: `get` gives one by its name."""
        self.library: dict[str, Path] = {}
        """Modules of the library that are written in Python: evaluated when first imported."""
        self.supplements: dict[str, Any] = {}
        """Files with what a module's table lacks, evaluated."""
        self.stand_ins: dict[type, type] = {}
        """What classes of the program inherit from in place of Python's own: see `stand_ins`."""
        self.inner: Callable[[str], dict[str, Any]]
        """What is in a file of the library that no program imports."""
        self.loaded = Dict(heap)
        """The program's own modules that have been imported, by full name."""
        self.streams = Dict(heap)
        """sys.stdout and sys.stderr, which a program may assign."""
        self._given: tuple[int, set[type]] = (0, set())
        self.bases: set[type] = set()
        """Classes of the library that a program may inherit from."""
        self.special_classes: dict[type, Callable[..., Any]] = {}
        """How classes with a metaclass of the library are called, such as enums: (cls, ...)."""
        self.templates: dict[Any, Callable[..., Any]] = {}
        """Such as are no classes: (name, the names of the body, qualified name) -> a class."""
        self.class_attributes: dict[tuple[type, str], Any] = {}
        """What we give for attributes of Python's classes, such as chain.from_iterable."""
        self.files = path.resolve().parent
        self.search = List(heap, [str(self.files)])
        """Where the program's modules are: sys.path."""
        self.data = DataFiles([self.files], self.error)
        self.node: tree.AST | None = None
        self.frame: Frame | Scope = Frame("<module>")
        """The call that we are in; a scope stands for the frame that can be made of it."""
        self.scope = self.main = scope
        self.depth = 0
        self.recursion_limit = RECURSION
        self.most_calls = RECURSION - 1
        """Calls of functions within each other: the module's frame counts, too."""
        self.outside: Location | None = None
        """Inside the prelude: the place in the user's program that called it."""
        self.said: str | None = None
        """The function of the prelude whose name warnings bear, if we are inside one."""
        self.policy = policy
        self.root_memory = self.memory
        self.has_sources = False
        """Whether some array is a copy that Python would have as a view: see Array.sources."""
        self.has_once = False
        """Whether there was an iterator that nobody had yet: see `values.sequences.Once`."""
        self.rolled_since = 0
        """The age of objects that came to be when the outermost run-time loop began."""
        self.functions: list[Operation] = []
        """Functions of the schedule, made."""
        self.made_functions: list[Any] = []
        """Those of them that may be called again: see `recursion`."""
        self.dispatches: dict[str, Any] = {}
        """What those have for functions that stand for special methods: see `instances`."""
        self.callbacks: dict[int, Any] = {}
        """Functions and methods that the run holds, by the numbers of their texts: see
        `callbacks`."""
        self.called_callbacks = False
        """Whether one of those may have been called."""
        self.by_value: list[Any] = []
        """Functions of which run time holds what they were like then."""
        self.boxing: list[Any] = []
        """Functions that are being made what the run holds."""
        self.calling = 0
        """How many calls of those we are in."""
        self.settled_recursions: list[Any] = []
        """What was found of functions within the present recursion."""
        self.defined = 0
        """How many functions of the schedule were begun."""
        self.shared: dict[tuple, Any] = {}
        """Those that are made of library functions, by what they are called with."""
        self.pending = Cell(None)
        """The exception that travels at run time, None where none does."""
        self.coroutines: dict[tuple, type] = {}
        """Classes of the frames of generators that run time resumes."""
        self.cells: dict[int, type] = {}
        """Those of functions whose variables run time holds longer than a call: see `cells`."""
        self.sentinels: list[object] = []
        self.places: list[Location] = []
        """Where exceptions that travel are raised."""
        self.weights: dict[int, int] = {}
        """About how many nodes are evaluated in a loop or function, by the id of its node."""
        self.steps = 0
        self.budget = self.limit = STEPS
        """How many steps there may be: where we are, and of the program."""
        self.sources = {str(path): program}
        """The trees of the program and of the prelude, by file."""
        self.on_file: Callable[[tree.AST], None] = lambda program: None
        """Told of each further file of the program before it is evaluated."""

    # -- evaluation

    @property
    def printing(self) -> Mapping[str, Any]:
        return self._printing

    @printing.setter
    def printing(self, options: Mapping[str, Any]) -> None:
        """NumPy's own options follow, for what is shown while the program is evaluated."""
        if known_options(options) != known_options(getattr(self, "_printing", {})):
            np.set_printoptions(**known_options(options))
        self._printing = options

    @property
    def most_operations(self) -> int:
        return self.limit // STEPS_OF_AN_OPERATION

    def evaluate(self, node: tree.AST) -> Any:
        """The value of an expression; we are then where we were."""
        before = self.node
        value = self.language.prepared(node)(self)
        self.node = before
        return value

    def execute(self, statements: list[tree.AST]) -> Any:
        """Statements in order; how they complete."""
        return self.language.execute(self, statements)

    def run_body(self, body: list[tree.AST]) -> Any:
        """A function's or module's body; what it returns."""
        return self.language.run_body(self, body)

    @property
    def generators_met(self) -> int:
        """Of how many generator functions the run has generators, as far as we have come."""
        return len({key[0] for key in self.coroutines})

    def step(self) -> None:
        """Count a statement or an iteration against the budget."""
        self.steps += 1
        if self.steps > self.budget:
            self.spend()

    def spend(self) -> None:
        """The budget is used up: nothing remains to be evaluated at build time."""
        if self.backend.e is not None:
            raise self._too_long()

    def spend_operations(self) -> None:
        """Operations take time and memory where few statements make them, as recursion does."""
        if self.backend.e.emitted > self.most_operations:
            raise TooLong(
                f"this program makes more than {self.most_operations:,} operations, with those of "
                "attempts that came to nothing, while it is compiled",
                self.location(),
                hint="write a loop in place of calls within calls; --budget N allows more",
            )

    def _too_long(self) -> FleetError:
        """The budget is used up: name the innermost loop that took most of it."""
        guilty = [node for node, before in self.unrolling if self.steps - before > self.budget // 2]
        node = guilty[-1] if guilty else None
        what = "this loop" if node is not None else "this program"
        named = node is not None and node.location.file == str(self.path)
        return TooLong(
            f"{what} takes more than {self.budget:,} steps while the program is compiled",
            self.place(node) if named else self.location(),
            hint="what depends on sys.argv or on arrays runs at run time; --budget N allows more",
        )

    @contextmanager
    def provisional(self, *failures: type[BaseException]) -> Iterator[None]:
        """Nothing remains of what is evaluated inside if it ends so."""
        before = self.noted()
        with self.heap.transaction(failures), self.place_kept():
            try:
                yield
            except failures:
                self.restore(before)
                raise

    @contextmanager
    def place_kept(self) -> Iterator[None]:
        """Be back where we were, whatever happens inside."""
        state = self.scope, self.frame, self.node, self.outside, self.depth
        try:
            yield
        finally:
            self.scope, self.frame, self.node, self.outside, self.depth = state

    def reads(self, node: tree.AST) -> Reads:
        """Where names are read in the file that a node is from."""
        return reads_in(self.sources[node.location.file])

    def exports(self, bindings: Any) -> bool:
        """Whether these are the names of a module that other files may read."""
        return any(module.values is bindings for module in self.loaded.values())

    def catches(self, kind: type[BaseException], since: int = 0) -> bool:
        """Whether a `try` or `with` around looks at exceptions of this class.

        `Exception` stands for classes that we do not know. since: of those around, from which on.
        """
        return any(
            issubclass(kind, one) or (kind is Exception and issubclass(one, kind))
            for entry in self.catching[since:] for one in entry if isinstance(one, type)
        )  # fmt: skip

    def uncatchable(
        self, exception: str, hint: str = "test for the error before, with `if`"
    ) -> None:
        """Refuse a run-time exception that an enclosing `try` of the program would catch."""
        if self.catches(named(exception)):
            raise FleetError(
                f"this may raise {exception} at run time, and the `try` or `with` around it would "
                "have to catch it, which is not supported",
                self.location(),
                hint=hint,
            )

    def given_classes(self) -> set[type]:
        """The classes that builtins and modules give to programs, to make values of."""
        tables = [self.builtins, *(module.values for module in self.modules.values())]
        names = sum(map(len, tables))
        if self._given[0] != names:
            found = {one for table in tables for one in table.values() if isinstance(one, type)}
            self._given = (names, found)
        return self._given[1]

    def readable(self, path: Any) -> Path:
        """The path, if it lies where a build may read. Raises FleetError."""
        return self.data.readable(path)

    # -- places and errors

    def location(self) -> Location:
        """The place in the user's program that is being evaluated."""
        if self.raising is not None:
            return self.raising
        if self.outside is not None:
            return self.outside
        if self.node is None:
            return Location(str(self.path), 1, frame=frame_of(self.frame))
        return self.place(self.node)

    def place(self, node: tree.AST) -> Location:
        at = node.location
        frame = frame_of(self.frame)
        return Location(at.file, at.line, at.column, at.end_line, at.end_column, frame)

    def error(
        self, message: str, hint: str | None = None, node: tree.AST | None = None
    ) -> FleetError:
        """A rejection of the present place, or of a node."""
        placed = node is not None and node.location is not UNKNOWN and self.outside is None
        at = self.place(node) if placed else self.location()
        return FleetError(message, at, hint=hint)

    def set_recursion_limit(self, limit: int) -> None:
        """sys.setrecursionlimit(limit)."""
        self.recursion_limit = limit
        self.most_calls = min(limit - 1, DEEPEST)
        make_room(FRAMES_OF_A_CALL * self.most_calls)

    def too_deep(self) -> Exception:
        """What to raise in place of one more call than `most_calls`."""
        if self.recursion_limit - 1 > DEEPEST:
            return self.error(f"the program calls more than {DEEPEST:,} functions in each other")
        return self.raised(RecursionError("maximum recursion depth exceeded"))

    def raised(self, exception: BaseException) -> Raised:
        place = vars(exception).pop(PLACE, None)
        if isinstance(exception, UNTOLD):
            exception = told(exception)
        if self.handling and not self.catches(type(exception)):
            self.language.note_chain(self, exception)
        return Raised(exception, place or self.location())

    def native(self, function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        """Call Python's own code; its exceptions are the program's."""
        if Union in map(type, arguments) and not getattr(function, "takes_unions", False):
            at = next(i for i, value in enumerate(arguments) if type(value) is Union)
            return self.language.split(
                self, arguments[at],
                lambda one: self.native(
                    function, *arguments[:at], one, *arguments[at + 1 :], **keywords),
            )  # fmt: skip
        try:
            if self.modes is NORMAL:
                value = function(*arguments, **keywords)
            else:
                value = self._in_modes(function, arguments, keywords)
        except Undecided as undecided:
            at = next((i for i, one in enumerate(arguments) if one is undecided.value), None)
            if at is None or self.outside is not None:  # what was called decides
                self.fail(undecided)
            return self.language.decide(
                self, undecided.value,
                lambda one: self.native(
                    function, *arguments[:at], one, *arguments[at + 1 :], **keywords),
            )  # fmt: skip
        except (Exception, SystemExit) as exception:
            self.fail(exception)
        return self.own(value) if type(value) in _CONTAINERS else value

    def _in_modes(self, function: Callable[..., Any], arguments: Any, keywords: Any) -> Any:
        """As NumPy calls it in the modes that the program has set."""
        told, heard = self.told, _Log()
        modes = dict.fromkeys(self.fatal, "raise") | dict.fromkeys(told, "log")
        with np.errstate(**modes, **({"call": heard} if told else {})):
            value = function(*arguments, **keywords)
        for line in heard.lines:
            self.tell_float_error(line)
        return value

    def fail(self, exception: BaseException) -> NoReturn:
        """Raise what an exception that came out of Python's own code is for the program."""
        if isinstance(exception, FleetError):
            exception.location = exception.location or self.location()
        if isinstance(exception, FleetError | Raised) or is_mistake_of_ours(exception):
            raise exception
        raise self.raised(exception) from exception

    def own(self, value: Any) -> Any:
        """Python's mutable containers as ours, whose writes are recorded."""
        kind = type(value)
        if kind is list:
            return List(self.heap, value)
        if kind is dict:
            return Dict(self.heap, value)
        if kind is set:
            return Set(self.heap, value)
        return value


_CONTAINERS = frozenset((list, dict, set))
_PACKAGE = Path(__file__).parents[1]
_BAD_CALL = re.compile(
    r"([\w.<>]+)\(\) (missing \d+ required|takes [^(]*positional arguments? but|takes no arguments$"
    r"|got an unexpected keyword|got multiple values)"
)
"""How Python refuses a call of a function that is written in Python."""


def is_mistake_of_ours(exception: BaseException) -> bool:
    """Whether an exception shows a bug in this package rather than in the user's program.

    What one of our functions states with `raise` is the program's; a name that our own code lacks,
    or a wrong call of one of our own functions by another, is not.
    """
    if not isinstance(exception, NameError | AttributeError | AssertionError | TypeError):
        return False
    if PLACE in vars(exception):
        return False
    trace = exception.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None or _PACKAGE not in Path(trace.tb_frame.f_code.co_filename).parents:
        return False
    if isinstance(exception, AssertionError):
        return True
    instruction = dis.opname[trace.tb_frame.f_code.co_code[trace.tb_lasti]]
    if isinstance(exception, TypeError):
        call = _BAD_CALL.match(str(exception))
        return call is not None and "CALL" in instruction and _is_ours(call[1])
    return instruction.startswith(("LOAD_", "STORE_", "DELETE_"))


def _is_ours(qualname: str) -> bool:
    """Whether a function of this name is in this package."""
    name = qualname.partition(".")[0]
    for module_name, module in list(sys.modules.items()):
        found = vars(module).get(name) if module_name.startswith("fleet.") else None
        if isinstance(found, FunctionType | type) and found.__module__ == module_name:
            return True
    return False

"""The syntax tree: node classes with the names, fields and positions of CPython 3.11's `ast`.

In: what the parser found. Out: nodes to `match` on (`case Call(func, args, keywords)`) and their
text, `dump(node)`, letter for letter that of `ast.dump`. The one idea: the classes are made from
one table, a line a node, so the table is the documentation. (Python library reference, `ast`.)

In the table `name:type` is a field, `type*` a list (default empty), `type?` optional (default
None). A category marked `@` knows its place in the source.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from fleet.diagnostics import UNKNOWN, Location
from fleet.recursion import recursion_room
from fleet.syntax.source import Source

MAX_DEPTH = 1000
"""The parser refuses trees of more levels, so that recursive readers of trees need no guard."""

_GRAMMAR = """
mod
    Module              body:stmt* type_ignores:type_ignore*
    Expression          body:expr
stmt @
    FunctionDef         name:str args:arguments body:stmt* decorator_list:expr* returns:expr? type_comment:str?
    AsyncFunctionDef    name:str args:arguments body:stmt* decorator_list:expr* returns:expr? type_comment:str?
    ClassDef            name:str bases:expr* keywords:keyword* body:stmt* decorator_list:expr*
    Return              value:expr?
    Delete              targets:expr*
    Assign              targets:expr* value:expr type_comment:str?
    AugAssign           target:expr op:operator value:expr
    AnnAssign           target:expr annotation:expr value:expr? simple:int
    For                 target:expr iter:expr body:stmt* orelse:stmt* type_comment:str?
    AsyncFor            target:expr iter:expr body:stmt* orelse:stmt* type_comment:str?
    While               test:expr body:stmt* orelse:stmt*
    If                  test:expr body:stmt* orelse:stmt*
    With                items:withitem* body:stmt* type_comment:str?
    AsyncWith           items:withitem* body:stmt* type_comment:str?
    Match               subject:expr cases:match_case*
    Raise               exc:expr? cause:expr?
    Try                 body:stmt* handlers:excepthandler* orelse:stmt* finalbody:stmt*
    TryStar             body:stmt* handlers:excepthandler* orelse:stmt* finalbody:stmt*
    Assert              test:expr msg:expr?
    Import              names:alias*
    ImportFrom          module:str? names:alias* level:int?
    Global              names:str*
    Nonlocal            names:str*
    Expr                value:expr
    Pass
    Break
    Continue
expr @
    BoolOp              op:boolop values:expr*
    NamedExpr           target:expr value:expr
    BinOp               left:expr op:operator right:expr
    UnaryOp             op:unaryop operand:expr
    Lambda              args:arguments body:expr
    IfExp               test:expr body:expr orelse:expr
    Dict                keys:expr?* values:expr*
    Set                 elts:expr*
    ListComp            elt:expr generators:comprehension*
    SetComp             elt:expr generators:comprehension*
    DictComp            key:expr value:expr generators:comprehension*
    GeneratorExp        elt:expr generators:comprehension*
    Await               value:expr
    Yield               value:expr?
    YieldFrom           value:expr
    Compare             left:expr ops:cmpop* comparators:expr*
    Call                func:expr args:expr* keywords:keyword*
    FormattedValue      value:expr conversion:int format_spec:expr?
    JoinedStr           values:expr*
    Constant            value:constant kind:str?
    Attribute           value:expr attr:str ctx:expr_context
    Subscript           value:expr slice:expr ctx:expr_context
    Starred             value:expr ctx:expr_context
    Name                id:str ctx:expr_context
    List                elts:expr* ctx:expr_context
    Tuple               elts:expr* ctx:expr_context
    Slice               lower:expr? upper:expr? step:expr?
expr_context
    Load
    Store
    Del
boolop
    And
    Or
operator
    Add
    Sub
    Mult
    MatMult
    Div
    Mod
    Pow
    LShift
    RShift
    BitOr
    BitXor
    BitAnd
    FloorDiv
unaryop
    Invert
    Not
    UAdd
    USub
cmpop
    Eq
    NotEq
    Lt
    LtE
    Gt
    GtE
    Is
    IsNot
    In
    NotIn
comprehension
    comprehension       target:expr iter:expr ifs:expr* is_async:int
excepthandler @
    ExceptHandler       type:expr? name:str? body:stmt*
arguments
    arguments           posonlyargs:arg* args:arg* vararg:arg? kwonlyargs:arg* kw_defaults:expr?* kwarg:arg? defaults:expr*
arg @
    arg                 arg:str annotation:expr? type_comment:str?
keyword @
    keyword             arg:str? value:expr
alias @
    alias               name:str asname:str?
withitem
    withitem            context_expr:expr optional_vars:expr?
match_case
    match_case          pattern:pattern guard:expr? body:stmt*
pattern @
    MatchValue          value:expr
    MatchSingleton      value:constant
    MatchSequence       patterns:pattern*
    MatchMapping        keys:expr* patterns:pattern* rest:str?
    MatchClass          cls:expr patterns:pattern* kwd_attrs:str* kwd_patterns:pattern*
    MatchStar           name:str?
    MatchAs             pattern:pattern? name:str?
    MatchOr             patterns:pattern*
type_ignore
    TypeIgnore          lineno:int tag:str
"""  # noqa: E501


class AST:
    """A node. Fields are given by position or name; optional ones and lists may be left out.

    There is room in a node for what is no part of the tree: `prepared`, what an evaluator made of
    it, and `facts` and `leaves`, what somebody found out about its text. So these live as long as
    the tree.
    """

    __slots__ = ("facts", "leaves", "prepared")
    __match_args__: ClassVar[tuple[str, ...]] = ()
    _fields: ClassVar[tuple[str, ...]] = ()
    _attributes: ClassVar[tuple[str, ...]] = ()
    _types: ClassVar[dict[str, str]] = {}

    def __init__(self, *values: Any, **named: Any) -> None:
        fields = self._fields
        for name, value in zip(fields, values, strict=False):
            setattr(self, name, value)
        if named or len(values) != len(fields):
            self._complete(len(values), named)

    def _complete(self, given: int, named: dict[str, Any]) -> None:
        """Fields given by name, and the defaults of those not given."""
        if given > len(self._fields):
            raise TypeError(f"{type(self).__name__} has {len(self._fields)} fields, not {given}")
        for name in self._fields[given:]:
            field_type = self._types[name]
            if name in named:
                setattr(self, name, named.pop(name))
            elif field_type.endswith("*"):
                setattr(self, name, [])
            elif field_type.endswith("?"):
                setattr(self, name, None)
            else:
                raise TypeError(f"{type(self).__name__} needs the field {name!r}")
        for name, value in named.items():
            if name not in self._attributes:
                raise TypeError(f"{type(self).__name__} has no field {name!r} to be given")
            setattr(self, name, value)

    @property
    def location(self) -> Location:
        """Where the node stands in the source, in characters; UNKNOWN for nodes without a place."""
        return UNKNOWN

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self.location}>"

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """A field: the table says which there are."""


class Located(AST):
    """A node with a place. Columns are UTF-8 bytes as in CPython; `location` has characters."""

    __slots__ = ("lineno", "col_offset", "end_lineno", "end_col_offset", "source", "_location")
    _attributes = ("lineno", "col_offset", "end_lineno", "end_col_offset")

    source: Source

    @property
    def location(self) -> Location:
        try:
            return self._location
        except AttributeError:
            pass
        try:
            self._location = self.source.location(
                self.lineno, self.col_offset, self.end_lineno, self.end_col_offset
            )
        except AttributeError:
            return UNKNOWN
        return self._location


def _make_classes() -> dict[str, type[AST]]:
    """The classes of the table, by name: a base class for each category, and its nodes."""
    classes: dict[str, type[AST]] = {}
    category: type[AST] = AST
    for row in _GRAMMAR.strip().splitlines():
        name, *rest = row.split()
        if not row.startswith(" "):
            base = Located if rest == ["@"] else AST
            category = type(name, (base,), {"__slots__": (), "__module__": __name__})
            classes[name] = category
            continue
        types = dict(field.split(":") for field in rest)
        body = {
            "__slots__": tuple(types),
            "__match_args__": tuple(types),
            "__module__": __name__,
            "_fields": tuple(types),
            "_types": types,
        }
        classes[name] = type(name, (category,), body)
    return classes


CLASSES = _make_classes()
globals().update(CLASSES)

if TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """A class of the table."""



def iter_child_nodes(node: AST) -> Iterator[AST]:
    """The nodes directly below, in the order of the fields."""
    for name in node._fields:
        value = getattr(node, name)
        if isinstance(value, AST):
            yield value
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, AST):
                    yield item


def walk(node: AST) -> Iterator[AST]:
    """The node and all nodes below it, level by level."""
    level = [node]
    while level:
        below: list[AST] = []
        for one in level:
            yield one
            below.extend(iter_child_nodes(one))
        level = below


FRAMES = 9 * MAX_DEPTH
"""The most Python calls on top of each other that a reader of a tree needs."""


def dump(node: AST, *, indent: int | None = None, include_attributes: bool = False) -> str:
    """The text of a tree, as `ast.dump` of CPython 3.11 writes it; `parse_dump` reads it back.

    indent: spaces per level, or None for a single line.
    include_attributes: whether to write the positions.
    """
    with recursion_room(FRAMES):
        return _dump(node, "" if indent is None else " " * indent, indent is None, "\n",
                     include_attributes)[0]


def _dump(
    value: Any, step: str, flat: bool, newline: str, attributes: bool
) -> tuple[str, bool]:
    """The text of a field's value, and whether it is so small that its node may share a line."""
    if isinstance(value, AST):
        inner = newline + step
        parts, small = [], True
        names = value._fields + value._attributes if attributes else value._fields
        for name in names:
            field = getattr(value, name, None)
            if field is None and value._types.get(name, "?").endswith("?"):
                continue
            text, simple = _dump(field, step, flat, inner, attributes)
            small = small and simple
            parts.append(f"{name}={text}")
        start = f"{type(value).__name__}("
        if flat or (small and len(parts) <= 3):
            return f"{start}{', '.join(parts)})", not parts
        return f"{start}{inner}{f',{inner}'.join(parts)})", False
    if isinstance(value, list):
        if not value:
            return "[]", True
        inner = newline + step
        parts = [_dump(item, step, flat, inner, attributes)[0] for item in value]
        return (f"[{', '.join(parts)}]" if flat else f"[{inner}{f',{inner}'.join(parts)}]"), False
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 10000:
        return hex(value), True  # Python prints no decimal number of more than 4300 digits
    return repr(value), True

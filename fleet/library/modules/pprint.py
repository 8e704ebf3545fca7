"""`pprint`: values over several lines, where one is not wide enough.

The one idea, CPython's: a container that does not fit is shown item by item, one a line, each
indented by what stands before the first.
"""

import sys


def pformat(object, indent=1, width=80, depth=None, *, compact=False, sort_dicts=True,
            underscore_numbers=False):  # fmt: skip
    _refuse(depth, underscore_numbers)
    return _shown(object, indent, width, compact, sort_dicts, 0, 0)


def pprint(object, stream=None, indent=1, width=80, depth=None, *, compact=False, sort_dicts=True,
           underscore_numbers=False):  # fmt: skip
    _refuse(depth, underscore_numbers)
    text = _shown(object, indent, width, compact, sort_dicts, 0, 0)
    (sys.stdout if stream is None else stream).write(text + "\n")


def pp(object, *arguments, sort_dicts=False, **keywords):
    pprint(object, *arguments, sort_dicts=sort_dicts, **keywords)


def saferepr(object):
    return pformat(object, width=sys.maxsize)


class PrettyPrinter:
    def __init__(self, indent=1, width=80, depth=None, stream=None, *, compact=False,
                 sort_dicts=True, underscore_numbers=False):  # fmt: skip
        if indent < 0:
            raise ValueError("indent must be >= 0")
        if not width:
            raise ValueError("width must be != 0")
        _refuse(depth, underscore_numbers)
        self._options = {"indent": indent, "width": width, "compact": compact,
                         "sort_dicts": sort_dicts}  # fmt: skip
        self._stream = stream

    def pprint(self, object):
        pprint(object, self._stream, **self._options)

    def pformat(self, object):
        return pformat(object, **self._options)


def _refuse(depth, underscores):
    if depth is not None or underscores:
        raise NotImplementedError("this option of pprint is not supported")


def _plain(object, sort_dicts):
    """The value in a line: as repr(), where keys are in order."""
    kind = type(object)
    if kind is dict and object:
        keys = _keys(object, sort_dicts)
        parts = [f"{_plain(key, sort_dicts)}: {_plain(object[key], sort_dicts)}" for key in keys]
        return "{" + ", ".join(parts) + "}"
    if kind is list:
        return "[" + ", ".join([_plain(one, sort_dicts) for one in object]) + "]"
    if kind is tuple and object:
        end = ",)" if len(object) == 1 else ")"
        return "(" + ", ".join([_plain(one, sort_dicts) for one in object]) + end
    return repr(object)


def _keys(object, sort_dicts):
    if not sort_dicts:
        return list(object)
    kinds = {type(key) for key in object}
    if len(kinds) > 1:
        raise NotImplementedError("pprint of a dict whose keys are of several types")
    return sorted(object)


def _shown(object, indent, width, compact, sort_dicts, start, allowance):
    line = _plain(object, sort_dicts)
    room = width - start - allowance
    if len(line) <= room:
        return line
    kind = type(object)
    if kind is dict and object:
        parts = []
        keys = _keys(object, sort_dicts)
        inner = start + indent
        for number, key in enumerate(keys):
            shown = _plain(key, sort_dicts)
            last = number == len(keys) - 1
            parts.append(shown + ": " + _shown(
                object[key], indent, width, compact, sort_dicts, inner + len(shown) + 2,
                allowance + 1 if last else 1))  # fmt: skip
        separator = ",\n" + " " * inner
        return "{" + " " * (indent - 1) + separator.join(parts) + "}"
    if kind in (list, tuple) and object:
        first, end = ("[", "]") if kind is list else ("(", ",)" if len(object) == 1 else ")")
        return first + " " * (indent - 1) + _items(
            list(object), indent, width, compact, sort_dicts, start, allowance + len(end)) + end
    if kind in (set, frozenset) and object:
        if len({type(one) for one in object}) > 1:
            raise NotImplementedError("pprint of a set whose elements are of several types")
        if kind is set:
            first, end, inner = "{", "}", start
        else:
            first, end, inner = "frozenset({", "})", start + 10
        return first + " " * (indent - 1) + _items(
            sorted(object), indent, width, compact, sort_dicts, inner, allowance + len(end)) + end
    if kind is str and object:
        return _text(object, width, start, allowance)
    return line


def _items(items, indent, width, compact, sort_dicts, start, allowance):
    inner = start + indent
    separator = ",\n" + " " * inner
    if not compact:
        parts = []
        for number, item in enumerate(items):
            left = allowance if number == len(items) - 1 else 1
            parts.append(_shown(item, indent, width, compact, sort_dicts, inner, left))
        return separator.join(parts)
    room = full = width - inner + 1
    text, between = "", ""
    for number, item in enumerate(items):
        last = number == len(items) - 1
        if last:
            full -= allowance
            room -= allowance
        line = _plain(item, sort_dicts)
        wide = len(line) + 2
        if room < wide:
            room = full
            if between:
                between = separator
        if room >= wide:
            room -= wide
            text += between + line
            between = ", "
        else:
            left = allowance if last else 1
            text += between + _shown(item, indent, width, compact, sort_dicts, inner, left)
            between = separator
    return text


def _text(object, width, start, allowance):
    """A long text, in pieces of a line each."""
    lines = object.splitlines(True)
    level = 1 if start == 0 else 0
    indent = start + level
    allowance += level
    pieces = []
    line = ""
    for number, one in enumerate(lines):
        shown = repr(one)
        wide = width - indent
        if number == len(lines) - 1:
            wide -= allowance
        if len(shown) <= wide:
            pieces.append(shown)
            continue
        words = _words(one)
        current = ""
        for at, word in enumerate(words):
            longer = current + word
            most = width - indent
            if at == len(words) - 1 and number == len(lines) - 1:
                most -= allowance
            if len(repr(longer)) > most:
                if current:
                    pieces.append(repr(current))
                current = word
            else:
                current = longer
        if current:
            pieces.append(repr(current))
    if len(pieces) == 1:
        return pieces[0]
    line = ("\n" + " " * indent).join(pieces)
    return "(" + line + ")" if level else line


def _words(text):
    """Words with the blanks after them."""
    found, word, blank = [], "", False
    for letter in text:
        if letter.isspace():
            blank = True
        elif blank:
            found.append(word)
            word, blank = "", False
        word += letter
    return found + [word] if word else found

"""`fire`: a function called with the words of the command line, by place and by name."""

import sys

from primitives import parameters_of, unsupported


def Fire(component=None, command=None, name=None):  # noqa: N802
    if component is None or isinstance(component, dict) or not callable(component):
        unsupported("fire.Fire() of anything but a function or a class")
    words = sys.argv[1:] if command is None else command
    rows = parameters_of(component)
    values = [default for _, _, default, _ in rows]
    given = [not needed for _, needed, _, _ in rows]
    place, waiting = 0, -1
    for word in words:
        if waiting >= 0:
            for number, row in enumerate(rows):
                if waiting == number:
                    values[number] = _value(word, row)
                    given[number] = True
            waiting = -1
        elif word.startswith("--"):
            named, has_value, text = word[2:].replace("-", "_"), False, ""
            if "=" in word:
                named, _, text = word[2:].partition("=")
                named = named.replace("-", "_")
                has_value = True
            known = False
            for number, row in enumerate(rows):
                if row[0] == named:
                    known = True
                    if has_value:
                        values[number] = _value(text, row)
                        given[number] = True
                    elif isinstance(row[2], bool):
                        values[number] = True
                        given[number] = True
                    else:
                        waiting = number
            if not known:
                _fail("Could not consume arg: " + word)
        else:
            used = False
            for number, row in enumerate(rows):
                if not used and place == number:
                    used = True
                    values[number] = _value(word, row)
                    given[number] = True
            if not used:
                _fail("Could not consume arg: " + word)
            place += 1
    for number, row in enumerate(rows):
        if not given[number]:
            _fail("The function received no value for the required argument: " + row[0])
    result = component(**{row[0]: value for row, value in zip(rows, values)})
    if result is not None and command is None and not hasattr(result, "__dict__"):
        print(result)
    return result


def _fail(message):
    sys.stderr.write("ERROR: " + message + "\n")
    sys.exit(2)


def _value(text, row):
    """A word as a value: of the type of the default or annotation, else what it looks like."""
    _, _, default, kind = row
    if kind is None and default is not None:
        kind = type(default)
    if kind is str:
        return text
    if kind is bool:
        return text == "True"
    if kind is int:
        return int(text)
    if kind is float:
        return float(text)
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text

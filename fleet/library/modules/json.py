"""`json`: texts of data, and data of texts.

Who writes and reads them is Python's own module: now for what is known now, and as a service of the
host for what only run time knows.
"""

from primitives import json_mistake, json_text, json_value


class JSONDecodeError(ValueError):
    def __init__(self, msg, doc, pos):
        lineno = doc.count("\n", 0, pos) + 1
        colno = pos - doc.rfind("\n", 0, pos)
        super().__init__(f"{msg}: line {lineno} column {colno} (char {pos})")
        self.msg = msg
        self.doc = doc
        self.pos = pos
        self.lineno = lineno
        self.colno = colno


JSONDecodeError.__module__ = "json.decoder"


def dumps(obj, **options):
    return json_text(obj, options)


def dump(obj, fp, **options):
    fp.write(json_text(obj, options))


def loads(s, **options):
    mistake = json_mistake(s)
    if mistake is not None:
        msg, pos = mistake
        raise JSONDecodeError(msg, s, pos)
    return json_value(s, options)


def load(fp, **options):
    return loads(fp.read(), **options)

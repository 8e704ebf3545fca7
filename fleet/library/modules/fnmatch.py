"""`fnmatch`: names that match the patterns of a shell."""

from primitives import codec


def fnmatch(name, pat):
    return codec("fnmatch.fnmatch", "bool", name, pat)


def fnmatchcase(name, pat):
    return codec("fnmatch.fnmatchcase", "bool", name, pat)


def filter(names, pat):
    return codec("fnmatch.filter", "list", list(names), pat)


def translate(pat):
    return codec("fnmatch.translate", "str", pat)

"""`shlex`: words as a shell parts and quotes them."""

from primitives import codec


def split(s, comments=False, posix=True):
    return codec("shlex.split", "list", s, comments, posix)


def quote(s):
    return codec("shlex.quote", "str", s)


def join(split_command):
    return " ".join([quote(word) for word in split_command])

"""`difflib`: texts that are near others, and what sets them apart."""

from primitives import codec


def get_close_matches(word, possibilities, n=3, cutoff=0.6):
    return codec("difflib.get_close_matches", "list", word, list(possibilities), n, cutoff)


def ndiff(a, b):
    return iter(codec("difflib.ndiff", "list", list(a), list(b)))


def unified_diff(a, b, fromfile="", tofile="", fromfiledate="", tofiledate="", n=3, lineterm="\n"):
    return iter(codec(
        "difflib.unified_diff", "list", list(a), list(b), fromfile, tofile, fromfiledate,
        tofiledate, n, lineterm,
    ))  # fmt: skip


def context_diff(a, b, fromfile="", tofile="", fromfiledate="", tofiledate="", n=3, lineterm="\n"):
    return iter(codec(
        "difflib.context_diff", "list", list(a), list(b), fromfile, tofile, fromfiledate,
        tofiledate, n, lineterm,
    ))  # fmt: skip

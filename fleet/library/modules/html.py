"""`html`: texts as markup writes them."""

from primitives import codec


def escape(s, quote=True):
    return codec("html.escape", "str", s, quote)


def unescape(s):
    return codec("html.unescape", "str", s)

"""`ast`: values of Python as texts write them."""

from primitives import codec


def literal_eval(node_or_string):
    return codec("ast.literal_eval", "object", node_or_string)

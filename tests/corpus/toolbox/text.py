from . import geometry


def underline(text, char="="):
    assert geometry.math.pi > 3
    return f"{text}\n{char * len(text)}"

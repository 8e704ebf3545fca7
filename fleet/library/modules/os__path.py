"""`os.path`: what files of the run are like."""

from file_system import raise_error
from primitives import file_size, path_of


def getsize(filename):
    path = path_of(filename)
    size, code, words = file_size(path)
    if code != 0:
        raise_error(code, words, path)
    return size

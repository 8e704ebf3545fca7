"""`pathlib`: paths as objects around their texts, and what they do with files.

To this system every path is one of POSIX, so `Path` and `PosixPath` are one class.
"""

import os

from file_system import change
from primitives import file_matches, path_now, path_of, path_text


class PurePosixPath:
    def __init__(self, *pathsegments):
        self._text = path_text("of", *[path_of(one) for one in pathsegments])

    def _new(self, text):
        return type(self)(text)

    def __str__(self):
        return self._text

    def __fspath__(self):
        return self._text

    def __repr__(self):
        return f"{type(self).__name__}({self._text!r})"

    def __hash__(self):
        return hash(self._text)

    def __eq__(self, other):
        if not isinstance(other, PurePosixPath):
            return NotImplemented
        return self._text == other._text

    def __lt__(self, other):
        if not isinstance(other, PurePosixPath):
            return NotImplemented
        return path_text("before", self._text, other._text)

    def __gt__(self, other):
        if not isinstance(other, PurePosixPath):
            return NotImplemented
        return path_text("before", other._text, self._text)

    def __le__(self, other):
        if not isinstance(other, PurePosixPath):
            return NotImplemented
        return not path_text("before", other._text, self._text)

    def __ge__(self, other):
        if not isinstance(other, PurePosixPath):
            return NotImplemented
        return not path_text("before", self._text, other._text)

    def __truediv__(self, key):
        if not isinstance(key, (str, PurePosixPath)) and not hasattr(key, "__fspath__"):
            return NotImplemented
        return self._new(path_text("joinpath", self._text, path_of(key)))

    def __rtruediv__(self, key):
        if not isinstance(key, str):
            return NotImplemented
        return self._new(path_text("joinpath", key, self._text))

    @property
    def parts(self):
        return path_text("parts", self._text)

    @property
    def drive(self):
        return path_text("drive", self._text)

    @property
    def root(self):
        return path_text("root", self._text)

    @property
    def anchor(self):
        return path_text("anchor", self._text)

    @property
    def name(self):
        return path_text("name", self._text)

    @property
    def suffix(self):
        return path_text("suffix", self._text)

    @property
    def suffixes(self):
        return path_text("suffixes", self._text)

    @property
    def stem(self):
        return path_text("stem", self._text)

    @property
    def parent(self):
        return self._new(path_text("parent", self._text))

    @property
    def parents(self):
        return tuple([self._new(one) for one in path_text("parents", self._text)])

    def as_posix(self):
        return self._text

    def as_uri(self):
        return path_text("as_uri", self._text)

    def is_absolute(self):
        return path_text("is_absolute", self._text)

    def is_relative_to(self, *other):
        return path_text("is_relative_to", self._text, *[path_of(one) for one in other])

    def match(self, path_pattern):
        return path_text("match", self._text, path_pattern)

    def joinpath(self, *args):
        return self._new(path_text("joinpath", self._text, *[path_of(one) for one in args]))

    def relative_to(self, *other):
        return self._new(path_text("relative_to", self._text, *[path_of(one) for one in other]))

    def with_name(self, name):
        return self._new(path_text("with_name", self._text, name))

    def with_stem(self, stem):
        return self._new(path_text("with_stem", self._text, stem))

    def with_suffix(self, suffix):
        return self._new(path_text("with_suffix", self._text, suffix))


class PosixPath(PurePosixPath):
    @classmethod
    def cwd(cls):
        return cls(os.getcwd())

    def resolve(self, strict=False):
        return self._new(path_now("resolve", self._text))

    def absolute(self):
        return self._new(path_now("absolute", self._text))

    def exists(self):
        return os.path.exists(self._text)

    def is_file(self):
        return os.path.isfile(self._text)

    def is_dir(self):
        return os.path.isdir(self._text)

    def open(self, mode="r", buffering=-1, encoding=None, errors=None, newline=None):
        return open(self._text, mode, buffering, encoding, errors, newline)

    def read_text(self, encoding=None, errors=None):
        with open(self._text, encoding=encoding, errors=errors) as file:
            return file.read()

    def read_bytes(self):
        with open(self._text, "rb") as file:
            return file.read()

    def write_text(self, data, encoding=None, errors=None, newline=None):
        if not isinstance(data, str):
            raise TypeError(f"data must be str, not {type(data).__name__}")
        with open(self._text, "w", encoding=encoding, errors=errors, newline=newline) as file:
            return file.write(data)

    def write_bytes(self, data):
        with open(self._text, "wb") as file:
            return file.write(data)

    def touch(self, mode=0o666, exist_ok=True):
        open(self._text, "a" if exist_ok else "x").close()

    def mkdir(self, mode=0o777, parents=False, exist_ok=False):
        change("mkpath", self._text, mode, parents, exist_ok)

    def rmdir(self):
        os.rmdir(self._text)

    def unlink(self, missing_ok=False):
        try:
            os.remove(self._text)
        except FileNotFoundError:
            if not missing_ok:
                raise

    def rename(self, target):
        os.rename(self._text, target)
        return self._new(path_of(target))

    def replace(self, target):
        return self.rename(target)

    def iterdir(self):
        for name in os.listdir(self._text):
            yield self._new(path_text("joinpath", self._text, name))

    def glob(self, pattern):
        if not pattern:
            raise ValueError(f"Unacceptable pattern: {pattern!r}")
        for text in file_matches(self._text, pattern, True):
            yield self._new(text)

    def rglob(self, pattern):
        return self.glob("**/" + pattern)


PurePath, Path = PurePosixPath, PosixPath

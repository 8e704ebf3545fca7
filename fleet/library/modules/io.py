"""`io`: files, and texts that are written and read like files.

A file that is data of the program is a text or bytes in memory; any other is one of the run's, and
each method asks the host.
"""

from file_system import raise_error
from primitives import file_ask, file_given, file_lines, file_open, known_content, path_of

SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2


class UnsupportedOperation(OSError, ValueError):
    pass


def open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True,
         opener=None):
    path = path_of(file)
    _check_mode(mode)
    binary = "b" in mode
    if binary and encoding is not None:
        raise ValueError("binary mode doesn't take an encoding argument")
    if binary and errors is not None:
        raise ValueError("binary mode doesn't take an errors argument")
    if binary and newline is not None:
        raise ValueError("binary mode doesn't take a newline argument")
    if not closefd:
        raise ValueError("Cannot use closefd=False with file name")
    if opener is not None:
        raise TypeError("open() with an opener is not supported")
    plain = mode.replace("b", "").replace("t", "")
    content = known_content(path) if plain == "r" else None
    if content is not None:
        if binary:
            return _KnownFile(content, path, mode)
        return _KnownFile(_decoded(content, encoding, errors, newline), path, mode)
    options = {"mode": mode, "encoding": encoding, "errors": errors, "newline": newline}
    made, code, words = file_open(path, options)
    if code != 0:
        raise_error(code, words, path)
    if not binary:
        return TextIOWrapper(made, path, mode, encoding)
    kind = BufferedRandom if "+" in mode else BufferedReader if plain == "r" else BufferedWriter
    return kind(made, path, mode)


def _check_mode(mode):
    if not isinstance(mode, str):
        raise TypeError(f"open() argument 'mode' must be str, not {type(mode).__name__}")
    letters = set(mode)
    if letters - set("rwxabt+") or len(letters) != len(mode):
        raise ValueError(f"invalid mode: {mode!r}")
    if "b" in mode and "t" in mode:
        raise ValueError("can't have text and binary mode at once")
    if len(letters & set("rwxa")) != 1:
        if len(letters & set("rwxa")) == 0 and "+" in mode and len(letters) == 1:
            raise ValueError(
                "Must have exactly one of create/read/write/append mode and at most one plus")
        raise ValueError("must have exactly one of create/read/write/append mode")


def _decoded(content, encoding, errors, newline):
    text = content.decode("utf-8" if encoding is None else encoding,
                          "strict" if errors is None else errors)
    if newline is not None:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Lines:
    """What is read, and written, line by line."""

    def readlines(self, hint=-1):
        return list(self)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line


class _File(_Lines):
    """A file of the run."""

    def __init__(self, file, name, mode, encoding=None):
        self._file = file
        self.name = name
        self.mode = mode
        self.closed = False

    def _ask(self, what, gives, *values):
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        return file_ask(what, gives, self._file, *values)

    def _ask_for_arrays(self, function, *given):
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        return function(file_given(self._file), *given)

    def readable(self):
        return "r" in self.mode or "+" in self.mode

    def writable(self):
        return "r" not in self.mode or "+" in self.mode

    def seekable(self):
        return True

    def _check_reading(self):
        if not self.closed and not self.readable():
            raise UnsupportedOperation(self._not_readable)

    def _check_writing(self):
        if not self.closed and not self.writable():
            raise UnsupportedOperation(self._not_writable)

    def read(self, size=-1):
        self._check_reading()
        return self._ask("read", self._gives, -1 if size is None else size)

    def readline(self, size=-1):
        self._check_reading()
        return self._ask("readline", self._gives, -1 if size is None else size)

    def __iter__(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        self._check_reading()
        return file_lines(self._file, self._gives)

    def seek(self, offset, whence=0):
        return self._ask("seek", "int", offset, whence)

    def tell(self):
        return self._ask("tell", "int")

    def truncate(self, size=None):
        self._check_writing()
        return self._ask("truncate", "int", -1 if size is None else size)

    def flush(self):
        self._ask("flush", "int")

    def close(self):
        if not self.closed:
            self._ask("close", "int")
            self.closed = True

    def __enter__(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        return self

    def __exit__(self, *_):
        self.close()


class TextIOWrapper(_File):
    _gives = "str"
    _not_readable = "not readable"
    _not_writable = "not writable"

    def __init__(self, file, name, mode, encoding=None):
        super().__init__(file, name, mode)
        self.encoding = "utf-8" if encoding is None else encoding

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._check_writing()
        return self._ask("write", "int", text)


class _Buffered(_File):
    _gives = "bytes"
    _not_readable = "read"
    _not_writable = "write"

    def write(self, data):
        if isinstance(data, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        self._check_writing()
        return self._ask("write", "int", bytes(data))


class BufferedReader(_Buffered):
    pass


class BufferedWriter(_Buffered):
    pass


class BufferedRandom(_Buffered):
    pass


for _kind in (TextIOWrapper, BufferedReader, BufferedWriter, BufferedRandom):
    _kind.__module__ = "_io"


class StringIO(_Lines):
    def __init__(self, initial_value="", newline="\n"):
        self._parts = [initial_value] if initial_value else []
        self._at = 0
        self.closed = False

    def getvalue(self):
        return "".join(self._parts)

    def write(self, s):
        if not isinstance(s, str):
            raise TypeError(f"string argument expected, got {type(s).__name__!r}")
        text = self.getvalue()
        if self._at == len(text):
            self._parts.append(s)
        else:
            self._parts = [text[: self._at], s, text[self._at + len(s) :]]
        self._at = self._at + len(s)
        return len(s)

    def read(self, size=-1):
        text = self.getvalue()
        end = len(text) if size is None or size < 0 else min(self._at + size, len(text))
        found, self._at = text[self._at : end], max(self._at, end)
        return found

    def readline(self):
        text = self.getvalue()
        end = text.find("\n", self._at)
        end = len(text) if end < 0 else end + 1
        found, self._at = text[self._at : end], end
        return found

    def __iter__(self):
        return self

    def seek(self, offset, whence=0):
        self._at = len(self.getvalue()) if whence == 2 else offset
        return self._at

    def tell(self):
        return self._at

    def truncate(self, size=None):
        size = self._at if size is None else size
        self._parts = [self.getvalue()[:size]]
        return size

    def flush(self):
        pass

    def close(self):
        self.closed = True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class _KnownFile(_Lines):
    """A file that is data of the program: its content, read from the beginning."""

    def __init__(self, content, name, mode):
        self._content = content
        self._at = 0
        self.name = name
        self.mode = mode
        self.closed = False

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")

    def read(self, size=-1):
        self._check()
        last = len(self._content)
        end = last if size is None or size < 0 else min(self._at + size, last)
        found, self._at = self._content[self._at : end], end
        return found

    def readline(self, size=-1):
        self._check()
        newline = b"\n" if isinstance(self._content, bytes) else "\n"
        end = self._content.find(newline, self._at) + 1
        end = len(self._content) if end == 0 else end
        return self.read(end - self._at if size is None or size < 0 else min(size, end - self._at))

    def __iter__(self):
        self._check()
        return self

    def write(self, text):
        self._check()
        raise UnsupportedOperation("write" if isinstance(self._content, bytes) else "not writable")

    def seek(self, offset, whence=0):
        self._check()
        if whence == 0:
            self._at = min(offset, len(self._content))
        elif whence == 2 and offset == 0:
            self._at = len(self._content)
        elif whence != 1 or offset != 0:
            raise UnsupportedOperation("can't do nonzero cur-relative seeks")
        return self._at

    def tell(self):
        self._check()
        return self._at

    def readable(self):
        return True

    def writable(self):
        return False

    def close(self):
        self.closed = True

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *_):
        self.close()

"""`io`: texts that are written and read like files."""


class StringIO:
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

    def writelines(self, lines):
        for line in lines:
            self.write(line)

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

    def readlines(self):
        return list(self)

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

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

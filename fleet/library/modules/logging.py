"""`logging`: messages of levels, by name, to standard error or a stream.

The one idea: a logger is a name, a level and handlers; a message goes to those of its logger and of
the loggers around it, each of which shows it by its format. What shows a time is refused.
"""

import sys

CRITICAL, ERROR, WARNING, INFO, DEBUG, NOTSET = 50, 40, 30, 20, 10, 0
FATAL, WARN = CRITICAL, WARNING
_NAMES = {50: "CRITICAL", 40: "ERROR", 30: "WARNING", 20: "INFO", 10: "DEBUG", 0: "NOTSET"}
_LEVELS = {name: level for level, name in _NAMES.items()} | {"FATAL": 50, "WARN": 30}
raiseExceptions = True  # noqa: N816


def getLevelName(level):  # noqa: N802
    if level in _NAMES:
        return _NAMES[level]
    if level in _LEVELS:
        return _LEVELS[level]
    return f"Level {level}"


def addLevelName(level, levelName):  # noqa: N802, N803
    _NAMES[level] = levelName
    _LEVELS[levelName] = level


def _level(level):
    if isinstance(level, int):
        return level
    if not isinstance(level, str):
        raise TypeError(f"Level not an integer or a valid string: {level!r}")
    if level not in _LEVELS:
        raise ValueError(f"Unknown level: {level!r}")
    return _LEVELS[level]


class LogRecord:
    def __init__(self, name, level, pathname, lineno, msg, args, exc_info, func=None, sinfo=None):
        if len(args) == 1 and isinstance(args[0], dict) and args[0]:
            args = args[0]
        self.name = name
        self.msg = msg
        self.args = args
        self.levelname = getLevelName(level)
        self.levelno = level
        self.exc_info = exc_info

    def getMessage(self):  # noqa: N802
        text = str(self.msg)
        return text % self.args if self.args else text


class Formatter:
    def __init__(self, fmt=None, datefmt=None, style="%", validate=True):
        if style != "%" and style != "{":
            raise NotImplementedError("a format of logging in this style is not supported")
        self._fmt = fmt or ("%(message)s" if style == "%" else "{message}")
        self._style = style
        for name in ("asctime", "created", "msecs", "process", "thread", "lineno", "pathname",
                     "filename", "funcName", "module", "relativeCreated"):  # fmt: skip
            if f"({name})" in self._fmt or "{" + name in self._fmt:
                raise NotImplementedError(f"{name} in a format of logging is not supported")

    def formatMessage(self, record):  # noqa: N802
        fields = {"name": record.name, "levelname": record.levelname, "levelno": record.levelno,
                  "message": record.getMessage()}  # fmt: skip
        if self._style == "{":
            return self._fmt.format(**fields)
        return self._fmt % fields

    def format(self, record):
        return self.formatMessage(record)


class Handler:
    def __init__(self, level=NOTSET):
        self.level = _level(level)
        self.formatter = None
        self.filters = []

    def setLevel(self, level):  # noqa: N802
        self.level = _level(level)

    def setFormatter(self, fmt):  # noqa: N802
        self.formatter = fmt

    def addFilter(self, filter):  # noqa: N802
        self.filters.append(filter)

    def format(self, record):
        formatter = _default if self.formatter is None else self.formatter
        return formatter.format(record)

    def handle(self, record):
        if all(_passes(one, record) for one in self.filters):
            self.emit(record)

    def emit(self, record):
        raise NotImplementedError("emit must be implemented by Handler subclasses")

    def flush(self):
        pass

    def close(self):
        pass


def _passes(filter, record):
    return filter.filter(record) if hasattr(filter, "filter") else filter(record)


class StreamHandler(Handler):
    terminator = "\n"

    def __init__(self, stream=None):
        super().__init__()
        self.stream = sys.stderr if stream is None else stream

    def emit(self, record):
        self.stream.write(self.format(record) + self.terminator)


class NullHandler(Handler):
    def handle(self, record):
        pass

    def emit(self, record):
        pass


class _LastResort(Handler):
    def emit(self, record):
        sys.stderr.write(self.format(record) + "\n")


class Logger:
    def __init__(self, name, level=NOTSET):
        self.name = name
        self.level = _level(level)
        self.parent = None
        self.propagate = True
        self.handlers = []
        self.filters = []
        self.disabled = False

    def setLevel(self, level):  # noqa: N802
        self.level = _level(level)

    def addHandler(self, hdlr):  # noqa: N802
        if hdlr not in self.handlers:
            self.handlers.append(hdlr)

    def removeHandler(self, hdlr):  # noqa: N802
        if hdlr in self.handlers:
            self.handlers.remove(hdlr)

    def hasHandlers(self):  # noqa: N802
        logger = self
        while logger is not None:
            if logger.handlers:
                return True
            logger = logger.parent if logger.propagate else None
        return False

    def addFilter(self, filter):  # noqa: N802
        self.filters.append(filter)

    def getEffectiveLevel(self):  # noqa: N802
        logger = self
        while logger is not None:
            if logger.level:
                return logger.level
            logger = logger.parent
        return NOTSET

    def isEnabledFor(self, level):  # noqa: N802
        return not self.disabled and level > _manager["disable"] and (
            level >= self.getEffectiveLevel())  # fmt: skip

    def getChild(self, suffix):  # noqa: N802
        return getLogger(suffix if self is root else f"{self.name}.{suffix}")

    def log(self, level, msg, *args):
        if self.isEnabledFor(level):
            self.handle(LogRecord(self.name, level, None, None, msg, args, None))

    def handle(self, record):
        if not all(_passes(one, record) for one in self.filters):
            return
        found, logger = 0, self
        while logger is not None:
            for handler in logger.handlers:
                found += 1
                if record.levelno >= handler.level:
                    handler.handle(record)
            logger = logger.parent if logger.propagate else None
        if found == 0 and record.levelno >= lastResort.level:
            lastResort.handle(record)

    def debug(self, msg, *args):
        self.log(DEBUG, msg, *args)

    def info(self, msg, *args):
        self.log(INFO, msg, *args)

    def warning(self, msg, *args):
        self.log(WARNING, msg, *args)

    def error(self, msg, *args):
        self.log(ERROR, msg, *args)

    def critical(self, msg, *args):
        self.log(CRITICAL, msg, *args)

    fatal = critical

    def __repr__(self):
        return f"<Logger {self.name} ({getLevelName(self.getEffectiveLevel())})>"


_default = Formatter()
lastResort = _LastResort(WARNING)  # noqa: N816
root = Logger("root", WARNING)
_manager = {"disable": NOTSET}
_loggers = {}


def getLogger(name=None):  # noqa: N802
    if not name or name == "root":
        return root
    if name not in _loggers:
        made = Logger(name)
        made.parent = root
        best = ""
        for other in _loggers:
            if name.startswith(other + ".") and len(other) > len(best):
                best = other
                made.parent = _loggers[other]
        for other in _loggers:
            logger = _loggers[other]
            if other.startswith(name + ".") and (
                    logger.parent is root or len(logger.parent.name) < len(name)):  # fmt: skip
                logger.parent = made
        _loggers[name] = made
    return _loggers[name]


def basicConfig(*, format=None, level=None, stream=None, handlers=None, style="%",  # noqa: N802
                force=False, datefmt=None):  # fmt: skip
    if force:
        root.handlers.clear()
    if root.handlers:
        return
    if handlers is None:
        handlers = [StreamHandler(stream)]
    shown = "%(levelname)s:%(name)s:%(message)s"
    if style == "{":
        shown = "{levelname}:{name}:{message}"
    formatter = Formatter(shown if format is None else format, datefmt, style)
    for handler in handlers:
        if handler.formatter is None:
            handler.setFormatter(formatter)
        root.addHandler(handler)
    if level is not None:
        root.setLevel(level)


def disable(level=CRITICAL):
    _manager["disable"] = _level(level)


def log(level, msg, *args):
    if not root.handlers:
        basicConfig()
    root.log(level, msg, *args)


def debug(msg, *args):
    log(DEBUG, msg, *args)


def info(msg, *args):
    log(INFO, msg, *args)


def warning(msg, *args):
    log(WARNING, msg, *args)


def error(msg, *args):
    log(ERROR, msg, *args)


def critical(msg, *args):
    log(CRITICAL, msg, *args)

"""`warnings`: filters that programs set, and warnings of their own, on standard error."""

from primitives import program_warning, unsupported

_filters = []


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    if message or module or lineno:
        _filters.append(("default", category))
        return
    _set(action, category, append)


def simplefilter(action, category=Warning, lineno=0, append=False):
    _set(action, category, append)


def _set(action, category, append):
    if action not in ("error", "ignore", "always", "default", "module", "once"):
        raise AssertionError(f"invalid action: {action!r}")
    if append:
        _filters.append((action, category))
    else:
        _filters.insert(0, (action, category))


def resetwarnings():
    _filters.clear()


def warn(message, category=None, stacklevel=1, source=None):
    if isinstance(message, Warning):
        category = type(message)
    if category is None:
        category = UserWarning
    for action, kind in _filters:
        if issubclass(category, kind):
            if action == "ignore":
                return
            if action == "error":
                raise category(message)
            break
    if issubclass(category, (PendingDeprecationWarning, ImportWarning, ResourceWarning)):
        return
    deprecated = issubclass(category, DeprecationWarning)
    program_warning(str(message), category.__name__, stacklevel, deprecated)


class catch_warnings:  # noqa: N801
    def __init__(self, *, record=False, action=None, category=Warning):
        if record:
            unsupported("catch_warnings(record=True)")
        self._action = action
        self._category = category

    def __enter__(self):
        self._before = list(_filters)
        if self._action is not None:
            _set(self._action, self._category, False)

    def __exit__(self, *_):
        _filters[:] = self._before

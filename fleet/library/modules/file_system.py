"""What several modules ask of the run's folders, and what is raised where it fails."""

from primitives import file_change, os_strerror


def change(what, *given):
    """os.remove and the like. Raises what CPython raises."""
    code, words, path = file_change(what, *given)
    if code != 0:
        raise_error(code, words, path, given[1] if what == "rename" else None)


def raise_error(code, words, path, new=None):
    """What CPython raises for an errno of the system's."""
    if code == 2:
        raise FileNotFoundError(2, os_strerror(2), path, None, new)
    if code == 13:
        raise PermissionError(13, os_strerror(13), path, None, new)
    if code == 17:
        raise FileExistsError(17, os_strerror(17), path, None, new)
    if code == 20:
        raise NotADirectoryError(20, os_strerror(20), path, None, new)
    if code == 21:
        raise IsADirectoryError(21, os_strerror(21), path, None, new)
    raise OSError(code, words, path, None, new)

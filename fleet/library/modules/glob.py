"""`glob`: the files whose paths fit a pattern of shells."""

from primitives import file_matches, path_of


def glob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    pathname = path_of(pathname)
    if root_dir is not None or dir_fd is not None:
        raise TypeError("glob.glob() with a root_dir is not supported")
    if not recursive:
        pathname = pathname.replace("**", "*")
    return file_matches("/" if pathname.startswith("/") else "", pathname.lstrip("/"),
                        include_hidden)


def iglob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    return iter(glob(pathname, root_dir=root_dir, dir_fd=dir_fd, recursive=recursive,
                     include_hidden=include_hidden))


def has_magic(s):
    return "*" in s or "?" in s or "[" in s


def escape(pathname):
    return "".join(["[" + one + "]" if one in "*?[" else one for one in pathname])

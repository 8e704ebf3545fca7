"""`os`: what changes folders and lists them, of the run."""

from file_system import change, raise_error
from primitives import file_names, path_of


def fspath(path):
    return path_of(path)


def remove(path, *, dir_fd=None):
    change("remove", path_of(path))


def unlink(path, *, dir_fd=None):
    change("remove", path_of(path))


def mkdir(path, mode=0o777, *, dir_fd=None):
    change("mkdir", path_of(path), mode)


def makedirs(name, mode=0o777, exist_ok=False):
    change("makedirs", path_of(name), mode, exist_ok)


def rmdir(path, *, dir_fd=None):
    change("rmdir", path_of(path))


def rename(src, dst, *, src_dir_fd=None, dst_dir_fd=None):
    change("rename", path_of(src), path_of(dst))


def replace(src, dst, *, src_dir_fd=None, dst_dir_fd=None):
    change("rename", path_of(src), path_of(dst))


def listdir(path=None):
    path = "." if path is None else path_of(path)
    names, code, words = file_names(path)
    if code != 0:
        raise_error(code, words, path)
    return names

# args: 0
import sys
from contextlib import contextmanager


class Section:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        print("begin", self.name)
        return self

    def __exit__(self, kind, error, trace):
        print("end", self.name, "with", kind.__name__ if kind else "success")
        return kind is ZeroDivisionError


@contextmanager
def tag(name):
    print(f"<{name}>")
    try:
        yield name.upper()
    finally:
        print(f"</{name}>")


n = int(sys.argv[1])
with Section("division"):
    print(10 // n)
with tag("b") as name, Section("inner"):
    print(name, n)
print("done")

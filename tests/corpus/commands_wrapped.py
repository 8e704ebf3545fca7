# args: set,a,5 incr,a,3 incr,b fail,q nope -v
import argparse, sys
from functools import wraps
from contextlib import contextmanager
from typing import Protocol, Iterator, Optional
COMMANDS = {}
def command(name, *, help=""):
    def deco(f):
        @wraps(f)
        def wrapper(store, *args):
            print(f"[{name}]", *args)
            return f(store, *args)
        COMMANDS[name] = (wrapper, help)
        return wrapper
    return deco
class Store:
    def __init__(self):
        self.data = {}
        self.stack = []
    @contextmanager
    def transaction(self):
        saved = dict(self.data)
        try:
            yield self
        except Exception as e:
            self.data = saved
            print("rolled back:", e)
    def __getitem__(self, k): return self.data[k]
    def __setitem__(self, k, v): self.data[k] = v
    def __contains__(self, k): return k in self.data
    def __iter__(self) -> Iterator[str]: return iter(sorted(self.data))
    def __len__(self): return len(self.data)
@command("set", help="set a value")
def cmd_set(store, key, value):
    store[key] = value
@command("incr", help="increment")
def cmd_incr(store, key, by="1"):
    store[key] = str(int(store[key] if key in store else 0) + int(by))
@command("fail", help="fails")
def cmd_fail(store, *args):
    store["tmp"] = "x"
    raise RuntimeError("failed " + " ".join(args))
def main(argv=None):
    p = argparse.ArgumentParser(prog="kv")
    p.add_argument("cmds", nargs="*")
    p.add_argument("-v", "--verbose", action="store_true")
    p.add_argument("--sep", default=",")
    a = p.parse_args(argv)
    s = Store()
    for c in a.cmds:
        name, *args = c.split(a.sep)
        if name not in COMMANDS:
            print("unknown", name)
            continue
        f, h = COMMANDS[name]
        if a.verbose:
            print(f.__name__, "-", h)
        with s.transaction():
            f(s, *args)
    for k in s:
        print(k, "=", s[k])
    print(len(s), "tmp" in s)
    return 0 if len(s) else 3
sys.exit(main())

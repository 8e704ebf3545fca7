# args: hello 3
import sys
n = int(sys.argv[2])
class AppError(Exception):
    pass
class Wrapped(AppError):
    def __init__(self, code, msg):
        super().__init__(code, msg)
        self.code, self.msg = code, msg
    def __str__(self):
        return f"[{self.code}] {self.msg}"
def load(k):
    try:
        return {"a": 1}[str(k)]
    except KeyError as e:
        raise Wrapped(k, f"missing {e}") from e
def outer(k):
    try:
        return load(k)
    except AppError as err:
        print("ctx", repr(err), err, type(err.__cause__).__name__, err.__cause__)
        raise RuntimeError(f"outer failed: {err}") from err
try:
    outer(n)
except RuntimeError as r:
    print(r, r.__cause__, r.__cause__.__cause__)
try:
    try:
        int("x" * n)
    except ValueError:
        raise LookupError("no") from None
except LookupError as q:
    print(repr(q), q.__cause__)
try:
    [1, 2][n]
except IndexError:
    {}[n]

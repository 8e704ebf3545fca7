# args: x y
import sys
class AppError(Exception):
    def __init__(self, message, code=1):
        super().__init__(message, code)
        self.code = code
def fail(*args):
    raise ValueError(*args)
try:
    fail(*sys.argv[1:])
except ValueError as e:
    print(e, e.args, repr(e))
try:
    raise KeyError(*sys.argv[1:2])
except KeyError as e:
    print(e.args)
words = []
for w in sys.argv[1:]:
    words.append(w.upper())
    try:
        raise RuntimeError(*words)
    except RuntimeError as e:
        print("r", e, len(e.args))
try:
    raise AppError(*words[:2])
except AppError as e:
    print(e, e.code)
raise LookupError(*words)

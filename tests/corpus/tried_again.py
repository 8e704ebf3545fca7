# args: 5
import sys
from functools import wraps
def retry(times, exceptions=(Exception,)):
    def deco(f):
        @wraps(f)
        def inner(*a, **k):
            for attempt in range(1, times + 1):
                try:
                    return f(*a, **k)
                except exceptions as e:
                    print(f"attempt {attempt} failed: {e}")
                    if attempt == times: raise
        return inner
    return deco
state = {"n": int(sys.argv[1])}
@retry(3, (ZeroDivisionError, ValueError))
def flaky():
    state["n"] -= 1
    if state["n"] > 0: return 10 // (state["n"] - state["n"])
    return "fine"
try: print(flaky())
except ZeroDivisionError as e: print("gave up", e)

# args: a b
import sys
from contextlib import ExitStack, contextmanager
@contextmanager
def res(name):
    print("open", name)
    try:
        yield name
    finally:
        print("close", name)
with ExitStack() as st:
    rs = [st.enter_context(res(a)) for a in sys.argv[1:]]
    print(rs)

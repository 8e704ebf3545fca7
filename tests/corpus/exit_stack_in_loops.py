# args: a b c
import sys
from contextlib import ExitStack, contextmanager
class Res:
    def __init__(self, n): self.n = n
    def __enter__(self):
        print("enter", self.n); return self
    def __exit__(self, t, v, tb):
        print("exit", self.n, t and t.__name__, v)
        return t is KeyError
def cleanup(a, b=0):
    print("cleanup", a, b)
try:
    with ExitStack() as st:
        rs = []
        for a in sys.argv[1:]:
            rs.append(st.enter_context(Res(a)))
            st.callback(cleanup, a, b=len(a))
        print(len(rs))
        if len(rs) > 2:
            raise ValueError("many")
        raise KeyError("k")
except ValueError as e:
    print("caught", e)
with ExitStack() as st:
    if len(sys.argv) > 2:
        st.enter_context(Res("cond"))
    st.callback(print, "last")
print("end")

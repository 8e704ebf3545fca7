# args: hello 3
import sys
t = sys.argv[1]
print((t + "é").encode("latin-1"), t.encode("utf-16-le"), t.encode("ascii", "ignore"), bytes(t, "latin-1"))
print((t + "é").encode("latin-1").decode("latin-1"), str(t.encode(), "ascii"))
print((t + "é").encode("ascii", "replace"), (t + "é").encode("ascii", errors="xmlcharrefreplace"))
(t + "é").encode("ascii")

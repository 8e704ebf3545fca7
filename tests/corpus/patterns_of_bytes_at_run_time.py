# args: a
import re, sys
p = re.compile(sys.argv[1].encode())
print(p.sub(b"-", b"banana"), p.sub(b"-", (sys.argv[1] + "x").encode()), p.subn(b"", b"abab"))
print(p.sub(lambda m: m.group() * 2, b"banana"))
q = re.compile(sys.argv[1])
print(q.sub("-", "banana"), q.sub(lambda m: m.group() * 2, "banana"))

# args: aab cab
import re, sys
s = (" ".join(sys.argv[1:]) + "\n>abc\nxyz").encode()
print(re.sub(b'>.*\n|\n', b'', s))
print(re.findall(b"a.", s), re.split(b"[ \n]", s))
m = re.search(b"(x)(y)", s)
print(m.group(1), m.groups(), m.span())
p = re.compile(rb"[a-c]+")
print(p.sub(b"<\\g<0>>", s), p.findall(s), p.match(s), p.fullmatch(b"abc"))
for m in p.finditer(s):
    print(m.start(), m.group())
try:
    re.sub("a", "b", s)
except TypeError as e:
    print(e)
try:
    re.sub(b"a", b"b", "t" + sys.argv[1])
except TypeError as e:
    print(e)
print(re.subn(b"a", lambda m: m.group().upper(), s))
print(re.escape(s[:5]))

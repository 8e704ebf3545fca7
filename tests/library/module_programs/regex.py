import re, sys

text = sys.argv[1] if len(sys.argv) > 1 else "a1"
text = text + " born 1984-05-06, mail a.b@c.org; x=3, y=44 Foo-bar foo"
print(re.findall(r"\d+", text))
print(re.findall(r"(\w)=(\d+)", text))
m = re.search(r"(\d{4})-(\d\d)-(\d\d)", text)
if m:
    print(m.group(), m.group(1), m.groups(), m.start(), m.end(2), m.span(), m[3])
    y, mo, d = m.groups()
    print(int(y) + 1, mo, d)
print(re.match(r"zzz", text))
if re.match(r"zzz", text) is None:
    print("none")
p = re.compile(r"(?P<user>[\w.]+)@(?P<host>[\w.]+)", re.IGNORECASE)
m = p.search(text)
if m is not None:
    print(m.group("user"), m.groupdict(), m["host"])
print(p.sub("<mail>", text))
print(re.sub(r"\s+", " ", text, count=2), re.subn("o", "0", text))
print(re.split(r"[;,]\s*", text))
for w in re.finditer(r"foo", text, flags=re.I):
    print(w.group(), w.start())
for w in p.finditer(text):
    print(w.group(0))
print(len(re.findall("o", text)), sorted(set(re.findall("[aeiou]", text))))
print(re.fullmatch(r"[a-z ]+", text) is None, bool(re.match("[0-9]", text)))
words = re.findall(r"\w+", text.lower())
counts = {}
for w in words:
    counts[w] = counts.get(w, 0) + 1
print(counts)
print(
    re.sub(r"(\w+)-(\w+)", r"\2-\1", "a-b"),
    p.pattern,
    re.sub("b", lambda m: m.group().upper(), "abc"),
)

"""Folders that are made, listed, renamed and removed; sys.argv: a folder that is made."""

import os, sys, glob
from pathlib import Path
os.makedirs("a/b", exist_ok=True)
os.makedirs(os.path.join(sys.argv[1], "c"), exist_ok=True)
print(os.listdir("a"), sorted(os.listdir(sys.argv[1])))
open("a/x.txt", "w").write("hello\n")
print(sorted(os.listdir("a")), os.path.getsize("a/x.txt"))
try:
    os.mkdir("a")
except FileExistsError as e:
    print(e, e.errno)
try:
    os.rmdir("a")
except OSError as e:
    print(e, type(e).__name__)
try:
    os.rename("a/q", sys.argv[1])
except FileNotFoundError as e:
    print(e, e.filename, e.filename2)
os.rename("a/x.txt", "a/y.txt")
print(os.path.exists("a/x.txt"), os.path.exists("a/y.txt"), os.path.isdir(sys.argv[1]))
os.remove("a/y.txt")
print(os.path.splitext(sys.argv[1] + "/k.tar"), os.path.basename(sys.argv[1]), os.path.dirname(sys.argv[1] + "/z"))
p = Path(sys.argv[1])
print(p, repr(p), p.name, p.suffix, p / "x.txt", (p / "x.txt").suffix, p.exists(), p.is_dir())
print((p / "t.txt").write_text("one\ntwo\n"), (p / "t.txt").read_text())
(p / "d" / "e").mkdir(parents=True, exist_ok=True)
(p / "u.bin").write_bytes(bytes([1, 2]))
for q in sorted(p.iterdir()):
    print(q, q.is_file())
print([q.name for q in sorted(p.glob("*.txt"))])
for q in sorted(p.rglob("*")):
    print(q)
print(sorted(glob.glob("a/*")), sorted(glob.glob(sys.argv[1] + "/*.bin")))
(p / "t.txt").unlink()
(p / "t.txt").unlink(missing_ok=True)
if not os.path.exists("cache.txt"):
    print("no cache")
    Path("cache.txt").write_text("5")
print(int(open("cache.txt").read()) + 1)
k = Path("q/r/s.tar.gz")
print(k.parts, k.suffixes, k.stem, k.parent, list(k.parents), k.with_suffix(".x"), k.with_name("n"), k.relative_to("q"), k.is_absolute())
try:
    p.with_name("")
except ValueError as e:
    print(e)
os.remove("gone")

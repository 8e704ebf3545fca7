"""Paths of which only run time knows; sys.argv: a folder that is made."""

import sys, os
from pathlib import Path
p = Path(sys.argv[1])
p.mkdir(exist_ok=True)
(p / "k.txt").write_text("5\n6\n")
for name in sorted(os.listdir(p)):
    print((p / name).read_text(), name)
    with open(os.path.join(sys.argv[1], name)) as f:
        print([int(x) for x in f])
for q in p.iterdir():
    with q.open() as f:
        print(f.readline())
    with open(q) as f:
        print(sum(int(x) for x in f))
fs = sorted(p.glob("*"))
print(len(fs), fs[0].name, fs[0].stem)
print(fs[0].read_text())

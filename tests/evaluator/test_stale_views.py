"""What a run-time loop or branch gives a name is a copy to us: reading it after a write to what it
may be of is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import fleet

START = """import sys
import numpy as np
n = int(sys.argv[1])
a = np.arange(12.0).reshape(4, 3) * n
r = a[0]
"""
LOOP = "for i in range(n):\n    r = a[i]\n"

STALE = {
    "after the loop": LOOP + "a[:, -1] *= 5\nprint(r)\n",
    "all of it": "c = a[::1]\nfor i in range(n):\n    c = a\na[0] = 7\nprint(c.sum())\n",
    "in the next iteration": "for i in range(n):\n    a += 1\n    print(r)\n    r = a[3 - i]\n",
    "a view of it": LOOP + "v = r[1:]\na[1] = 9\nprint(v)\n",
    "after another loop": LOOP + "for i in range(n):\n    a[i] += 1\nprint(r)\n",
    "after a branch": LOOP + "if n > 1:\n    a[1] = 0\nprint(r)\n",
    "through a branch": LOOP + "if n > 5:\n    r = a[0] * 1\na[1] = 0\nprint(r)\n",
    "of an array that a branch may replace": (
        f"{LOOP}if n > 5:\n    a = a * 2\na += 1\nprint(r)\n"
    ),
    "of one that a branch gave and replaced": (
        "if n > 1:\n    for i in range(n):\n        r = a[i]\nelse:\n    a = a + 1\n"
        "a += 1\nprint(r)\n"
    ),
    "of a conditional expression": "c = a if n > 1 else a + 1\na[0] = 7\nprint(c)\n",
    "of one of several values": "c = (a, 1) if n > 1 else (a + 1, 2)\na[0] = 7\nprint(c[0])\n",
    "of a function": (
        "def f(x):\n    if n > 1:\n        return x\n    return x + 1\n"
        "c = f(a)\na[0] = 7\nprint(c)\n"
    ),
    "of a function with a loop": (
        "def f(x):\n    for i in range(n):\n        if x[i, 0] > i:\n            return x\n"
        "    return x + 1\nc = f(a)\na[0] = 7\nprint(c)\n"
    ),
    "of a recursion": (
        "def f(x, k):\n    return x if k == 0 else f(x + 1, k - 1)\n"
        "c = f(a, n - 2)\na[0] = 7\nprint(c)\n"
    ),
    "of one that was kept as well": (
        "class C:\n    def get(self):\n        if n > 1:\n            self.last = a * 2\n"
        "            return self.last\n        self.last = a\n        return a + 1\n"
        "c = C()\nd = c.get()\nc.last[0] = 7\nprint(d)\n"
    ),
    "written, and another read": (
        "def f(x):\n    return x if n > 1 else x + 1\n"
        "b = np.ones(3)\nc, d = f(b), f(b)\nb = None\nc[0] = 7\nprint(d)\n"
    ),
    "of what a list of run time holds": (
        "xs = []\nlast = a[1]\nfor i in range(n):\n    xs.append(np.arange(3.0) * i)\n"
        "for x in xs:\n    if x[2] > 0:\n        last = x\n        x *= 2\n"
        "xs[-1][1] = 9\nprint(last)\n"
    ),
    "put into a list before, in a loop": (
        "xs = []\nx = np.zeros(2)\nfor i in range(n):\n    print(x)\n    xs.append(x)\n"
        "    xs[0][0] += 1\n"
    ),
    "through a loop": LOOP + "a[1] = 0\nfor i in range(n):\n    print(r)\n    r = a[i]\n",
}
RIGHT = {
    "nothing is written": LOOP + "print(r, a[:, 1])\n",
    "written before it is read": LOOP + "a += 1\nr = a[1]\nprint(r)\n",
    "written before the iteration ends": (
        "for i in range(n):\n    print(r.sum())\n    a[i] = -1\n    r = a[3 - i]\n    a += 9\n"
    ),
    "a copy": "r = a[0].copy()\nfor i in range(n):\n    r = a[i].copy()\na[:, -1] *= 5\nprint(r)\n",
    "rows, loop after loop": (
        "for i in range(n):\n    r = a[i]\n    a[i] = r * 2\n"
        "a += 1\n"
        "for i in range(n):\n    r = a[i]\n    r[0] = 7\n    a[i] = r + a[0]\nprint(a)\n"
    ),
    "a function's own, or what it was given": (
        "def f(x):\n    s = x.sum()\n    if s == 0:\n        return x\n    return x / s\n"
        "c = f(a * 1)\nc[0] = 7\na = f(np.zeros(3))\na += 1\n"
        "for i in range(n):\n    a = f(a)\n    a[i] += i\nprint(a)\n"
    ),
    "the best so far": (
        "best = None\nfor i in range(n):\n    t = np.zeros(3)\n    t[0] = i * 7 % 5\n"
        "    best = t if best is None or t[0] > best[0] else best\nprint(best)\n"
    ),
    "an array that took its place": LOOP + "print(r)\na = a * 2\na[0] = 1\nprint(a)\n",
    "one that may have": LOOP + "print(r)\nif n > 5:\n    a = a * 2\na[0] = 1\nprint(a)\n",
    "another array is written": LOOP + "b = a * 2\nb[0] = 1\nprint(r, b)\n",
}


def outcome(text: str, path: Path) -> tuple[str, str]:
    """What CPython prints, and what Fleet does."""
    path.write_text(START + text)
    done = subprocess.run([sys.executable, str(path), "2"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout, fleet.run(path, "2", on="ir").check().stdout


@pytest.mark.parametrize("name", STALE)
def test_a_stale_view_is_refused(name: str, tmp_path: Path) -> None:
    said = "was written to since|cannot be written to|has another"
    with pytest.raises(fleet.FleetError, match=said):
        outcome(STALE[name], tmp_path / "program.py")


@pytest.mark.parametrize("name", RIGHT)
def test_others_are_not(name: str, tmp_path: Path) -> None:
    expected, got = outcome(RIGHT[name], tmp_path / "program.py")
    assert got == expected

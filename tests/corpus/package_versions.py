# stdin: app@2.1.0: lib util
# stdin: lib@1.4.2: util
# stdin: util
# stdin: # comment
# stdin: 9bad@1: x
# stdin: odd@1.x
# stdin: extra@3: app lib
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace, asdict
from enum import Enum, Flag, IntEnum
from typing import Callable, Dict, List, Optional, Tuple, Iterator

class Perm(Flag):
    R = 4
    W = 2
    X = 1

class Level(IntEnum):
    LOW = 1
    MID = 5
    HIGH = 10

@dataclass(order=True, frozen=True)
class Version:
    major: int
    minor: int = 0
    patch: int = 0
    @classmethod
    def parse(cls, s: str) -> "Version":
        return cls(*map(int, s.split(".")))
    def bump(self, part: str) -> "Version":
        match part:
            case "major": return Version(self.major + 1)
            case "minor": return Version(self.major, self.minor + 1)
            case "patch": return replace(self, patch=self.patch + 1)
            case _: raise ValueError(f"unknown part {part!r}")
    def __str__(self): return f"{self.major}.{self.minor}.{self.patch}"

@dataclass
class Package:
    name: str
    version: Version
    deps: List[str] = field(default_factory=list)
    tags: Dict[str, str] = field(default_factory=dict, repr=False)
    level: Level = Level.LOW
    def __post_init__(self):
        if not self.name.isidentifier():
            raise ValueError(f"bad name: {self.name}")

class Resolver:
    def __init__(self): self.packages: Dict[str, Package] = {}
    def add(self, p: Package): self.packages[p.name] = p
    def order(self) -> List[str]:
        done, out, stack = set(), [], []
        def visit(n):
            if n in done: return
            if n in stack: raise RuntimeError("cycle: " + " > ".join(stack + [n]))
            stack.append(n)
            for d in self.packages[n].deps: visit(d)
            stack.pop(); done.add(n); out.append(n)
        for n in sorted(self.packages): visit(n)
        return out

def parse(line: str) -> Package:
    head, _, deps = line.partition(":")
    name, _, ver = head.strip().partition("@")
    p = Package(name, Version.parse(ver or "1.0.0"), deps.split())
    p.level = Level.HIGH if len(p.deps) > 1 else Level.MID if p.deps else Level.LOW
    return p

r = Resolver()
for line in sys.stdin:
    line = line.strip()
    if not line or line.startswith("#"): continue
    try:
        p = parse(line); r.add(p); print(p)
    except (ValueError, TypeError) as e:
        print(f"{type(e).__name__}: {e}")
try:
    print(" ".join(r.order()))
except RuntimeError as e: print(e)
except KeyError as e: print("missing", e)
vs = sorted((p.version, p.name) for p in r.packages.values())
for v, n in vs: print(f"{n:<8}{str(v):>8} -> {v.bump('minor')!s:>8} {v.bump('patch') > v}")
print(max(r.packages.values(), key=lambda p: p.version).name)
print({p.name: int(p.level) for p in r.packages.values()}, [p.level.name for p in r.packages.values()])
perm = Perm.R | Perm.X
print(perm, Perm.W in perm, bool(perm & Perm.R), perm.value)
print(asdict(r.packages["app"]) if "app" in r.packages else "no app")

# stdin: set A1 5
# stdin: set A2 =A1*2+1
# stdin: set B1 =A1+A2-3
# stdin: set B2 =SUM(A1:B1)
# stdin: get B2
# stdin: set A3 =AVG(A1:A2)
# stdin: get A3
# stdin: dump
# stdin: set C1 =C2
# stdin: set C2 =C1
# stdin: get C1
# stdin: set D1 =A1/0
# stdin: get D1
# stdin: set E1 abc
# stdin: get E1
# stdin: frob
import sys, re
class CycleError(Exception): pass
class Sheet:
    def __init__(self): self.cells = {}; self.cache = {}
    def set(self, ref, text): self.cells[ref] = text; self.cache.clear()
    def get(self, ref, seen=()):
        if ref in seen: raise CycleError(" -> ".join(seen + (ref,)))
        if ref in self.cache: return self.cache[ref]
        raw = self.cells.get(ref, "0")
        v = self.formula(raw[1:], seen + (ref,)) if raw.startswith("=") else float(raw)
        self.cache[ref] = v
        return v
    def formula(self, f, seen):
        m = re.fullmatch(r"(SUM|AVG|MAX|MIN)\(([A-Z])(\d+):([A-Z])(\d+)\)", f)
        if m:
            fn, c1, r1, c2, r2 = m.groups()
            vals = [self.get(chr(c) + str(r), seen) for c in range(ord(c1), ord(c2) + 1) for r in range(int(r1), int(r2) + 1)]
            return {"SUM": sum, "MAX": max, "MIN": min, "AVG": lambda v: sum(v) / len(v)}[fn](vals)
        total = 0.0
        for sign, term in re.findall(r"([+-]?)([^+-]+)", f):
            p = 1.0
            for k, factor in enumerate(re.split(r"([*/])", term)):
                if k % 2: o = factor; continue
                x = self.get(factor, seen) if factor[0].isalpha() else float(factor)
                if k == 0: p = x
                elif o == "*": p *= x
                else: p /= x
            total += -p if sign == "-" else p
        return total
s = Sheet()
for line in sys.stdin:
    cmd, *rest = line.split(maxsplit=2)
    try:
        if cmd == "set": s.set(rest[0], rest[1].strip())
        elif cmd == "get": print(rest[0], "=", s.get(rest[0]))
        elif cmd == "dump":
            for k in sorted(s.cells, key=lambda r: (r[0], int(r[1:]))): print(f"{k:>4}: {s.cells[k]:<15} {s.get(k):10.2f}")
        else: print("unknown command", cmd)
    except CycleError as e: print("cycle:", e)
    except ZeroDivisionError: print("#DIV/0")
    except ValueError as e: print("#VALUE", e)

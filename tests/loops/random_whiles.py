"""Random loops over elements, each of which takes as many steps as it takes.

In: a seed. Out: a program of loops with `while` loops, loops that end early and branches inside:
points that escape, numbers that shrink, searches, paths that are stored step by step; with steps
that may overflow, divide by zero, leave an array or take a root of a negative number.
"""

from __future__ import annotations

from random import Random

from random_strips import HEAD, Strips


class Whiles(Strips):
    """Writes one program, whose last loop may fail."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.random = Random(1000 + seed)

    def program(self) -> str:
        r = self.random
        lines = [
            HEAD.format(
                p=r.randrange(3, 8), q=r.choice((1, 2, 3)), r=r.choice((1, 3, 5, 7)),
                small=r.choice(("int8", "int32", "uint8")), large=r.choice((1, 1 << 45, 1 << 59)),
                begin=0, modulus="max(n, 1)", shift="",
            ),
            "import math\n",
        ]  # fmt: skip
        if r.random() < 0.4:
            lines.append(f"a[{r.randrange(2, 9)}::9] = np.{r.choice(('nan', 'inf'))}")
        safe = [self.escape, self.early, self.divided, self.halved, self.found, self.guarded_steps,
                self.narrowed]  # fmt: skip
        for _ in range(3):
            lines += r.choice(safe)()
        lines += ["print(x, y, m)"]
        lines += r.choice((self.grown, self.remainders, self.path, self.root, self.hops))()
        return "\n".join([*lines, "print(a, b, h, x, y, z, m)"]) + "\n"

    # -- loops that end as they should

    def escape(self) -> list[str]:
        r, s = self.random, self.name()
        inside = [
            f"        {s}, t = {s} * {s} - t * t + a[i], {r.choice((1.5, 2.0))} * {s} * t + c",
            f"        if {s} * {s} + t * t > {r.randrange(4, 60)}:",
            *r.choice((["            break"], ["            x[i] = q", "            break"],
                       ["            y[i] += q", "            break"])),
        ]  # fmt: skip
        after = r.choice(
            (["    y[i] = q"], ["    else:", "        y[i] = -1"], [f"    x[i] = {s} < t"], [])
        )
        return [f"for i in {self.range()}:", f"    c = {self.real()}",
                f"    {s} = t = {r.choice(('0.0', 'c * 0.5'))}",
                f"    for q in range({r.randrange(1, 30)}):", *inside, *after]  # fmt: skip

    def early(self) -> list[str]:
        """Steps that store, and a branch that costs much."""
        r, s = self.random, self.name()
        dear = r.choice(
            (f"x[i] = math.log({s} + 1) / math.log(2)", f"{s} = math.exp(-{s}) + 2",
             f"x[i] += math.sqrt({s})", "for c in range(3):\n                x[i] += c * 0.5")
        )  # fmt: skip
        return [f"for i in {self.range()}:", f"    {s}, q = abs(i - n // 2) * 0.25, 0",
                f"    while {s} < {r.choice((7.5, 40))} and q < 12:",
                f"        {s} = {s} * 1.5 + 0.25", "        q += 1",
                f"        if {s} > {r.choice((3, 6, 100))}:", f"            {dear}",
                *r.choice(([], ["            break"])), f"    y[i] = q + {s}"]  # fmt: skip

    def divided(self) -> list[str]:
        r, s = self.random, self.name()
        return [f"for i in {self.range()}:", f"    {s}, t = i * {r.randrange(1, 9)} + 7, 360",
                f"    while {r.choice(('t', 't > 0', 't != 0'))}:",
                f"        {s}, t = t, {s} % t", f"    y[i] = {s}"]  # fmt: skip

    def halved(self) -> list[str]:
        r, s = self.random, self.name()
        odd = r.choice((f"{s} = 3 * {s} + 1", f"{s} -= 1", f"{s} = {s} // 2 - 1"))
        total = self.name()
        return [f"{total} = 0", f"for i in {self.range()}:", f"    {s}, q = i, 0",
                f"    while {s} > 1:", f"        if {s} % 2 == 0:", f"            {s} //= 2",
                "        else:", f"            {odd}", "        q += 1",
                *r.choice((["    y[i] = q"], [f"    if q % 3 == 0:\n        {total} += 1"],
                           [f"    {total} += q"])),
                self.show(total)]  # fmt: skip

    def found(self) -> list[str]:
        s = self.name()
        return [f"for i in {self.range()}:", f"    {s}, t = 0, n", f"    while {s} < t:",
                f"        c = ({s} + t) // 2", "        if c * 3 < k[i] * 2 + b[c]:",
                f"            {s} = c + 1", "        else:", "            t = c",
                f"    y[i] = {s}"]  # fmt: skip

    def narrowed(self) -> list[str]:
        """An interval around a place, whose ends begin as ints or as floats and are handed on from
        the one to the other."""
        r, s = self.random, self.name()
        ends = r.choice((("0", "i + 1"), ("0.0", "i + 1.5"), ("-i", "i + 2.0"), ("a[i]", "i + 9")))
        (first, ways), (other, back) = r.sample(
            [("mid * mid > i", ("t = mid", f"{s} = mid")),
             ("mid + a[i] > 2", (f"t = {s} + (mid - {s}) * 0.75", f"{s} = mid")),
             ("mid < b[i]", (f"{s}, q = mid, q + 1", "t = mid"))], 2)  # fmt: skip
        inner = r.choice(
            (["        else:", f"            {ways[1]}"],
             [f"        elif {other}:", f"            {back[0]}", "        else:",
              "            break"],
             [f"        if {s} < {s} - t:", "            q -= mid", "        else:",
              f"            {ways[1]}"])
        )  # fmt: skip
        return [f"for i in {self.range()}:", f"    {s}, t = {', '.join(ends)}", "    q = e = 0",
                f"    while t - {s} > {r.choice(('0.5', '1e-3', '1'))} and e < 30:",
                f"        mid = ({s} + t) / 2", f"        if {first}:", f"            {ways[0]}",
                *inner, "        e += 1", f"    x[i] = ({s} + t) / 2", "    y[i] = q + e",
                ]  # fmt: skip

    def guarded_steps(self) -> list[str]:
        """A loop in a way of a branch, and one in a loop."""
        r, s = self.random, self.name()
        inner = r.choice(
            (["        q = 0", f"        while q < 5 and {s} < 9:", f"            {s} += a[i] + 1",
              "            q += 1", "        y[i] = q"],
             [f"        while {s} < 9:", "            q = k[i] % 4", f"            {s} += 2.5",
              "            while q > 0:", "                q -= 1", f"                {s} += 0.5"],
             [f"        for q in range({r.randrange(4)}):", f"            {s} += b[i] * q",
              f"            x[i] = {s}"])
        )  # fmt: skip
        return [f"for i in {self.range()}:", f"    {s} = i * 0.5", f"    if {self.condition()}:",
                *inner, f"    x[i] += {s}"]  # fmt: skip

    # -- loops that may fail

    def grown(self) -> list[str]:
        r, s = self.random, self.name()
        return [f"for i in {self.range()}:", f"    {s}, q = i + 3, 0",
                f"    while q < {r.choice(('i // 2', '12', 'b[i]'))}:",
                f"        {s} = {s} * {r.choice((3, 7, 19))} + i",
                "        q += 1", f"    y[i] = {s} % 1000"]  # fmt: skip

    def remainders(self) -> list[str]:
        s = self.name()
        return [f"for i in {self.range()}:", f"    {s}, t = i + 5, i % 7 + 4",
                f"    while {s} > 3:", f"        {s} -= {s} % t + 1", "        t -= 1",
                f"    y[i] = {s}"]  # fmt: skip

    def path(self) -> list[str]:
        r, s = self.random, self.name()
        return [f"for i in {self.range()}:", f"    {s}, q = i / n, 0",
                f"    while q < {r.choice(('n', '20', 'i'))} and {s} < 0.9:",
                f"        {s} = 3.7 * {s} * (1 - {s}) + 0.01", f"        m[i, q] = {s}",
                "        q += 1"]  # fmt: skip

    def root(self) -> list[str]:
        s = self.name()
        return [f"for i in {self.range()}:", f"    {s} = i * 1.5 + 2", "    q = 0",
                f"    while {s} > 0.5:", f"        {s} = math.sqrt({s} - 1 - k[i] % 3 * 0.25)",
                "        q += 1", "    y[i] = q", f"    x[i] = {s}"]  # fmt: skip

    def hops(self) -> list[str]:
        r, s = self.random, self.name()
        return [f"for i in {self.range()}:", f"    {s}, q = i, 0", "    while q < 6:",
                f"        {s} = k[{s}] {r.choice(('', '+ q', '- 3', '- n'))}",
                "        q += 1", f"    y[i] = {s}"]  # fmt: skip

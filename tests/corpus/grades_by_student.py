# args: --curve 1.5
# stdin: # a comment
# stdin: ann math 91.5
# stdin: ann art 78
# stdin: bob math 55
# stdin: bob art 62.5
# stdin: cat math 88
# stdin: cat bio 120
# stdin: dan math abc
# stdin: dan math 70 extra
# stdin: eve bio 99
# stdin: ann math 85
"""Grade book: reads 'name subject score' lines, prints statistics."""
import argparse
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Dict, List, Optional
import numpy as np


@dataclass
class Student:
    name: str
    scores: Dict[str, List[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, subject: str, score: float) -> None:
        if not 0 <= score <= 100:
            raise ValueError(f"score {score} of {self.name} in {subject} is out of range")
        self.scores[subject].append(score)

    @property
    def average(self) -> float:
        values = [s for scores in self.scores.values() for s in scores]
        return float(np.mean(values)) if values else 0.0

    def best_subject(self) -> Optional[str]:
        if not self.scores:
            return None
        return max(self.scores, key=lambda s: sum(self.scores[s]) / len(self.scores[s]))


def letter(score: float) -> str:
    for bound, grade in ((90, "A"), (80, "B"), (70, "C"), (60, "D")):
        if score >= bound:
            return grade
    return "F"


def main(argv: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="grade book")
    parser.add_argument("--curve", type=float, default=0.0, help="points added to each score")
    parser.add_argument("--top", type=int, default=3)
    args = parser.parse_args(argv)
    students: Dict[str, Student] = {}
    errors = 0
    for number, line in enumerate(sys.stdin, 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        try:
            name, subject, score = line.split()
            student = students.setdefault(name, Student(name))
            student.add(subject, float(score) + args.curve)
        except ValueError as error:
            errors += 1
            print(f"line {number}: {error}", file=sys.stderr)
    ranked = sorted(students.values(), key=lambda s: (-s.average, s.name))
    print(f"{'rank':>4} {'name':<10} {'avg':>7} {'grade':^5} best")
    for rank, s in enumerate(ranked[: args.top], 1):
        print(f"{rank:>4} {s.name:<10} {s.average:7.2f} {letter(s.average):^5} {s.best_subject()}")
    averages = np.array([s.average for s in ranked])
    if averages.size:
        print(f"class mean {averages.mean():.3f} std {averages.std():.3f}")
        print("histogram", *np.histogram(averages, bins=4, range=(0, 100))[0])
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())

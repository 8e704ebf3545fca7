# stdin: Ann 90 80 100
# stdin: Bob 70 65
# stdin: Cyd
# stdin: Dan 55 x 60
import sys

grades = {}
for line in sys.stdin:
    name, *scores = line.split()
    try:
        grades[name] = [int(score) for score in scores]
    except ValueError as error:
        print(name, "skipped:", error)
for name, scores in grades.items():
    try:
        mean = sum(scores) / len(scores)
    except ZeroDivisionError:
        print(f"{name}: no scores")
    else:
        letter = "A" if mean >= 85 else "B" if mean >= 65 else "C"
        print(f"{name}: {mean:.1f} {letter}")

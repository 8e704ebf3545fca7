# stdin: Ann 90 85 77
# stdin: Bob 60 70
# stdin: Cid
# stdin: Dee 100 95 x
# stdin: Eve 88 92 79 94
import statistics
import sys


class Student:
    count = 0

    def __init__(self, name, marks):
        self.name = name
        self.marks = marks
        Student.count += 1

    @property
    def average(self):
        if not self.marks:
            raise ValueError(f"{self.name} has no marks")
        return statistics.mean(self.marks)

    @staticmethod
    def letter(average):
        for limit, letter in ((90, "A"), (80, "B"), (70, "C"), (60, "D")):
            if average >= limit:
                return letter
        return "F"

    def __lt__(self, other):
        return self.average < other.average


students = []
for line in sys.stdin:
    name, *marks = line.split()
    try:
        students.append(Student(name, [int(m) for m in marks]))
    except ValueError as error:
        print(f"skipping {name}: {error}")
good = []
for student in students:
    try:
        average = student.average
    except ValueError as error:
        print("warning:", error)
    else:
        good.append(student)
        print(f"{student.name:<6} {average:6.2f} {Student.letter(average)}")
good.sort(reverse=True)
print("ranking:", [s.name for s in good], Student.count)
all_marks = [m for s in good for m in s.marks]
print(f"median {statistics.median(all_marks)} stdev {statistics.pstdev(all_marks):.3f}")

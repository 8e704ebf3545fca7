# args: 2024 2
import sys

year, month = int(sys.argv[1]), int(sys.argv[2])
leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
lengths = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def weekday(y, m, d):
    t = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
    if m < 3:
        y -= 1
    return (y + y // 4 - y // 100 + y // 400 + t[m - 1] + d + 6) % 7


print("Mo Tu We Th Fr Sa Su")
line = "   " * weekday(year, month, 1)
for day in range(1, lengths[month - 1] + 1):
    line += f"{day:2d} "
    if weekday(year, month, day) == 6:
        print(line.rstrip())
        line = ""
if line:
    print(line.rstrip())

# args: 1895 1925
import sys


def is_leap(year):
    if year % 400 == 0:
        return True
    if year % 100 == 0:
        return False
    return year % 4 == 0


first, last = map(int, sys.argv[1:])
years = [year for year in range(first, last + 1) if is_leap(year)]
print(years)
print(f"{len(years)} leap years")

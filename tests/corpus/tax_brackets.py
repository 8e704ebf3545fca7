# args: 8000 25000.5 120000 -5
import sys

BRACKETS = [(10_000, 0.0), (40_000, 0.2), (100_000, 0.4), (float("inf"), 0.45)]


def tax(income):
    if income < 0:
        raise ValueError(f"negative income: {income}")
    due, lower = 0.0, 0
    for upper, rate in BRACKETS:
        if income > lower:
            due += (min(income, upper) - lower) * rate
        lower = upper
    return due


for text in sys.argv[1:]:
    income = float(text)
    print(f"{income:12,.2f} {tax(income):12,.2f}")

# stdin: name,units,price
# stdin: pen,10,1.5
# stdin: book,2,12.25
# stdin: cup,x,3
# stdin: lamp,1,40
import sys

header = sys.stdin.readline().strip().split(",")
total = 0.0
rows = []
for number, line in enumerate(sys.stdin, start=2):
    fields = dict(zip(header, line.strip().split(",")))
    try:
        amount = int(fields["units"]) * float(fields["price"])
    except ValueError:
        print(f"line {number}: bad number", file=sys.stderr)
        continue
    rows.append((amount, fields["name"]))
    total += amount
for amount, name in sorted(rows, reverse=True):
    print(f"{name:10s}{amount:10.2f}")
print(f"{'total':10s}{total:10.2f}")

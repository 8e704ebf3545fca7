# args: 3 8
import sys, csv, io
text = "name,qty\nnut,3\n\"a, b\",4\n"
for row in csv.reader(io.StringIO(text)):
    print(row)
total = 0
for row in csv.DictReader(io.StringIO(text)):
    total += int(row["qty"]) * int(sys.argv[1])
print(total)
out = io.StringIO()
w = csv.writer(out)
w.writerow(["x", "y"])
for a in sys.argv[1:]:
    w.writerow([a, int(a) ** 2])
print(out.getvalue())
w = csv.writer(sys.stdout, lineterminator="\n")
w.writerows([[1, "a,b"], [2.5, 'q"q']])
w = csv.DictWriter(sys.stdout, fieldnames=["a", "b"])
w.writeheader()
w.writerow({"a": 1, "b": sys.argv[1]})

"""Generator expressions into sum, any, all, max, join and dict."""

rows = [tuple(i * k % 17 for k in range(5)) for i in range(3000)]
total = sum(a * b for row in rows for a, b in zip(row, row[1:]))  # noqa: B905
positive = sum(1 for row in rows if any(x > 15 for x in row))
even = sum(1 for row in rows if all(x % 2 == 0 for x in row))
text = ",".join(str(sum(row)) for row in rows)
best = max(sum(row) for row in rows)
pairs = dict((str(i), row[0]) for i, row in enumerate(rows))  # noqa: C402
largest = max((len(word), word) for word in text.split(","))
print(total, positive, even, len(text), best, len(pairs), largest)

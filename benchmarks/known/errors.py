"""Exceptions that are caught, thousands of times."""

table = {"a": 1, "b": 2}
fields = ["12", "x7", "", "99", "-4", "a", "3.5", "b"]
good, bad, floats, found = 0, [], 0.0, 0


def number(text):
    if not text:
        raise ValueError("empty")
    return int(text)


for i in range(8000):
    field = fields[i % 8]
    try:
        good += number(field)
    except ValueError as error:
        bad.append(str(error))
    try:
        found += table[field]
    except KeyError:
        found -= 1
    else:
        found += 10
    finally:
        floats += 0.5
print(good, len(bad), bad[1], floats, found)

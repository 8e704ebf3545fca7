import re

TOKEN = re.compile(r"\s*(?:(\d+\.?\d*)|([a-z]\w*)|(.))")
source = "area = 3.14 * r1 * r1 + 2"
kinds = {"number": 0, "name": 0, "other": 0}
for number, name, other in TOKEN.findall(source):
    if number:
        kinds["number"] += 1
    elif name:
        kinds["name"] += 1
    else:
        kinds["other"] += 1
print(kinds)
print(re.sub(r"r(\d)", r"radius[\1]", source))
match = re.match(r"(\w+) = (.*)", source)
print(match.group(1), "<-", match[2])

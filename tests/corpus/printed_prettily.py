# args: 3 8
from pprint import pprint, pformat
pprint([list(range(20)), list(range(20)), {"k": "v" * 30}])
pprint({"name": "word " * 30, "values": tuple(range(40)), "s": set(range(50))}, width=60)
print(pformat(["x" * 20] * 6, indent=4), pformat(list(range(60)), compact=True))
pprint({i: {"a": i, "b": [i] * i} for i in range(6)})

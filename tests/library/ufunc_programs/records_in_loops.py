import sys
import numpy as np
steps = int(sys.argv[1]) if len(sys.argv) > 1 else len(sys.argv) + 2
n = 3
ball = [("position", float, (2,)), ("velocity", float, (2,)), ("age", int)]
b = np.zeros(n, dtype=ball)
b["velocity"] = np.array([[1, 2], [0.5, -1], [0, 3]])
def advance(b, dt):
    b["position"] += b["velocity"] * dt
    below = b["position"][:, 1] < 0
    b["velocity"][:, 1] = np.where(below, -b["velocity"][:, 1], b["velocity"][:, 1])
    b["age"] += 1
    return b
for t in range(steps):
    advance(b, 0.25)
    if b["age"][0] % 2 == 0:
        b["velocity"] *= 0.5
print(b)
print(b["position"].mean(axis=0), b[b["age"] > 2]["position"], b[0]["position"])
first = b[0]
first["age"] = 100
b["age"][1] = 50
print(b["age"], first)
try:
    b["nothing"]
except ValueError as e:
    print(e)
table = np.array([(3, 1.5, True), (1, 2.5, False), (2, 1.5, True)], dtype=[("n", np.int16), ("x", np.float32), ("ok", bool)])
table["x"] *= np.float32(steps)
print(np.sort(table, order=["x", "n"]), np.argsort(table, order="n"), table[table["ok"]])
table.sort(order="n")
print(table, table["x"].sum(), table[["n", "ok"]], table[-1], table[::-1])
for row in table:
    k, x, ok = row
    print(k, x, ok, row["n"] + 1)
total = 0.0
for i in range(len(table)):
    total += table[i]["x"] * table["n"][i]
print(total, f"{table[0]}", [table[0]["n"]], {"t": table})
z = np.zeros((2, 2), dtype="i4, f8")
z["f0"] = np.arange(4).reshape(2, 2) + steps
z[0, 1]["f1"] = 2.5
z["f1"][1] = [7, 8]
print(z, z[1], z[:, 0], z.shape, z.dtype.names, z.size)
print(np.ones(2, dtype={"names": ["a", "b"], "formats": ["u1", "f4"]}))
print(table.dtype.itemsize, table.nbytes, len(table.dtype.names), table.dtype["x"], table[0].dtype == table.dtype)
print(type(table), type(table[0]), type(table["n"]))

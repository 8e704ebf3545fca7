import sys
import numpy as np
z = len(sys.argv) - 1
people = np.array([("Rex", 9), ("Fido", 3)], dtype=[("name", "U10"), ("age", "i4")]) if False else None
p = np.array([(1, 2.5), (3, 4.5), (2, 0.5)], dtype=[("id", "i4"), ("w", "f8")])
print(p, repr(p), p.dtype, p.dtype.names, p.shape, len(p), p.size, p.ndim)
print(p["id"], p["w"], p[0], p[1]["w"], p["id"][2], repr(p[0]))
p["w"] += z
p["id"] = 7
print(p)
p[1] = (5, 6.5)
p["w"][0] = -1
print(p, p["w"].sum(), p[["id", "w"]] if False else 0)
q = np.zeros(4, dtype=[("pos", float, 2), ("vel", float, (2,)), ("mass", np.float32)])
print(q)
q["pos"] = np.arange(8).reshape(4, 2) + z
q["vel"][:, 0] = 1
q["mass"] = 2
q["pos"] += q["vel"] * 0.5
print(q, q["pos"][1], q[2], q["mass"].dtype, q.dtype)
r = q[1:3]
r["mass"] = 9
print(q["mass"], r.shape)
for x in p:
    print(x["id"], x["w"], x)
s = np.empty((2, 2), [("x", "f4"), ("y", "f4")])
s["x"] = [[1, 2], [3, 4]]
s["y"] = s["x"] * 2 + np.float32(z)
print(s, s.T["x"], s[0, 1], s[1]["y"], s["x"].mean())
order = np.argsort(p["w"])
print(p[order], p[p["w"] > 0])
print(np.sort(p, order="w"), np.sort(p, order=["id", "w"]))
n = np.zeros(3, [("position", [("x", float), ("y", float)]), ("color", [("r", "u1"), ("g", "u1"), ("b", "u1")])])
print(n, n["position"]["x"], n.dtype)
n["position"]["x"] = np.arange(3) + z
n["color"]["r"][1] = 255
print(n)
a = p.copy()
a["id"] = 0
print(a, p, a == p, a.dtype == p.dtype)
a[0] = p[2]
print(a[0], tuple(p[0]) if False else 0, p[0].dtype, p.dtype.fields["w"])
dt = np.dtype([("a", int), ("b", "f8")])
print(dt, dt.itemsize, dt.names, dt["b"], np.ones(2, dt), np.zeros((), dt), np.empty(0, dt))
print(p.tolist())

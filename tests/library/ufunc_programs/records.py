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
Z = np.zeros((5, 5), [("x", float), ("y", float)])
Z["x"], Z["y"] = np.meshgrid(np.linspace(0, 1, 5), np.linspace(0, 1, 5))
print(Z)
Z = np.zeros(3, [("position", [("x", float), ("y", float)]), ("color", [("r", float), ("g", float), ("b", float)])])
print(Z)
n = 4
particles = np.zeros(n, dtype=[("pos", "f8", 2), ("vel", "f8", 2), ("color", "f4", 4), ("size", float)])
particles["pos"] = np.random.default_rng(1).uniform(0, 1, (n, 2))
particles["size"] = np.linspace(1, 2, n)
particles["color"][:, 3] = np.linspace(0, 1, n)
P = particles
P["pos"] += (P["vel"] + 1) * 0.1
i = 2
P["pos"][i] = np.array([0.5, 0.25]) + z
P["size"][i] = 9
print(P["pos"].round(3), P["color"], P["size"], P[i]["size"], P[P["size"] > 1.5]["size"])
c = np.concatenate([P, P[:1]])
print(c.shape, c["size"])
q = np.zeros_like(P)
print(q["size"], q.dtype == P.dtype, np.copy(P)["size"])
print(max(P["size"]), P["size"].argmax(), P[P["size"].argmax()]["size"])
def energy(p):
    return 0.5 * p["size"] * (p["vel"] ** 2).sum(axis=-1)
print(energy(P), sum(energy(p) for p in P))
rows = [(i, i * 0.5, i % 2 == 0) for i in range(4)]
t = np.array(rows, dtype=[("i", int), ("f", float), ("b", bool)])
print(t, t["f"][t["b"]].sum(), [r["i"] for r in t], t[1:3]["f"], t[-1]["b"])
late = [(k + z, k * 1.5 + z) for k in range(3)]
u = np.array(late, dtype=[("k", np.int32), ("v", np.float64)])
u["v"] = np.sqrt(u["v"])
print(u, u[0], u["k"].dtype)
u[0]["v"] = 100
u[1] = (7, 8)
u[2] = u[0]
print(u, len(u), u.shape, u.nbytes)
for k in range(len(u)):
    u[k]["k"] += 10
    u["v"][k] /= 2
print(u)
if z == 0:
    u["k"][:] = 1
print(u, np.argsort(u["v"]), u[np.argsort(u["v"])[::-1]])
a, b = u["k"], u["v"]
a += 5
print(u, np.unique(u["k"]), u["k"].max(), np.mean(u["v"]))

# args: 3 1.5 3 9
import math, sys, statistics as st
xs = [float(a) for a in sys.argv[1:]]; ys = [int(float(a)) for a in sys.argv[1:]]
for f in (st.harmonic_mean, st.median_grouped): print(f(xs), f(ys), f([1,2,2,3,3,3]), f([1,2,2,3,3.5,3]))
print(st.harmonic_mean(xs, weights=ys), st.median_grouped(ys, 2), st.median_grouped(ys, interval=0.5))
def parse(args):
    xs = []
    for a in args:
        try: xs.append(float(a))
        except ValueError: print(f"skip {a!r}", file=sys.stderr)
    return xs
xs = parse(sys.argv[1:])
if len(xs) < 2: sys.exit("need two numbers")
print(f"n={len(xs)} mean={st.mean(xs):.4f} median={st.median(xs)} stdev={st.stdev(xs):.4f} pvar={st.pvariance(xs):.4f}")
q = sorted(xs); n = len(q)
def quantile(p):
    k = (n - 1) * p; f = math.floor(k); c = math.ceil(k)
    return q[f] if f == c else q[f] * (c - k) + q[c] * (k - f)
print([round(quantile(p), 3) for p in (0, .25, .5, .75, 1)])
lo, hi = min(xs), max(xs); bins = 4; w = (hi - lo) / bins or 1
h = [0] * bins
for x in xs: h[min(int((x - lo) / w), bins - 1)] += 1
for i, k in enumerate(h): print(f"[{lo + i * w:7.2f}, {lo + (i + 1) * w:7.2f}) {'*' * k}")
mean = sum(xs) / n
z = [(x - mean) / st.pstdev(xs) for x in xs]; print(*(f"{v:+.2f}" for v in z))
mx = my = 0
pairs = list(zip(xs, xs[1:])); print(len(pairs), pairs[:2])
slope, icpt = st.linear_regression(range(n), xs); print(f"{slope:.3f} {icpt:.3f}")
ema = None
for x in xs: ema = x if ema is None else .3 * x + .7 * ema
print(f"{ema:.4f}", math.fsum(xs), math.prod(xs), st.harmonic_mean([abs(x) + 1 for x in xs]), st.mode([int(x) for x in xs]))
runs = []; cur = [xs[0]]
for a, b in pairs:
    if b >= a: cur.append(b)
    else: runs.append(cur); cur = [b]
runs.append(cur); print(runs, max(runs, key=len))

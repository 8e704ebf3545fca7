import sys
import string
import datetime
from statistics import NormalDist
f = string.Formatter()
print(f.format("{0}-{1:>5}|{name!r}", sys.argv[1], sys.argv[2], name=sys.argv[1]))
if sys.version_info >= (3, 11):
    print(datetime.datetime(2024, 1, int(sys.argv[2]), tzinfo=datetime.UTC))
nd = NormalDist(float(sys.argv[2]), 2.0)
print(nd.mean, nd.stdev, nd.cdf(3), nd.pdf(2), nd.inv_cdf(0.9), nd.variance, nd + 3, nd.zscore(4))
print(NormalDist.from_samples([1, 2, 4, float(sys.argv[2])]))
class Up(string.Formatter):
    def format_field(self, v, spec):
        if spec == "up":
            return str(v).upper()
        return super().format_field(v, spec)
print(Up().format("{:up} {:>4}", sys.argv[1], sys.argv[2]))
x = float(sys.argv[2])
n2 = NormalDist(x, 2.5)
print(n2.quantiles(), n2.overlap(nd), nd.overlap(NormalDist(4, 2.0)), [NormalDist().inv_cdf(p) for p in (1e-9, 0.001, 0.05, 0.5, 0.7, 0.99, 1 - 1e-12)])
print(n2 * 2, n2 / 3, n2 - 1, 3 - n2, -n2, n2 + nd, n2 == nd, n2 == NormalDist(x, 2.5), nd.samples(2, seed=3))
try:
    NormalDist(1, -x)
except ValueError as e:
    print(type(e).__name__, e)
class Default(string.Formatter):
    def get_value(self, key, args, kwargs):
        if isinstance(key, str):
            return kwargs.get(key, f"<{key}>")
        return super().get_value(key, args, kwargs)
print(Default().format("{a} {b:>5} {0!r:^{w}} {c[1]} {{}} {d.real}", x, a=sys.argv[1], w=9, c=[1, 2], d=3))
print(f.vformat("{} {}", (1, x), {}), list(f.parse("a{b!r:>{w}}c")))

# args: 3 7 2 1
import sys
class P: pass
nums = [int(x) for x in sys.argv[1:]]
p = P()
vars(p)[sys.argv[1]] = 5
p.__dict__.update(a=1)
p.__dict__.update({"k" + s: s for s in sys.argv[1:]})
print(sorted(vars(p).items(), key=str))
print(getattr(p, "k" + sys.argv[1]), p.a)

# args: -n 6 --scale 0.5
import argparse

import numpy as np


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", type=int, required=True)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    rng = np.random.default_rng(args.seed)
    data = rng.normal(scale=args.scale, size=args.n)
    print(f"n={args.n} mean={data.mean():.4f} max={data.max():.4f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

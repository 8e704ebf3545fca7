# args: 0.5 0.3 0.2
import sys

import numpy as np

weights = np.array([float(arg) for arg in sys.argv[1:]])
weights = weights / weights.sum()
returns = np.array(
    [[0.02, 0.01, -0.01], [0.03, -0.02, 0.00], [-0.01, 0.02, 0.01], [0.01, 0.01, 0.03]]
)
mean = returns.mean(axis=0)
cov = np.cov(returns, rowvar=False)
print("mean", np.round(mean, 5))
print("risk", round(float(np.sqrt(weights @ cov @ weights)), 6))
growth = np.cumprod(1 + returns @ weights)
print("growth", np.round(growth, 5))
drawdown = 1 - growth / np.maximum.accumulate(growth)
print(f"worst drawdown {drawdown.max():.4%}")

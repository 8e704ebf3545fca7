import numpy as np

payoff = np.array([[3, -1], [-2, 4]])
p = q = None
for k in range(0, 101):
    share = k / 100
    mixed = share * payoff[0] + (1 - share) * payoff[1]
    worst = mixed.min()
    if p is None or worst > q:
        p, q = share, worst
print(f"play the first row with {p:.2f}, worth {q:.2f}")
row, column = np.unravel_index(payoff.argmax(), payoff.shape)
print(row, column, payoff.min(axis=1).max(), payoff.max(axis=0).min())

# args: 2 4
import sys

prices = [10.0, 10.5, 10.2, 11.0, 11.8, 11.5, 10.9, 10.1, 9.8, 10.4, 11.1]
fast, slow = int(sys.argv[1]), int(sys.argv[2])


def average(values, end, length):
    window = values[max(0, end - length + 1) : end + 1]
    return sum(window) / len(window)


holding = False
cash = 100.0
shares = 0.0
for day, price in enumerate(prices):
    up = average(prices, day, fast) > average(prices, day, slow)
    if up and not holding:
        shares, cash, holding = cash / price, 0.0, True
        print(f"day {day}: buy at {price}")
    elif not up and holding:
        cash, shares, holding = shares * price, 0.0, False
        print(f"day {day}: sell at {price}")
print(f"worth {cash + shares * prices[-1]:.2f}")

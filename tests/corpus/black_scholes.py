# args: 100 105 0.5
import math
import sys


def normal_cdf(x):
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


def black_scholes(spot, strike, years, rate=0.02, sigma=0.25, call=True):
    d1 = (math.log(spot / strike) + (rate + sigma**2 / 2) * years) / (sigma * math.sqrt(years))
    d2 = d1 - sigma * math.sqrt(years)
    discount = math.exp(-rate * years)
    if call:
        return spot * normal_cdf(d1) - strike * discount * normal_cdf(d2)
    return strike * discount * normal_cdf(-d2) - spot * normal_cdf(-d1)


spot, strike, years = (float(text) for text in sys.argv[1:4])
call = black_scholes(spot, strike, years)
put = black_scholes(spot, strike, years, call=False)
print(f"call {call:.4f} put {put:.4f}")
print("parity", math.isclose(call - put, spot - strike * math.exp(-0.02 * years)))

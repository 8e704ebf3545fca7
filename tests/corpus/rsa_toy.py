# args: 42
import sys


def power_mod(base, exponent, modulus):
    result = 1
    base %= modulus
    while exponent > 0:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result


def inverse(a, m):
    old_r, r = a, m
    old_s, s = 1, 0
    while r:
        q = old_r // r
        old_r, r = r, old_r - q * r
        old_s, s = s, old_s - q * s
    return old_s % m


p, q, e = 61, 53, 17
n, phi = p * q, (p - 1) * (q - 1)
d = inverse(e, phi)
message = int(sys.argv[1])
cipher = power_mod(message, e, n)
plain = power_mod(cipher, d, n)
print(f"n={n} d={d} cipher={cipher} plain={plain} ok={plain == message == pow(cipher, d, n)}")

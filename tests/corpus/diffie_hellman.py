# args: 6 15
import sys

p, g = 23, 5
a, b = int(sys.argv[1]), int(sys.argv[2])


def modexp(base, exponent):
    result = 1
    for bit in bin(exponent)[2:]:
        result = result * result % p
        if bit == "1":
            result = result * base % p
    return result


A, B = modexp(g, a), modexp(g, b)
print("public", A, B)
print("shared", modexp(B, a), modexp(A, b))
assert modexp(B, a) == modexp(A, b), "keys differ"

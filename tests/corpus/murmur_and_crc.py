# args: hello 12345
import sys
def murmur3_32(key, seed=0):
    data = key.encode()
    h = seed
    c1, c2 = 0xcc9e2d51, 0x1b873593
    n = len(data)
    for i in range(0, n - n % 4, 4):
        k = data[i] | data[i+1] << 8 | data[i+2] << 16 | data[i+3] << 24
        k = (k * c1) & 0xFFFFFFFF
        k = ((k << 15) | (k >> 17)) & 0xFFFFFFFF
        k = (k * c2) & 0xFFFFFFFF
        h ^= k
        h = ((h << 13) | (h >> 19)) & 0xFFFFFFFF
        h = (h * 5 + 0xe6546b64) & 0xFFFFFFFF
    k = 0
    tail = n - n % 4
    if n % 4 >= 3: k ^= data[tail + 2] << 16
    if n % 4 >= 2: k ^= data[tail + 1] << 8
    if n % 4 >= 1:
        k ^= data[tail]
        k = (k * c1) & 0xFFFFFFFF
        k = ((k << 15) | (k >> 17)) & 0xFFFFFFFF
        k = (k * c2) & 0xFFFFFFFF
        h ^= k
    h ^= n
    h ^= h >> 16
    h = (h * 0x85ebca6b) & 0xFFFFFFFF
    h ^= h >> 13
    h = (h * 0xc2b2ae35) & 0xFFFFFFFF
    h ^= h >> 16
    return h
for a in sys.argv[1:]:
    print(murmur3_32(a), hex(murmur3_32(a, 42)))
def murmur64(k):
    k ^= k >> 33
    k = (k * 0xff51afd7ed558ccd) & 0xFFFFFFFFFFFFFFFF
    k ^= k >> 33
    k = k * 0xc4ceb9fe1a85ec53 % (1 << 64)
    k ^= k >> 33
    return k
print(murmur64(int(sys.argv[2])))
def crc64(data):
    crc = 0xFFFFFFFFFFFFFFFF
    for b in data:
        crc ^= b << 56
        for _ in range(8):
            if crc & (1 << 63):
                crc = ((crc << 1) ^ 0x42F0E1EBA9EA3693) & 0xFFFFFFFFFFFFFFFF
            else:
                crc = (crc << 1) & 0xFFFFFFFFFFFFFFFF
    return crc ^ 0xFFFFFFFFFFFFFFFF
print(f"{crc64(sys.argv[1].encode()):016x}")
def mulmod(a, b, m): return a * b % m
print(mulmod(int(sys.argv[2]) ** 3, 998244353 * 10**8, 2**61 - 1))
print(pow(int(sys.argv[2]), 10**15, 2**61 - 1))
p = 1
for i in range(int(sys.argv[2]) % 50):
    p = p * 31 % (10**18 + 9)
print(p)

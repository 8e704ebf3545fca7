# args: hello
import sys

text = sys.argv[1]
crc = 0xFFFFFFFF
for char in text:
    crc ^= ord(char)
    for _ in range(8):
        if crc & 1:
            crc = crc >> 1 ^ 0xEDB88320
        else:
            crc >>= 1
crc ^= 0xFFFFFFFF
print(f"{crc:08x}")
a, b = 1, 0
for char in text:
    a = (a + ord(char)) % 65521
    b = (b + a) % 65521
print(hex(b << 16 | a))

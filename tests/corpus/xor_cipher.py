# args: key secret
import sys

key, message = sys.argv[1].encode(), sys.argv[2].encode()
cipher = bytes(m ^ key[i % len(key)] for i, m in enumerate(message))
print(cipher.hex())
plain = bytes(c ^ key[i % len(key)] for i, c in enumerate(cipher))
print(plain.decode() == sys.argv[2])

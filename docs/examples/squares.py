import sys
import numpy as np

print(np.square(np.arange(int(sys.argv[1]), dtype=np.int8)))

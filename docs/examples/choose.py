import sys
import numpy as np
print(getattr(np, sys.argv[1])(4.0))

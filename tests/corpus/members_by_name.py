# args: 2 RED 9 PINK
import sys
from enum import Enum
class C(Enum):
    RED = 1
    BLUE = 2
try:
    print(C(int(sys.argv[1])))
    print(C[sys.argv[2]], C[sys.argv[2]].value)
    print(C(int(sys.argv[3])))
except ValueError as e:
    print(e)
try:
    print(C[sys.argv[4]])
except KeyError as e:
    print(e)

# args: 3 4
import sys
import numpy as np
from numpy.typing import NDArray, ArrayLike
import numpy.typing as npt
Vec = NDArray[np.float64]
def norm(x: npt.NDArray[np.float64], p: float = 2.0) -> float:
    return float((np.abs(x) ** p).sum() ** (1 / p))
def to(x: ArrayLike, dtype: npt.DTypeLike = np.float64) -> Vec:
    return np.asarray(x, dtype=dtype)
v = to([float(a) for a in sys.argv[1:]])
print(norm(v), round(number=norm(v), ndigits=2), round(float(v[0]), ndigits=1))

import sys

from fleet.cli import main
from fleet.dialects import tosa
from fleet.passes.numpy import elementwise

elementwise._FLOATS["exp"] = tosa.tanh
sys.exit(main())

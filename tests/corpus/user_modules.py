# args: 4 6
import sys

import toolbox
from toolbox import geometry
from toolbox.text import underline

width, height = (int(arg) for arg in sys.argv[1:])
print(underline(f"toolbox {toolbox.VERSION}"))
box = geometry.Box(width, height)
print(box, box.area(), geometry.diagonal(box))
print(toolbox.area_of(box, box))

"""What declarations know, for a reader: `fleet opt --list`, `fleet opt --describe NAME`."""
def overview(): return ""
def describe(name): return ""

# args: coin push push coin coin push
import sys
from enum import Enum, auto


class State(Enum):
    LOCKED = auto()
    OPEN = auto()


TRANSITIONS = {
    (State.LOCKED, "coin"): State.OPEN,
    (State.OPEN, "push"): State.LOCKED,
}

state = State.LOCKED
refused = 0
for event in sys.argv[1:]:
    after = TRANSITIONS.get((state, event))
    if after is None:
        refused += 1
        continue
    print(f"{state.name} --{event}--> {after.name}")
    state = after
print(state, refused)

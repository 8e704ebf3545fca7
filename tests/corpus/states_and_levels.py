# args: go go go stop reset
import sys
from enum import Enum, IntEnum, Flag, auto


class State(Enum):
    IDLE = "idle"
    RUNNING = "running"
    BROKEN = "broken"

    @property
    def label(self):
        return self.value.title()

    def next(self, event):
        return TRANSITIONS.get((self, event), State.BROKEN)


class Level(IntEnum):
    LOW = 1
    MID = 5
    HIGH = 10


class Perm(Flag):
    R = auto()
    W = auto()
    X = auto()


TRANSITIONS = {
    (State.IDLE, "go"): State.RUNNING,
    (State.RUNNING, "stop"): State.IDLE,
    (State.RUNNING, "go"): State.RUNNING,
    (State.BROKEN, "reset"): State.IDLE,
}

state = State.IDLE
history = [state]
for event in sys.argv[1:]:
    old, state = state, state.next(event)
    print(f"{old.label} --{event}--> {state.label}")
    history.append(state)
    if state is State.BROKEN and event != "reset":
        print("!", state)
print([s.name for s in history], history.count(State.RUNNING))
level = Level.LOW if len(history) < 3 else Level.HIGH
print(level, level + 1, level > Level.MID, level.name, repr(level))
p = Perm.R
if len(history) > 2:
    p |= Perm.W
print(p, Perm.W in p, bool(p & Perm.X))
print(State("idle"), State["BROKEN"])
try:
    State(sys.argv[1] if len(sys.argv) > 1 else "none")
except ValueError as e:
    print(e)

"""What a vector unit remembers: registers, CSRs, and the configuration in force.

In: a CPU and its memory. Out: the state that instructions read and write. The one idea: a
configuration (vtype, vl, vstart) is an object, made once, that what is bound to it hangs on.
"""

from __future__ import annotations

import numpy as np

from fleet.diagnostics import FleetError
from fleet.emu.cpu import Cpu
from fleet.emu.memory import Memory
from fleet.emu.vector.config import VILL, Configuration, legal_vtype, vlmax_of
from fleet.emu.vector.environment import Events
from fleet.emu.vector.float_ops import FloatOps

MIN_VLEN, MAX_VLEN = 128, 65536

_MAX_CONFIGURATIONS = 2048
_PADDING = 64
"""Bytes behind the registers, so that the native executor may read whole chunks."""


class VectorState:
    """Architectural state of RVV 1.0.

    file:   the 32 vector registers as one array of 32 * vlenb bytes
    config: vtype, vl and vstart in force
    scalar: the float operand of an instruction that has to be looked at before
    vxrm, vxsat: fixed-point rounding mode and saturation flag
    events: what NumPy reports while it computes
    """

    def __init__(self, cpu: Cpu, memory: Memory, vlen: int) -> None:
        if not MIN_VLEN <= vlen <= MAX_VLEN or vlen & (vlen - 1):
            raise FleetError(
                f"VLEN {vlen} is not a power of two from {MIN_VLEN} to {MAX_VLEN}",
                hint="choose one of 128, 256, 512, 1024, ... 65536",
            )
        self.cpu = cpu
        self.memory = memory
        self.vlen = vlen
        self.vlenb = vlen // 8
        self.file = np.zeros(32 * self.vlenb + _PADDING, np.uint8)[: 32 * self.vlenb]
        self.scalar = np.zeros(4, np.uint8)
        self.vxrm = 0
        self.vxsat = 0
        self.events = Events()
        self.float_ops = FloatOps(cpu, self.events)
        self._scratch: dict[int, np.ndarray] = {}
        self._configurations: dict[tuple[int, int, int], Configuration] = {}
        self.config = self.configuration(VILL, 0)

    def configuration(self, vtype: int, vl: int, vstart: int = 0) -> Configuration:
        key = vtype, vl, vstart
        config = self._configurations.get(key)
        if config is None:
            if len(self._configurations) >= _MAX_CONFIGURATIONS:
                self.forget()
            config = self._configurations[key] = Configuration(*key, self.vlen)
        return config

    def set_vl(self, vtype: int, avl: int | None) -> int:
        """vsetvl: `avl` None keeps vl (as far as the new VLMAX allows). Returns vl."""
        if not legal_vtype(vtype):
            self.config = self.configuration(VILL, 0)
            return 0
        limit = vlmax_of(vtype, self.vlen)
        vl = min(self.config.vl if avl is None else avl, limit)
        self.config = self.configuration(vtype, vl)
        return vl

    def set_vl_only(self, vl: int) -> None:
        """What a fault-only-first load does when it stops early."""
        self.config = self.configuration(self.config.vtype, vl, self.config.vstart)

    def forget(self) -> None:
        """Drops everything that hangs on configurations, and all of them but the present one."""
        current = self.config
        current.blocks = {}
        self._configurations = {(current.vtype, current.vl, current.vstart): current}

    def scratch(self, slot: int) -> np.ndarray:
        """Room for the largest group at 64 bits an element; allocated on first use."""
        room = self._scratch.get(slot)
        if room is None:
            room = self._scratch[slot] = np.zeros(8 * self.vlen, np.uint8)
        return room

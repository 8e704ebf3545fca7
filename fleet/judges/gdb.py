"""qemu, one instruction at a time, over GDB's remote protocol.

In: an executable. Out: registers and memory between instructions. Source: the GDB manual, appendix
"Remote Serial Protocol"; registers have the numbers of qemu's target description.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from fleet.diagnostics import FleetError
from fleet.judges.machine_code import Image, qemu, qemu_cpu

FIRST = {"f": 33, "v": 65}
"""Numbers of the first registers of a kind; the packet of all has x0 to x31 and the pc."""
_PIECE = 1024
_PATIENCE = 10.0


class Gdb:
    """A connection to a waiting program."""

    def __init__(self, connection: socket.socket) -> None:
        self._file = connection.makefile("rwb")

    def ask(self, command: str) -> str:
        """Send a command; its answer."""
        data = command.encode()
        self._file.write(b"$" + data + b"#%02x" % (sum(data) & 255))
        self._file.flush()
        while self._byte() != b"$":
            pass
        answer = b""
        while (byte := self._byte()) != b"#":
            answer += byte
        self._file.read(2)
        self._file.write(b"+")
        self._file.flush()
        return answer.decode()

    def _byte(self) -> bytes:
        byte = self._file.read(1)
        if not byte:
            raise FleetError("qemu ended while it was run instruction by instruction")
        return byte

    def run_to(self, address: int) -> None:
        """Run up to an address."""
        self.ask(f"Z0,{address:x},4")
        self.ask("c")
        self.ask(f"z0,{address:x},4")

    def step(self) -> bool:
        """Execute one instruction; False where the program has ended."""
        return self.ask("s").startswith("T")

    def integers(self) -> list[int]:
        """x0 to x31, and the pc."""
        packet = bytes.fromhex(self.ask("g"))
        return [int.from_bytes(packet[8 * n : 8 * n + 8], "little") for n in range(33)]

    def register(self, kind: str, number: int) -> bytes:
        """A register of kind "f" or "v", lowest byte first."""
        return bytes.fromhex(self.ask(f"p{FIRST[kind] + number:x}"))

    def memory(self, address: int, size: int) -> bytes:
        pieces = range(0, size, _PIECE)
        return b"".join(
            bytes.fromhex(self.ask(f"m{address + at:x},{min(_PIECE, size - at):x}"))
            for at in pieces
        )


@contextmanager
def debugged(image: Image, vlen: int) -> Iterator[Gdb]:
    """qemu, waiting at the first instruction of an image."""
    with tempfile.TemporaryDirectory(prefix="fleet-gdb-") as folder:
        path = os.path.join(folder, "socket")
        content = image.path.with_suffix(".input")
        content.write_bytes(image.content)
        command = [str(qemu()), "-cpu", qemu_cpu(vlen), "-g", path, str(image.path)]
        with content.open("rb") as file:
            process = subprocess.Popen(
                command, stdin=file, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        try:
            with _connected(path, process) as connection:
                gdb = Gdb(connection)
                gdb.ask("qSupported:xmlRegisters=riscv")
                gdb.ask("qXfer:features:read:target.xml:0,fff")  # registers are numbered by this
                yield gdb
        finally:
            process.kill()
            process.wait()


def _connected(path: str, process: subprocess.Popen) -> socket.socket:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
            return connection
        except OSError:
            connection.close()
            time.sleep(0.005)
    raise FleetError("qemu cannot be run instruction by instruction here")

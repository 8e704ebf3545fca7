"""What qemu-riscv64 says about a run: how often each instruction, what it accessed, on which vl.

Counts come from a plugin of our own; it needs a C compiler but no header, for it declares the few
functions that it uses (QEMU's plugin API, version 1). vl comes from a log of the registers before
each instruction, from which the effect of every vset* is derived by the manual's rules.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

PLUGIN = r"""
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, int op, void *,
                                                uint64_t);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *,
                                      void (*)(unsigned, uint32_t, uint64_t, void *), int flags,
                                      int rw, void *);
_Bool qemu_plugin_mem_is_store(uint32_t);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
                                           void (*)(uint64_t, struct qemu_plugin_tb *));
void qemu_plugin_register_atexit_cb(uint64_t id, void (*)(uint64_t, void *), void *);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
enum { ADD = 0, NO_REGISTERS = 0, READS_AND_WRITES = 3 };

struct place {
    struct place *before;
    uint64_t address, count, reads, writes;
    uint32_t word;
};
static struct place *places;
static FILE *out;

static void accessed(unsigned cpu, uint32_t info, uint64_t address, void *data) {
    struct place *place = data;
    if (qemu_plugin_mem_is_store(info)) place->writes++;
    else place->reads++;
}

static void translated(uint64_t id, struct qemu_plugin_tb *tb) {
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        struct place *place = calloc(1, sizeof *place);
        place->before = places;
        places = place;
        place->address = qemu_plugin_insn_vaddr(insn);
        memcpy(&place->word, qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn));
        qemu_plugin_register_vcpu_insn_exec_inline(insn, ADD, &place->count, 1);
        qemu_plugin_register_vcpu_mem_cb(insn, accessed, NO_REGISTERS, READS_AND_WRITES, place);
    }
}

static void finished(uint64_t id, void *data) {
    for (struct place *p = places; p; p = p->before)
        fprintf(out, "%lx %x %lu %lu %lu\n", p->address, p->word, p->count, p->reads, p->writes);
    fclose(out);
}

__attribute__((visibility("default")))
int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv) {
    out = fopen(strchr(argv[0], '=') + 1, "w");
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, finished, NULL);
    return out == NULL;
}
"""


class Place(NamedTuple):
    """An instruction: its word, how often it was executed, loaded and stored."""

    address: int
    word: int
    count: int
    loads: int
    stores: int

    @property
    def is_vector(self) -> bool:
        """By its major opcode and, of loads and stores, the width field."""
        opcode, width = self.word & 0x7F, self.word >> 12 & 7
        return opcode == 0x57 or opcode in (0x07, 0x27) and width in (0, 5, 6, 7)


def _cpu(vlen: int) -> str:
    return f"rv64,v=true,vext_spec=v1.0,vlen={vlen}"


def counts(elf: Path, vlen: int, folder: Path, tool: Callable[..., str]) -> list[Place]:
    """Every instruction that qemu executed."""
    source, library, out = folder / "counts.c", folder / "counts.so", folder / "counts.txt"
    source.write_text(PLUGIN)
    command = [tool("gcc"), "-shared", "-fPIC", "-fvisibility=hidden", "-o", library, source]
    subprocess.run(command, check=True)
    qemu = tool("qemu-riscv64")
    subprocess.run([qemu, "-plugin", f"file={library},out={out}", "-cpu", _cpu(vlen), elf])
    total: dict[tuple[int, int], list[int]] = {}
    for line in out.read_text().splitlines():
        address, word, *numbers = line.split()
        known = total.setdefault((int(address, 16), int(word, 16)), [0, 0, 0])
        known[:] = (old + int(new) for old, new in zip(known, numbers, strict=True))
    rows = [Place(*key, *numbers) for key, numbers in total.items() if numbers[0]]
    return list(map(_by_instruction, rows))


def _by_instruction(place: Place) -> Place:
    """qemu counts the accesses of a vector instruction by element, and `sc` as a comparison too."""
    opcode, operation = place.word & 0x7F, place.word >> 27
    if opcode == 0x2F and operation == 3:
        return place._replace(loads=0, stores=place.count)
    if place.is_vector:
        loads, stores = place.count * (opcode == 0x07), place.count * (opcode == 0x27)
        return place._replace(loads=loads, stores=stores)
    return place


class Step(NamedTuple):
    """One executed instruction and the integer registers before it."""

    address: int
    registers: list[int]


def steps(elf: Path, vlen: int, folder: Path, tool: Callable[..., str]) -> Iterator[Step]:
    """All of a run, in order."""
    log = folder / "log"
    options = ["-singlestep", "-d", "exec,cpu,nochain", "-D", log, "-cpu", _cpu(vlen)]
    subprocess.run([tool("qemu-riscv64"), *options, elf])
    address, registers = None, []
    for line in log.open():
        if line.startswith("Trace"):
            if address is not None:
                yield Step(address, registers)
            address, registers = int(line.split("/")[1], 16), []
        else:
            registers += [int(value, 16) for value in re.findall(r" x\d+/\S+ +(\w{16})", line)]
    if address is not None:
        yield Step(address, registers)


def elements(run: Iterator[Step], words: dict[int, int], vlen: int) -> Counter[int]:
    """The sum of vl over the executions of each vector instruction other than vset*."""
    total: Counter[int] = Counter()
    vl = 0
    for address, registers in run:
        word = words[address]
        if word & 0x707F == 0x7057:
            vl = _length(word, registers, vlen, vl)
        elif Place(address, word, 0, 0, 0).is_vector:
            total[address] += vl
    return total


def _length(word: int, x: list[int], vlen: int, vl: int) -> int:
    """vl after a vset* (the manual, 6.2): our programs ask for legal settings alone."""
    rd, rs1, rs2 = word >> 7 & 31, word >> 15 & 31, word >> 20 & 31
    top = word >> 30
    vtype = x[rs2] if top == 2 else word >> 20 & (0x3FF if top == 3 else 0x7FF)
    lmul = (vtype & 7) - 8 * (vtype >> 2 & 1)
    limit = int(vlen * 2.0**lmul) // (8 << (vtype >> 3 & 7))
    if top == 3:
        return min(rs1, limit)
    if rs1:
        return min(x[rs1], limit)
    return limit if rd else vl

"""Objects and data -> an `Image`: sections with addresses, relocations applied.

In: what the assembler made or `.o` files hold, and arrays (weights) by name. Out: what
`executable.py` writes to a file. Steps: choose a definition for every symbol (`resolve`), join
sections (`layout`), give addresses, then patch bytes by the psABI's relocations (`relocations`).
Nothing is relaxed: R_RISCV_RELAX is a permission, and padding is made right before (`alignment`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from fleet.asm.link.alignment import trim_padding
from fleet.asm.link.image import PAGE, Buffer, Image, ImageSymbol, OutputSection, nbytes
from fleet.asm.link.indirect import IndirectFunctions
from fleet.asm.link.layout import KEPT_FLAGS, assign_addresses, output_name
from fleet.asm.link.resolve import Definition, Definitions, entry_hint, out_of_reach, place_of
from fleet.asm.objects.attributes import RV64GCV, attributes_section, merge_arch
from fleet.asm.objects.debug_sections import with_debug_sections
from fleet.asm.objects.model import (
    ABSOLUTE,
    COMMON,
    EF_RISCV_FLOAT_ABI,
    EF_RISCV_RVC,
    SHF_ALLOC,
    SHF_COMPRESSED,
    SHF_EXCLUDE,
    SHF_EXECINSTR,
    SHF_TLS,
    SHF_WRITE,
    SHT_NOBITS,
    SHT_NOTE,
    SHT_PROGBITS,
    SHT_RISCV_ATTRIBUTES,
    Object,
    R,
    Relocation,
    Section,
    relocation_name,
)
from fleet.asm.objects.relocations import (
    DTPREL,
    GOT,
    PCREL_HIGH,
    PCREL_LOW,
    TPREL,
    patches,
    set_uleb128,
)
from fleet.diagnostics import FleetError, FleetErrors

ARRAY_ALIGN = 64
DTV_OFFSET = 0x800
FLOAT_ABIS = ("soft-float", "single-float", "double-float", "quad-float")
TABLES = (".eh_frame", ".gcc_except_table")  # may speak of code that is gone
MOST_ERRORS = 50
NAMED_USES = 3

Slot = tuple[str, int, int | str]
"""An entry of the GOT: address, TLS offset, or module and offset, and of which symbol."""


def is_kept(section: Section) -> bool:
    """Whether a section of an object goes into the executable at all."""
    if section.flags & SHF_ALLOC:
        return True
    debugs = section.name.startswith(".debug_") or section.name == ".comment"
    excluded = section.flags & SHF_EXCLUDE or section.type in (SHT_NOTE, SHT_RISCV_ATTRIBUTES)
    return debugs or not (excluded or section.type != SHT_PROGBITS or not section.size
                          or section.name.startswith(".note"))  # fmt: skip


class Linker:
    """One link. `link` is the way in."""

    def __init__(self, objects: Sequence[Object]) -> None:
        self.objects = objects
        self.image = Image()
        self.definitions = Definitions(objects)
        self.errors = self.definitions.errors
        self.outputs: dict[tuple[str, bool, int], OutputSection] = {}
        # (object, section) -> its output section, offset in it, and its bytes
        self.placed: dict[tuple[int, int], tuple[OutputSection, int, Buffer]] = {}
        self.commons: dict[str, tuple[OutputSection, int]] = {}
        self.slots: dict[Slot, int] = {}
        self.got: OutputSection | None = None
        self.got_data = bytearray()
        self.indirect = IndirectFunctions(self.output)
        self.threads = 0  # address of the thread-local variables
        self.undefined: dict[str, list[tuple[FleetError, str]]] = {}
        self.provided: dict[str, int] = {}

    # Joining

    def output(self, name: str, type_: int, flags: int) -> OutputSection:
        """The output section of this name and kind."""
        kept, nobits = flags & KEPT_FLAGS, type_ == SHT_NOBITS
        if not flags & SHF_ALLOC:  # what is not in memory is not in a thread's either
            kept &= ~SHF_TLS
        key = (name, nobits, kept)
        found = self.outputs.get(key)
        if found is None:
            found = self.outputs[key] = OutputSection(name, type_, kept, 1)
        return found

    def place_sections(self) -> None:
        self.output(".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR)
        for number, unit in enumerate(self.objects):
            for index, section in enumerate(unit.sections):
                if not is_kept(section) or (number, index) in self.definitions.dropped:
                    continue
                if section.flags & SHF_COMPRESSED:
                    message = f"{unit.file}: {section.name} is compressed"
                    self.errors.append(FleetError(message, hint="compile with -gz=none"))
                    continue
                output = self.output(output_name(section), section.type, section.flags)
                data = bytearray(section.data) if section.relocations else section.data
                offset = output.append(data, section.size, section.align)
                self.placed[number, index] = (output, offset, data)

    def place_commons(self) -> None:
        """Memory for what several objects declare and none defines."""
        for name, (_, _, symbol) in self.definitions.globals.items():
            if symbol.section == COMMON:
                bss = self.output(".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE)
                self.commons[name] = bss, bss.append(b"", symbol.size, max(symbol.value, 1))

    def place_arrays(self, arrays: Iterable[tuple[str, Buffer]]) -> list[tuple[str, int, int]]:
        """Append arrays to .rodata; (name, offset, size) of each."""
        places = []
        align = PAGE
        for name, array in arrays:
            size = nbytes(array)
            rodata = self.output(".rodata", SHT_PROGBITS, SHF_ALLOC)
            places.append((name, rodata.append(array, size, align), size))
            align = ARRAY_ALIGN
        return places

    def slot_of(self, number: int, relocation: Relocation) -> Slot:
        """The entry of the GOT that a relocation is about."""
        kind = {R.TLS_GOT_HI20: "offset", R.TLS_GD_HI20: "module"}.get(relocation.type, "address")
        if relocation.symbol is None:
            return kind, -2, relocation.addend
        found = self.definitions.find(number, relocation.symbol)
        if found is None or found.symbol.binding != "local":
            return kind, -1, self.objects[number].symbols[relocation.symbol].name
        return kind, found.unit, found.index

    def place_slots(self) -> None:
        """Room in the GOT for every symbol that code takes from there."""
        size = 0
        for number, index in self.placed:
            for relocation in self.objects[number].sections[index].relocations:
                if relocation.type in GOT:
                    slot = self.slot_of(number, relocation)
                    if slot not in self.slots:
                        self.slots[slot] = size
                        size += 16 if slot[0] == "module" else 8
        if size:
            self.got_data = bytearray(size)
            self.got = self.output(".got", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE)
            self.got_start = self.got.append(self.got_data, size, 8)

    def assign_addresses(self) -> None:
        outputs = list(self.outputs.values())
        used = [s for s in outputs if s.flags & SHF_ALLOC and (s.size or s.name == ".text")]
        self.image.sections = assign_addresses(used)
        self.image.sections += [s for s in outputs if not s.flags & SHF_ALLOC and s.size]
        self.threads = next((s.address for s in self.image.sections if s.flags & SHF_TLS), 0)
        self.provided = self.linker_symbols()

    # Symbols

    def linker_symbols(self) -> dict[str, int]:
        """Symbols that a linker defines if objects use but do not define them."""
        loaded = [s for s in self.image.sections if s.flags & SHF_ALLOC]
        stored = [s for s in loaded if s.type != SHT_NOBITS]

        def end(sections: list[OutputSection]) -> int:
            return max((s.address + s.size for s in sections), default=0)

        def named(name: str) -> list[OutputSection]:
            return [s for s in loaded if s.name == name]

        code = [s for s in loaded if s.flags & SHF_EXECINSTR]
        memory = [s for s in loaded if not (s.flags & SHF_TLS and s.type == SHT_NOBITS)]
        data = [s for s in stored if s.name == ".data"]
        start = data[0].address if data else end(stored)
        found = {
            "__global_pointer$": start + 0x800,
            "__DATA_BEGIN__": start, "__SDATA_BEGIN__": start,
            **dict.fromkeys(("_etext", "etext", "__etext"), end(code)),
            **dict.fromkeys(("_edata", "edata"), end(stored)),
            "__bss_start": min((s.address for s in named(".bss")), default=end(memory)),
            **dict.fromkeys(("_end", "end", "__BSS_END__"), end(memory)),
            "__executable_start": 0x10000, "__ehdr_start": 0x10000, "__dso_handle": 0,
            "_GLOBAL_OFFSET_TABLE_": self.got.address if self.got else 0,
        }  # fmt: skip
        found["__rela_iplt_start"], found["__rela_iplt_end"] = self.indirect.bounds()
        for name in (".preinit_array", ".init_array", ".fini_array"):
            sections = named(name)
            word = name[1:]
            found[f"__{word}_start"] = sections[0].address if sections else 0
            found[f"__{word}_end"] = end(sections)
        for section in loaded:
            if section.name.isidentifier():
                found.setdefault(f"__start_{section.name}", section.address)
                found[f"__stop_{section.name}"] = section.address + section.size
        return found

    def address_of(self, definition: Definition) -> int | None:
        """The address of a definition, None if its section is not in the executable."""
        number, _, symbol = definition
        if symbol.section == ABSOLUTE:
            return symbol.value
        if symbol.section == COMMON:
            output, offset = self.commons[symbol.name]
            return output.address + offset
        place = self.placed.get((number, symbol.section))
        return None if place is None else place[0].address + place[1] + symbol.value

    def symbol_address(self, number: int, section: int, relocation: Relocation) -> int | None:
        """The address of a relocation's symbol; None, and an error, if there is none."""
        if relocation.symbol is None:
            return 0
        unit = self.objects[number]
        symbol = unit.symbols[relocation.symbol]
        found = self.definitions.find(number, relocation.symbol)
        if found is not None:
            if found.symbol.kind == "ifunc" and unit.sections[section].flags & SHF_ALLOC:
                return self.indirect.stub(found)
            address = self.address_of(found)
            if address is not None:
                return address
        elif symbol.name in self.image.addresses:  # an array
            return self.image.addresses[symbol.name]
        elif symbol.name in self.provided and symbol.binding != "local":
            return self.provided[symbol.name]
        elif symbol.binding == "weak":
            return 0
        place = unit.sections[section]
        is_gone = found is not None or self.definitions.is_dropped(number, relocation.symbol)
        if is_gone and (not place.flags & SHF_ALLOC or place.name in TABLES):
            return -relocation.addend
        if is_gone:
            message = f"{symbol.name or 'this'} is in a section that is not linked"
            return self.error(message, number, section, relocation)
        uses = self.undefined.setdefault(symbol.name, [])
        location = relocation.location or symbol.location
        if location is not None:
            where = str(location)
        else:  # the function is looked for only where it will be read
            named = len(uses) < NAMED_USES
            where = place_of(unit, section, relocation.offset) if named else unit.file
        message = f"{symbol.name} is not defined"
        uses.append((FleetError(message if location else f"{where}: {message}", location), where))
        return None

    def error(
        self,
        message: str,
        number: int,
        section: int,
        relocation: Relocation,
        hint: str | None = None,
    ) -> None:
        """Remember what is wrong with a relocation."""
        if relocation.location is None:
            place = place_of(self.objects[number], section, relocation.offset)
            message = f"{place}: {message}"
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(FleetError(message, relocation.location, hint=hint))

    # Relocation

    def target(self, number: int, section: int, relocation: Relocation) -> int | None:
        """What a relocation is to be applied with."""
        address = self.symbol_address(number, section, relocation)
        if address is None:
            return None
        kind = relocation.type
        if kind in GOT:
            assert self.got is not None
            slot = self.slot_of(number, relocation)
            self.fill_slot(slot, address + (relocation.addend if slot[1] == -2 else 0))
            entry = self.got.address + self.got_start + self.slots[slot]
            return entry + (relocation.addend if slot[1] != -2 else 0)
        if kind in PCREL_LOW:
            return address
        if kind in TPREL:
            address -= self.threads
        elif kind in DTPREL:
            address -= self.threads + DTV_OFFSET
        return address + relocation.addend

    def fill_slot(self, slot: Slot, address: int) -> None:
        at = self.slots[slot]
        match slot[0]:
            case "address":
                words = [address]
            case "offset":
                words = [address - self.threads]
            case _:
                words = [1, address - self.threads - DTV_OFFSET]
        for number, word in enumerate(words):
            place = at + 8 * number
            data = (word & (1 << 64) - 1).to_bytes(8, "little")
            self.got_data[place : place + 8] = data

    def relocate(self) -> None:
        for (number, index), (output, offset, data) in self.placed.items():
            relocations = self.objects[number].sections[index].relocations
            if not relocations:
                continue
            assert isinstance(data, bytearray)
            base = output.address + offset
            highs: dict[int, int | None] = {}  # None: there was an error
            later = []
            minuend = 0
            for relocation in relocations:
                kind = relocation.type
                if kind == R.RELAX or kind == R.NONE:
                    continue
                target = self.target(number, index, relocation)
                if target is None:
                    highs[base + relocation.offset] = None
                    continue
                if kind in PCREL_LOW:
                    later.append((relocation, target))
                    continue
                if kind in PCREL_HIGH:
                    highs[base + relocation.offset] = target - (base + relocation.offset)
                elif kind == R.SET_ULEB128:
                    minuend = target
                    continue
                elif kind == R.SUB_ULEB128:
                    if not set_uleb128(data, relocation.offset, minuend - target):
                        message = f"{minuend - target} does not fit in the bytes for it"
                        self.error(message, number, index, relocation)
                    continue
                self.apply(number, index, relocation, data, base, target)
            for relocation, label in later:
                if label not in highs:
                    message = "%pcrel_lo needs the label of an instruction with %pcrel_hi"
                    self.error(message, number, index, relocation)
                    continue
                high = highs[label]
                if high is not None:
                    self.apply(number, index, relocation, data, base, high + relocation.addend)
        self.indirect.fill(self.address_of)
        self.report_undefined()

    def report_undefined(self) -> None:
        """One error for each undefined symbol, with the places that refer to it."""
        for uses in self.undefined.values():
            error = uses[0][0]
            if len(uses) > 1:
                places = [where for _, where in uses[1:NAMED_USES]]
                if len(uses) > NAMED_USES:
                    places.append(f"{len(uses) - NAMED_USES} more places")
                error.hint = f"it is also used by {' and '.join(places)}"
            if len(self.errors) < MOST_ERRORS:
                self.errors.append(error)

    def apply(
        self, number: int, section: int, relocation: Relocation, data: bytearray, base: int,
        target: int,
    ) -> None:  # fmt: skip
        offset, kind = relocation.offset, relocation.type
        found = patches().get(kind)
        if found is None:
            message = f"relocation {relocation_name(kind)} cannot be applied"
            self.error(message, number, section, relocation)
            return
        size, patch = found
        if offset < 0 or offset + size > len(data):
            self.error("a relocation lies outside its section", number, section, relocation)
            return
        before = int.from_bytes(data[offset : offset + size], "little")
        after = patch(before, target, base + offset)
        if after is None:
            message, hint = out_of_reach(self.objects[number], relocation, base, target)
            self.error(message, number, section, relocation, hint)
            return
        mask = (1 << 8 * size) - 1
        data[offset : offset + size] = (after & mask).to_bytes(size, "little")

    # What is left in the file

    def collect_symbols(self, places: list[tuple[str, int, int]]) -> None:
        image = self.image
        indices = {id(section): index for index, section in enumerate(image.sections)}
        chosen = {(d.unit, d.index) for d in self.definitions.globals.values()}
        for number, unit in enumerate(self.objects):
            for index, symbol in enumerate(unit.symbols):
                name, section = symbol.name, symbol.section
                if section is None or not name or name.startswith(".L"):
                    continue
                if symbol.kind == "section":
                    continue
                if symbol.binding != "local" and (number, index) not in chosen:
                    continue
                address = self.address_of(Definition(number, index, symbol))
                if address is None:
                    continue
                output = None
                if section == COMMON:
                    output = self.commons[name][0]
                elif section != ABSOLUTE:
                    output = self.placed[number, section][0]
                kind = "object" if symbol.kind == "common" else symbol.kind
                value = address - self.threads if kind == "tls" else address
                image.symbols.append(
                    ImageSymbol(
                        name, value, symbol.size, indices.get(id(output)), symbol.binding, kind,
                        symbol.visibility,
                    )
                )  # fmt: skip
                if kind != "file" and name[0] != "$" and (
                    symbol.binding != "local" or name not in image.addresses
                ):
                    image.addresses[name] = address
        rodata = self.outputs.get((".rodata", False, SHF_ALLOC))
        for name, _, size in places:
            address = image.addresses[name]
            section = indices.get(id(rodata))
            image.symbols.append(ImageSymbol(name, address, size, section, "local", "object"))
        self.collect_provided()

    def collect_provided(self) -> None:
        """The linker's own symbols that objects use, as plain numbers."""
        used = {s.name for unit in self.objects for s in unit.symbols if s.section is None}
        for name in sorted(used & self.provided.keys() - self.image.addresses.keys()):
            address = self.provided[name]
            self.image.symbols.append(ImageSymbol(name, address, 0, None, "global", "notype"))

    def check_machines(self, arch: str) -> None:
        """Objects must pass floating-point numbers alike; the image needs what any of them does."""
        code = [
            unit for unit in self.objects
            if any(s.flags & SHF_EXECINSTR and s.size for s in unit.sections)
        ]  # fmt: skip
        for unit in code[1:]:
            mine, first = (u.flags & EF_RISCV_FLOAT_ABI for u in (unit, code[0]))
            if mine != first:
                names = FLOAT_ABIS[mine >> 1], FLOAT_ABIS[first >> 1]
                message = f"{unit.file} has the {names[0]} ABI, {code[0].file} the {names[1]} ABI"
                hint = "compile both for the same -mabi"
                self.errors.append(FleetError(message, hint=hint))
        if code:
            self.image.flags = code[0].flags & EF_RISCV_FLOAT_ABI
            self.image.flags |= max(unit.flags & EF_RISCV_RVC for unit in code)
        self.image.arch = merge_arch(unit.arch or arch for unit in self.objects)


def link(
    objects: Sequence[Object],
    *,
    entry: str = "_start",
    arrays: Iterable[tuple[str, Buffer]] = (),
    sections: Mapping[str, Buffer] | None = None,
    arch: str = RV64GCV,
    directory: str = "",
) -> Image:
    """Link objects into a static executable.

    arrays:    constants by name; each becomes a symbol of .rodata and is not copied.
    sections:  more sections that are in the file only.
    arch:      what objects need that do not say it themselves.
    directory: what relative names of source files are relative to, for debuggers.
    FleetErrors: undefined and doubly defined symbols, targets out of reach, a missing entry.
    """
    linker = Linker([trim_padding(with_debug_sections(unit, directory)) for unit in objects])
    linker.check_machines(arch)
    linker.place_sections()
    linker.place_commons()
    places = linker.place_arrays(arrays)
    linker.place_slots()
    linker.indirect.place(linker.definitions, linker.placed)
    linker.assign_addresses()
    image = linker.image
    for name, offset, _ in places:
        if name in image.addresses:
            raise FleetError(f"there are two arrays named {name}")
        image.addresses[name] = linker.outputs[".rodata", False, SHF_ALLOC].address + offset
    linker.relocate()
    if linker.errors:
        raise FleetErrors(linker.errors)
    linker.collect_symbols(places)
    if entry not in image.addresses:
        raise FleetError(f"the entry {entry} is not defined", hint=entry_hint(image.symbols, entry))
    image.entry = image.addresses[entry]
    attributes = attributes_section(image.arch)
    image.add_section(".riscv.attributes", attributes, type=SHT_RISCV_ATTRIBUTES)
    for name, data in (sections or {}).items():
        image.add_section(name, data)
    return image

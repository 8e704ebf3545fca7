"""`fleet link`: objects and libraries to an executable."""

from __future__ import annotations

from collections.abc import Sequence

from fleet.asm.link.executable import write_executable
from fleet.asm.link.linker import link
from fleet.asm.objects.archive import Archive, is_archive, parse_archive, with_members
from fleet.asm.objects.elf import map_file, parse_elf
from fleet.asm.objects.model import Object
from fleet.asm.objects.reader import object_of
from fleet.collector import no_cycles
from fleet.files import check_output


@no_cycles()
def link_files(inputs: Sequence[str], output: str, *, entry: str = "_start") -> int:
    """Link objects and static libraries into a static executable; its size in bytes."""
    check_output(output, *inputs)
    objects: list[Object] = []
    archives: list[Archive] = []
    for path in inputs:
        view = map_file(path)
        if is_archive(view):
            archives.append(parse_archive(view, path))
        else:
            objects.append(object_of(parse_elf(view, path)))
    image = link(with_members(objects, archives), entry=entry)
    return write_executable(output, image)

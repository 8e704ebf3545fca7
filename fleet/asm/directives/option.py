"""Directives about what instructions may be and how they are written: `.option`, `.attribute`."""

from __future__ import annotations

from collections.abc import Callable

from fleet.asm.directives.section import SectionDirectives
from fleet.asm.isa.compress import NO_FORMS, forms_of
from fleet.asm.objects.attributes import TAGS, VERSIONS, extensions_of, format_arch, parse_arch
from fleet.asm.source.expressions import SyntaxProblem
from fleet.asm.source.state import Options
from fleet.asm.source.statements import Statement, Text, string_bytes
from fleet.diagnostics import FleetError


class OptionDirectives(SectionDirectives):
    def option(self, statement: Statement) -> None:
        operands = self.needed(statement, 1, 50)
        operand = operands[0]
        if len(operands) > 1 and operand.text != "arch":
            message = f".option {operand.text} takes nothing more"
            raise SyntaxProblem(message, operands[1].start, operands[-1].end)
        match operand.text:
            case "rvc":
                self.arch = format_arch({**parse_arch(self.arch), "c": VERSIONS["c"]})
                self.extensions |= {"c"}
                if self.all_extensions:
                    self.all_extensions.setdefault("c", VERSIONS["c"])
                self.compressing = forms_of(self.extensions)
            case "norvc":
                self.compressing = NO_FORMS
                present = parse_arch(self.arch)
                self.arch = format_arch({name: present[name] for name in present if name != "c"})
                self.extensions -= {"c"}
            case "pic" | "nopic":
                self.pic = operand.text == "pic"
            case "push":
                self.options.append(
                    Options(self.compressing, self.march, self.arch, self.extensions, self.pic)
                )
            case "pop":
                if not self.options:
                    message = ".option pop without .option push"
                    raise SyntaxProblem(message, operand.start, operand.end)
                options = self.options.pop()
                self.compressing, self.march, self.arch, self.extensions, self.pic = options
            case "arch":
                self.option_arch(operands[1:], operand)
            case "relax" | "norelax" | "csr-check" | "no-csr-check":
                pass  # nothing here depends on them
            case other:
                message = f"there is no option {other}"
                hint = "options are rvc, norvc, push, pop, relax, norelax, pic, nopic, arch"
                raise SyntaxProblem(message, operand.start, operand.end, hint)

    def option_arch(self, changes: tuple[Text, ...], at: Text) -> None:
        """`.option arch, +v, -c`, or a whole architecture."""
        if not changes:
            raise SyntaxProblem(".option arch needs extensions", at.start, at.end, "such as +v")
        for change in changes:
            word = change.text.lower()
            try:
                if word[:1] not in ("+", "-"):
                    self.set_architecture(word)
                    continue
                present = parse_arch(self.arch)
                named = extensions_of("rv64i_" + word[1:])
            except FleetError as error:
                message = error.message.replace(f" in rv64i_{word[1:]}", "")
                raise SyntaxProblem(message, change.start, change.end, error.hint) from None
            if word[0] == "+":
                present |= named
            elif word[1:] == "i":
                message = "the base instruction set cannot be taken away"
                raise SyntaxProblem(message, change.start, change.end)
            else:
                gone = (word[1:], "zve", "zvl") if word == "-v" else (word[1:],)
                present = {n: v for n, v in present.items() if not n.startswith(gone)}
            self.set_architecture(format_arch(present))

    def attribute(self, statement: Statement) -> None:
        """`.attribute arch, "rv64gc"`, or another one by name or number."""
        name, value = self.needed(statement, 2, 2)
        word = name.text.removeprefix("Tag_RISCV_")
        tag = TAGS.get(word)
        if tag is None:
            if not word.isdecimal():
                hint = "attributes are " + ", ".join(TAGS)
                raise SyntaxProblem(f"there is no attribute {word}", name.start, name.end, hint)
            tag = int(word)
        if tag == TAGS["arch"]:
            try:
                self.set_architecture(string_bytes(value).decode("latin-1"))
            except FleetError as error:
                raise SyntaxProblem(error.message, value.start, value.end, error.hint) from None
        elif tag % 2:
            self.attributes[tag] = string_bytes(value).rstrip(b"\0").decode("latin-1")
        else:
            number = self.number_of(value)
            if not 0 <= number < 1 << 32:
                raise SyntaxProblem(f"{number} is no attribute", value.start, value.end)
            self.attributes[tag] = number


OPTION_DIRECTIVES: dict[str, Callable[[OptionDirectives, Statement], None]] = {
    ".option": OptionDirectives.option,
    ".attribute": OptionDirectives.attribute,
}

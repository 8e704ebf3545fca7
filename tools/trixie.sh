#!/usr/bin/env bash
# Unpacks programs of Debian 13 beside the installed ones: later judges of what Fleet writes than
# Debian 12 has, such as GNU as 2.44. Nothing of the system is changed: apt works in a state of its
# own, with the system's sources read as Debian 13's, and a program runs with the libraries that are
# unpacked beside it.
#
#   tools/trixie.sh FOLDER binutils-riscv64-linux-gnu      # then FOLDER/bin/riscv64-linux-gnu-as
set -euo pipefail
folder=$(realpath -m "$1")
shift
if [ ! -e "$folder/done-$*" ]; then
    mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial" "$folder/sources" "$folder/bin"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian*; do
        [ -f "$file" ] && sed 's/bookworm/trixie/g' "$file" >"$folder/sources/$(basename "$file")"
    done
    options=(
        -qq -o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$folder/sources"
        -o "Dir::State::Lists=$folder/lists" -o "Dir::State::status=/dev/null"
        -o "Dir::Cache=$folder/cache" -o "APT::Sandbox::User=root"
    )
    apt-get "${options[@]}" update >&2
    apt-get "${options[@]}" --yes --no-install-recommends --download-only install "$@" >&2
    for package in "$folder"/cache/archives/*.deb; do
        dpkg --fsys-tarfile "$package" | tar --extract --directory "$folder" \
            --wildcards './usr/bin/*' './usr/lib/*' './usr/lib64/*' --exclude './usr/lib/locale/*' \
            2>/dev/null || true # not every package has all of these
    done
    libraries=$folder/usr/lib/x86_64-linux-gnu
    for program in "$folder"/usr/bin/riscv64-* "$folder"/usr/bin/qemu-riscv64; do
        [ -x "$program" ] || continue
        wrapper=$folder/bin/$(basename "$program")
        printf '#!/bin/sh\nexec %s --library-path %s %s "$@"\n' \
            "$libraries/ld-linux-x86-64.so.2" "$libraries" "$program" >"$wrapper"
        chmod +x "$wrapper"
    done
    rm -rf "$folder/lists" "$folder/cache" "$folder/sources"
    touch "$folder/done-$*"
fi
echo "$folder/bin"

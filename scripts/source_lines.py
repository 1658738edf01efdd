"""Which source lines the addresses of a program came from. Used by scripts/profile."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def source_lines(binary, addresses):
    """Finds the lines of addresses, of code that was inlined as well.

    Returns {address: [(file, line), ...]}, the innermost function first; nothing for an address without debug information, nor
    for those of libraries that were not built in this repository, whose lines are not asked for and take their time.
    """
    lines = {address: [] for address in addresses}
    if not lines or not Path(binary).resolve().is_relative_to(ROOT):
        return lines
    try:
        # -a repeats each address before its lines, which are as many as functions were inlined there.
        found = subprocess.run(["addr2line", "-a", "-i", "-e", binary], input="\n".join(map(hex, lines)), capture_output=True,
                               text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return lines
    address = None
    for text in found.splitlines():
        if text.startswith("0x") and ":" not in text:
            address = int(text, 16)
            continue
        file, _, line = text.split(" (discriminator")[0].rpartition(":")
        if line.isdigit() and int(line) > 0:
            lines[address].append((file, int(line)))
    return lines

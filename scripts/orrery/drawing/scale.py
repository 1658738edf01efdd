"""Numbers of any size, made fit for the axes of a diagram."""

from __future__ import annotations

import numpy as np


def decimal_exponent(largest: float) -> int:
    """Power of ten taken out of values up to `largest`; 0 for everyday sizes.

    Scaling keeps extreme sizes (1e-200, 1e300) away from the limits of the plotting library.
    """
    if largest == 0 or 1e-2 <= largest < 1e4:
        return 0
    return max(-300, int(np.floor(np.log10(largest))))


def scaled_unit(unit: str, exponent: int) -> str:
    """A unit times a power of ten, in brackets; empty for pure numbers and unknown units without one."""
    unit = "" if unit == "1" else unit
    if exponent:
        unit = f"$10^{{{exponent}}}$ {unit}".rstrip()
    return f" [{unit}]" if unit else ""


def largest_finite(values: np.ndarray) -> float:
    """Largest finite magnitude in an array, 0 if there is none."""
    values = np.abs(values[np.isfinite(values)])
    return float(values.max()) if values.size else 0.0


def plain_text(text: str) -> str:
    """Text that the plotting library shows as it stands: a dollar sign would start a formula."""
    return text.encode("utf-8", "replace").decode().replace("$", r"\$")


def short_name(name: str, most: int = 60) -> str:
    """A file's name, its middle left out if it is long."""
    return name if len(name) <= most else f"{name[:most // 2 - 2]} ... {name[-(most // 2 - 2):]}"

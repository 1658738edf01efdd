"""What numbers of a trajectory are measured in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping

# What each diagnostic of Orrery's laws is a multiple of: powers of length and of time.
DIAGNOSTICS: Mapping[str, tuple[int, int]] = {
    "radius_mean": (1, 0),
    "radius_min": (1, 0),
    "radius_max": (1, 0),
    "radius_growth_error": (0, 0),
    "exact_deviation": (1, 0),
}
COLUMNS: Mapping[str, tuple[int, int]] = {"tangential_speed": (1, -1)}


@dataclass(frozen=True)
class Units:
    """Units of a run.

    system      `reduced`, where a length of 1 stands for what the user decides; else what the file says, or ``
    length      such as `length units`, or `nm` in a file with units that mean something
    time        such as `time units`, or `ps`
    velocity    such as `length units / time unit`, or `nm ps-1`
    attributes  the attributes `unit` as they stand in the file, by the name of the quantity: {'position': 'Angstrom'}.
                In a `reduced` file they are there for readers that insist on some, and mean nothing.
    """

    system: str = "reduced"
    length: str = "length units"
    time: str = "time units"
    velocity: str = "length units / time unit"
    attributes: Mapping[str, str] = field(default_factory=dict)

    def of_column(self, name: str) -> str:
        """Unit of a column or of a quantity of every frame; empty where it is not known."""
        if name in ("position", "velocity"):
            return self.length if name == "position" else self.velocity
        return self._power(*COLUMNS[name]) if name in COLUMNS else self.attributes.get(name, "")

    def of_diagnostic(self, name: str) -> str:
        """Unit of a diagnostic: `1` for a pure number, empty where it is not known."""
        return self._power(*DIAGNOSTICS[name]) if name in DIAGNOSTICS else ""

    def _power(self, length: int, time: int) -> str:
        return {(0, 0): "1", (1, 0): self.length, (1, -1): self.velocity, (0, 1): self.time}[length, time]


def units_of(system: str, attributes: Mapping[str, str], has_times: bool = True) -> Units:
    """Units of a file with the attribute `units` of /parameters, and with attributes `unit` by quantity.

    has_times  whether the file has times; where it has none, steps stand for them
    """
    time = "time units" if has_times else "steps"
    if system == "reduced" or "position" not in attributes:
        return Units(system=system, time=time, attributes=attributes)
    length = attributes["position"]
    per = attributes.get("time", "time unit")
    return Units(system, length, attributes.get("time", time), attributes.get("velocity", f"{length} / {per}"), attributes)

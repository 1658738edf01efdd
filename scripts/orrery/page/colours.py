"""What the particles of a page can be coloured by, and what the page has to carry for each choice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from .. import colouring
from ..colouring import Colouring, Scale
from ..run import Run

MOST_CHOICES = 8


class Carried(Enum):
    """How the numbers of a choice come into the page."""

    COLUMN = "column"  # a number for each particle, the same in all frames
    SERIES = "series"  # a number for each particle in each frame
    RADIUS = "radius"  # nothing: worked out from the positions while drawing


@dataclass
class Choice:
    """One thing that particles can be coloured by.

    low, high  least and greatest number seen; low > high where there is none
    names      the numbers that have a colour each, ascending; None where colours change gradually
    """

    colouring: Colouring
    carried: Carried
    low: float = np.inf
    high: float = -np.inf
    names: list[float] | None = None

    def see(self, values: np.ndarray) -> None:
        """Takes note of numbers, which need not be finite."""
        values = values[np.isfinite(values)]
        if values.size:
            self.low, self.high = min(self.low, float(values.min())), max(self.high, float(values.max()))
            if self.colouring.scale == Scale.NAMES:
                self.names = sorted({*(self.names or []), *values.tolist()})

    def limits(self) -> tuple[float, float]:
        """The numbers at both ends of the scale of colours; the second is greater."""
        if self.low > self.high:
            return -1.0, 1.0
        if self.names is not None:
            return -0.5, len(self.names) - 0.5
        if self.colouring.scale == Scale.SIGNED or self.colouring.name == "tangential_speed":
            limit = max(abs(self.low), abs(self.high)) or 1.0
            return -limit, limit
        noise = 0 if self.colouring.name == "id" else 1e-9 * max(abs(self.low), abs(self.high))
        if self.high - self.low <= noise:
            return self.low - 0.5 * (abs(self.low) or 1.0), self.high + 0.5 * (abs(self.high) or 1.0)
        return self.low, self.high

    def fractions(self, values: np.ndarray) -> np.ndarray:
        """Places of numbers between the limits, 0 to 1; what is not finite stays so."""
        if self.names is not None:
            values = np.searchsorted(self.names, values).astype(np.float64)
        low, high = self.limits()
        return (values / 2 - low / 2) / (high / 2 - low / 2)

    def described(self) -> dict[str, object]:
        """The choice for the page."""
        low, high = self.limits()
        is_signed = self.colouring.scale == Scale.SIGNED or self.colouring.name == "tangential_speed"
        return {"name": self.colouring.name, "label": self.colouring.label, "unit": self.colouring.unit,
                "carried": self.carried.value, "low": low, "high": high, "names": self.names,
                "scale": "names" if self.names is not None else "signed" if is_signed else "rising"}


def choices_of(run: Run) -> tuple[list[Choice], list[str]]:
    """The choices of a page, the best one first, and the names of those that are left out."""
    # The length of a velocity is called speed; that of a position says what the radius says.
    names = [name for name in colouring.choices(run) if name not in ("position", "velocity")]
    best = colouring.choose(run).name
    names.sort(key=lambda name: name != best)
    choices = []
    for name in names[:MOST_CHOICES]:
        chosen = colouring.choose(run, name)
        is_radius = name == "radius" and name not in (*run.columns, *run.quantities)
        choices.append(Choice(chosen, Carried.RADIUS if is_radius else Carried.COLUMN if chosen.is_fixed else Carried.SERIES))
    return choices, names[MOST_CHOICES:]

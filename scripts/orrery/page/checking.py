"""Compares what is read with the checksums of the file (docs/file_format.md), so that no page shows flipped bits."""

from __future__ import annotations

from typing import Iterable

import numpy as np

from ..errors import DataError
from ..frame import Frame
from ..run import Run

try:
    from xxhash import xxh3_64
except ImportError:
    xxh3_64 = None


class Checker:
    """Checks a run frame by frame; does nothing where the file has no checksums.

    is_possible  whether checksums are compared
    problem      why they are not, though the file has some; else empty
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._sums = run.checksums
        self.problem = "the Python package xxhash is missing" if self._sums and xxh3_64 is None else ""
        self.is_possible = bool(self._sums) and not self.problem

    def check_constants(self) -> None:
        """Checks ids, columns and configuration; DataError if one differs."""
        if not self.is_possible:
            return
        for name in self._run.columns:
            self._compare(name, None, [self._run.column(name)])
        self._compare("config", None, [self._run.configuration.encode()])

    def check(self, frame: Frame, quantities: Iterable[str]) -> None:
        """Checks some quantities of a frame, and its single numbers; DataError if one differs."""
        if not self.is_possible:
            return
        for name in quantities:
            self._compare(name, frame.number, (values for _, values in frame.blocks(name)))
        self._compare("numbers", frame.number, self._numbers(frame))

    def _numbers(self, frame: Frame) -> list[np.ndarray]:
        """Step, time, box and diagnostics, as they were summed."""
        edges = frame.edges
        singles = [frame.time, *(edges.ravel().tolist() if edges is not None else ()),
                   *(float(values[frame.number]) for _, values in sorted(self._run.diagnostics.items()))]
        return [np.array([frame.step], "<i8"), np.array(singles, "<f8")]

    def _compare(self, name: str, frame: int | None, parts: Iterable[np.ndarray | bytes]) -> None:
        if name not in self._sums:
            return
        found = xxh3_64()
        for part in parts:
            found.update(part if isinstance(part, bytes) else np.ascontiguousarray(part).data)
        if found.intdigest() != int(self._sums[name] if frame is None else self._sums[name][frame]):
            what = "step, time, box or diagnostics" if name == "numbers" else name
            where = "" if frame is None else f" of frame {frame}"
            raise DataError(self._run.path, f"damaged: {what}{where} {'do' if name == 'numbers' else 'does'} not have the checksum "
                                            "that the file has for it")

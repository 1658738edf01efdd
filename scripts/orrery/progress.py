"""How far a program is, for who waits for it at a terminal."""

from __future__ import annotations

import sys


class ProgressBar:
    """A bar on standard error, if that is a terminal; gone when all is done."""

    WIDTH = 40

    def __init__(self, name: str, total: int) -> None:
        """name: of the program; total: how much there is to do"""
        self._name = name
        self._total = max(1, total)
        self._done = 0
        self._shown = -1
        self._is_seen = sys.stderr.isatty()

    def advance(self) -> None:
        """Shows that one more is done."""
        self._done += 1
        self.show(self._done)

    def show(self, done: int) -> None:
        """Shows that `done` of the total are done."""
        percent = 100 * done // self._total
        if not self._is_seen or percent == self._shown:
            return
        self._shown = percent
        filled = self.WIDTH * done // self._total
        print(f"\r{self._name}: [{'#' * filled}{' ' * (self.WIDTH - filled)}] {percent:3d} %", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Takes the bar away."""
        if self._is_seen:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

"""What the command-line programs share: exit codes, one-line errors, option types, files that appear whole or not at all."""

from __future__ import annotations

import argparse
import errno
import math
import os
import resource
import secrets
import signal
import sys
from typing import NoReturn, Sequence

import numpy as np

from .errors import DataError, one_line, printable
from .run import Run

EX_OK, EX_USAGE, EX_DATAERR, EX_UNAVAILABLE, EX_SOFTWARE, EX_IOERR = 0, 64, 65, 69, 70, 74
EX_INTERRUPTED = 130


class Failure(Exception):
    """The program has to end with an exit code and a message of one line."""

    def __init__(self, code: int, message: object) -> None:
        self.code = code
        super().__init__(one_line(message))


class Parser(argparse.ArgumentParser):
    """Argument parser that reports wrong usage in one line with exit code 64, and takes no abbreviated options."""

    def __init__(self, prog: str, **keywords: object) -> None:
        super().__init__(prog=prog, allow_abbrev=False, **keywords)

    def _print_message(self, message: str, file: object = None) -> None:
        if file is not sys.stdout:
            super()._print_message(message, file)
            return
        try:
            show(message)
        except Failure as failure:
            fail(self.prog, failure.code, failure)

    def error(self, message: str) -> NoReturn:
        """Ends the program."""
        fail(self.prog, EX_USAGE, f"{message} (see --help)")


def fail(name: str, code: int, message: object) -> NoReturn:
    """Prints `name: message` as one line to standard error, and ends the program with the exit code."""
    complain(name, message)
    sys.exit(code)


def complain(name: str, message: object) -> None:
    """Prints `name: message` as one line to standard error, whatever characters it has."""
    print(f"{name}: {one_line(message)}".encode("utf-8", "backslashreplace").decode(), file=sys.stderr, flush=True)


def show_name(path: str) -> None:
    """Prints the name of a file that was written. It need not be valid text, and is printed as it is unless a terminal shows it."""
    if sys.stdout is not None:
        sys.stdout.reconfigure(errors="surrogateescape")
        if sys.stdout.isatty():
            path = printable(path)
    show(path + "\n")


def show(text: str) -> None:
    """Prints text to standard output; Failure if that cannot be done. A reader that goes ends the program quietly."""
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        print(text, end="", flush=True)
    except OSError as error:
        if sys.stdout is not None:  # or Python would try once more at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno == errno.EPIPE:
            sys.exit(128 + signal.SIGPIPE)
        raise Failure(EX_IOERR, f"cannot write to standard output: {error.strerror or error}") from None


def lift_limits() -> None:
    """In a child process before it becomes another program: takes back limits of memory that are for our own reading."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


# ---------------------------------------------------------------- types of options

def frame_numbers(text: str) -> list[int]:
    """Frame numbers, counted from 0, with commas between them."""
    for part in text.split(","):
        if not (part.isascii() and part.isdigit()):
            raise argparse.ArgumentTypeError(f"'{part}' is not a whole number from 0")
    return [int(part) for part in text.split(",")]


def whole_numbers(text: str) -> list[range]:
    """Whole numbers from 0 and ranges of them, with commas between them: `3,8-10`."""
    ranges = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if not (part.isascii() and first.isdigit() and (last.isdigit() if dash else True)):
            raise argparse.ArgumentTypeError(f"'{part}' is neither a whole number from 0 nor a range like 3-7")
        ranges.append(range(int(first), int(last if dash else first) + 1))
    return ranges


def positive_number(text: str) -> float:
    """A finite number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0")
    return value


def positive_count(text: str) -> int:
    """A whole number above 0."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number above 0")
    return int(text)


def chosen_frames(run: Run, frames: Sequence[int] | None) -> list[int]:
    """Numbers of the frames to show, the last one if none was chosen; Failure where there is no such frame."""
    if len(run) == 0:
        raise DataError(run.path, "no complete frame yet")
    for frame in frames or []:
        if frame >= len(run):
            raise Failure(EX_USAGE, f"frame {frame} does not exist: {run.path} has frames 0 to {len(run) - 1}")
    return list(frames) if frames else [len(run) - 1]


def rows_of_ids(run: Run, ids: Sequence[range] | None) -> np.ndarray | None:
    """Rows [K], ascending, of the particles whose ids were asked for; None for all; Failure where an id does not exist."""
    if ids is None:
        return None
    found = run.ids
    chosen = np.zeros(len(found), bool)
    for part in ids:
        inside = (found >= part.start) & (found < part.stop)
        if len(part) == 0 or not inside.any():
            raise Failure(EX_USAGE, f"--ids: {run.path} has no particle with an id from {part.start} to {part.stop - 1}")
        chosen |= inside
    return np.flatnonzero(chosen)


# ---------------------------------------------------------------- files to write

class Output:
    """A file that appears under its name when it is complete. Until then it is beside it under a temporary name.

    path       the name that was asked for
    temporary  where to write
    """

    def __init__(self, path: str, sources: Sequence[str], overwrite: bool = True) -> None:
        """Refuses (Failure) to write over one of `sources`, over what is no file, or over any file without `overwrite`."""
        self.path = path
        self._overwrite = overwrite
        for source in sources:
            if _same_file(path, source):
                raise Failure(EX_USAGE, f"{path}: would overwrite an input; name another file with --output")
        if os.path.exists(path) and not os.path.isfile(path):
            raise Failure(EX_IOERR, f"{path}: cannot be written: not a regular file")
        if not overwrite and os.path.lexists(path):
            raise self._is_there()
        # A link to a file is kept, and the file replaced.
        self._target = os.path.realpath(path)
        folder, name = os.path.split(self._target)
        stem, suffix = os.path.splitext(name)
        self.temporary = os.path.join(folder, f".{stem[:60]}.{secrets.token_hex(8)}.part{suffix[:20]}")

    @property
    def suffix(self) -> str:
        """Suffix of the name in lower case, such as `.png`."""
        return os.path.splitext(self.path)[1].lower()

    def write(self, content: bytes) -> None:
        """Writes the whole file; Failure if that cannot be done."""
        try:
            with open(self.temporary, "xb") as file:
                file.write(content)
        except OSError as error:
            self.discard()
            raise self.failure(error) from None
        self.publish()

    def publish(self) -> None:
        """Gives what was written to the temporary name its own; Failure if that cannot be done."""
        try:
            if self._overwrite:
                os.replace(self.temporary, self._target)
            else:
                self._publish_as_new()
        except OSError as error:
            self.discard()
            raise self.failure(error) from None

    def _publish_as_new(self) -> None:
        """Takes the name only if it is free still, in one move."""
        try:
            os.link(self.temporary, self._target)
        except FileExistsError:
            self.discard()
            raise self._is_there() from None
        except OSError:  # a file system without hard links
            if os.path.lexists(self._target):
                self.discard()
                raise self._is_there() from None
            os.replace(self.temporary, self._target)
            return
        self.discard()

    def _is_there(self) -> Failure:
        return Failure(EX_IOERR, f"{self.path}: exists; name another file with --output, or add --overwrite")

    def discard(self) -> None:
        """Removes what was written to the temporary name, if anything."""
        try:
            os.remove(self.temporary)
        except OSError:
            pass

    def failure(self, error: OSError) -> Failure:
        """What to raise when writing failed."""
        return Failure(EX_IOERR, f"{self.path}: cannot be written: {error.strerror or error}")


def _same_file(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)

"""One open HDF5 file: every call of the library is made here, and every failure becomes a DataError.

A file that is still being written can be read. The library keeps what it has seen of a file, so that a view grows
stale while the writer goes on, and may fail at a place that was moved meanwhile. A call that fails on a file that
has changed since it was opened is therefore tried again on a fresh view.
"""

from __future__ import annotations

import os
import signal
import stat
import time
from typing import Callable, Iterator, TypeVar
from contextlib import contextmanager

import h5py

from .errors import DataError
from .foreign import find, look_through

Result = TypeVar("Result")

ATTEMPTS = 5
PAUSE = 0.05  # seconds
LOCKING = "HDF5_USE_FILE_LOCKING"


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Ends the process with SIGALRM if what is done inside takes longer; None sets no limit.

    No exception can end a call into the library, so this is for processes that another one watches.
    """
    if seconds is None:
        yield
        return
    outer, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, outer)


def regular_file(path: str) -> os.stat_result:
    """What the system says of a file that can be read; DataError where there is none, or something else than a file."""
    try:
        # A pipe would make the program wait until there is a writer.
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        status = os.fstat(number)
        os.close(number)
    except FileNotFoundError:
        raise DataError(path, "no such file") from None
    except OSError as error:
        raise DataError(path, error.strerror or str(error)) from None
    if not stat.S_ISREG(status.st_mode):
        raise DataError(path, "not a regular file")
    return status


def open_unlocked(path: str, **keywords: object) -> h5py.File:
    """Opens a file for reading without locks, which would keep its writer out, and which not all file systems have."""
    try:
        try:
            return h5py.File(path, "r", locking=False, **keywords)
        except OSError as error:
            # This process has it open already, with locks: the library wants all of its openings alike.
            if "locking flag values don't match" not in str(error):
                raise
            return h5py.File(path, "r", **keywords)
    except TypeError:  # h5py before 3.5
        before = os.environ.get(LOCKING)
        os.environ[LOCKING] = "FALSE"
        try:
            return h5py.File(path, "r", **keywords)
        finally:
            if before is None:
                del os.environ[LOCKING]
            else:
                os.environ[LOCKING] = before


class Source:
    """The file at `path`, open for reading.

    seconds  limit for a single call of the library, see time_limit()
    """

    def __init__(self, path: str, seconds: float | None = None) -> None:
        self.path = path
        self._seconds = seconds
        self._file: h5py.File | None = None
        self._objects: dict[str, object] = {}
        self._stamp: tuple[int, int] | None = None
        self._retry(self._open, "cannot be opened")
        self._retry(lambda: look_through(self.path, self._file), "damaged: its groups cannot be read")

    def close(self) -> None:
        """Closes the file; a closed source cannot be read."""
        self._objects.clear()
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except (OSError, RuntimeError, ValueError):
                pass  # nothing was written, so nothing is lost

    def reopen(self) -> None:
        """Opens the file anew, to see what was written since."""
        self._retry(self._open, "cannot be opened")

    def call(self, what: str, action: Callable[[], Result]) -> Result:
        """The result of `action`, which reads from this source; `what` says in an error message what was read."""
        return self._retry(action, f"damaged: {what} cannot be read")

    def get(self, name: str) -> h5py.Dataset | h5py.Group | None:
        """The data set or group called `name`, or None. Only to be used inside of call(), as reopening ends its life."""
        if self._file is None:
            raise DataError(self.path, "the file was closed")
        if name not in self._objects:
            self._objects[name] = find(self.path, self._file, name, self._stamp[1])
        return self._objects[name]

    def dataset(self, name: str) -> h5py.Dataset:
        """The data set called `name`. Only to be used inside of call()."""
        found = self.get(name)
        if not isinstance(found, h5py.Dataset):
            raise DataError(self.path, f"not a trajectory: there is no data set {name}")
        return found

    def _open(self) -> None:
        self.close()
        status = regular_file(self.path)
        self._stamp = (status.st_mtime_ns, status.st_size)
        if status.st_size == 0:
            raise DataError(self.path, "the file is empty")
        if not h5py.is_hdf5(self.path):
            raise DataError(self.path, "not an HDF5 file")
        try:
            self._file = open_unlocked(self.path)
        except OSError:
            # Files written for concurrent readers open only in this mode.
            try:
                self._file = open_unlocked(self.path, libver="latest", swmr=True)
                return
            except (OSError, ValueError, RuntimeError):
                pass
            raise

    def _has_changed(self) -> bool:
        try:
            status = os.stat(self.path)
        except OSError:
            return False
        return self._stamp is not None and (status.st_mtime_ns, status.st_size) != self._stamp

    def _retry(self, action: Callable[[], Result], problem: str) -> Result:
        for attempt in range(ATTEMPTS):
            try:
                with time_limit(self._seconds):
                    if attempt > 0 and action != self._open:
                        self._open()
                    return action()
            except DataError:
                if not self._has_changed() or attempt == ATTEMPTS - 1:
                    raise
            except MemoryError:
                raise DataError(self.path, f"{problem}: not enough memory") from None
            except Exception as error:  # the library reports damage by nearly every kind of exception
                if not self._has_changed() or attempt == ATTEMPTS - 1:
                    raise DataError(self.path, f"{problem}: {error}") from None
            time.sleep(PAUSE)
        raise AssertionError("the last attempt returns or raises")

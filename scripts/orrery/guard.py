"""Runs a program's work in a child process, so that a file which makes the HDF5 library crash or hang is reported.

The library was made for files that it wrote itself: on damaged ones it may read where it must not, abort, or never
return, and no exception can prevent that. The child does all the reading, the parent waits and tells how it ended.
A fork takes a few milliseconds.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from types import FrameType
from typing import Callable

from .errors import DataError
from .run import Run, open_run
from .script import EX_DATAERR, EX_INTERRUPTED, EX_OK, EX_SOFTWARE, Failure, Output, complain

READ_LIMIT = 60.0  # seconds that a single read of at most some 24 MB may take
CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL)
ENDING = (signal.SIGINT, signal.SIGTERM)
LEAST_MEMORY = 1 << 30  # bytes beyond what is taken already: libraries reserve more than they use
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def open_guarded(path: str, group: str | None = None) -> Run:
    """Opens a trajectory inside of guarded(): a read that takes longer than READ_LIMIT ends the process."""
    return open_run(path, group, time_limit=READ_LIMIT)


def guarded(name: str, source: str, work: Callable[[], None], output: Output | None = None) -> int:
    """Runs `work` in a child process and returns the exit code of the program, after a message if it went wrong.

    name    of the program, for messages
    source  the file that is read with open_guarded()
    work    may raise DataError, Failure, KeyboardInterrupt, MemoryError
    output  what to remove if the child is ended by a signal
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # it is none where it was closed
            stream.flush()
    # Held back until both processes know what to do about them.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    child = os.fork()
    if child == 0:
        code = EX_SOFTWARE
        try:
            _follow_signals()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
            code = _exit_code(name, work)
            if sys.stdout is not None:
                sys.stdout.flush()
        finally:
            os._exit(code)

    def pass_on(signum: int, _: FrameType | None) -> None:
        os.kill(child, signum)
    before = {signum: signal.signal(signum, pass_on) for signum in ENDING}
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    try:
        _, status = os.waitpid(child, 0)
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
    if os.WIFEXITED(status):
        return os.WEXITSTATUS(status)
    if output is not None:
        output.discard()
    return _ended_by(name, source, signal.Signals(os.WTERMSIG(status)))


def _follow_signals() -> None:
    """In the child: end once on Ctrl-C and on SIGTERM, end with the parent, leave no core file."""
    def end(signum: int, _: FrameType | None) -> None:
        for other in ENDING:  # the second of two must not interrupt the tidying up
            signal.signal(other, signal.SIG_IGN)
        if signum == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + signum)
    for signum in ENDING:
        signal.signal(signum, end)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_memory()
    try:
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
    except (OSError, AttributeError):
        pass  # not Linux


def _limit_memory() -> None:
    """Lets the process take what memory is available and no more, so that a file which asks for too much gets an error."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            available = next(int(line.split()[1]) for line in file if line.startswith("MemAvailable:")) * 1024
        with open("/proc/self/statm", encoding="ascii") as file:
            taken = int(file.read().split()[0]) * resource.getpagesize()
        least, most = resource.getrlimit(resource.RLIMIT_AS)
        wanted = taken + max(available, LEAST_MEMORY)
        if least == resource.RLIM_INFINITY or wanted < least:
            resource.setrlimit(resource.RLIMIT_AS, (wanted, most))
    except (OSError, ValueError, StopIteration):
        pass  # not Linux


def _exit_code(name: str, work: Callable[[], None]) -> int:
    try:
        work()
        return EX_OK
    except DataError as error:
        complain(name, error)
        return EX_DATAERR
    except Failure as error:
        complain(name, error)
        return error.code
    except KeyboardInterrupt:
        complain(name, "interrupted")
        return EX_INTERRUPTED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else EX_SOFTWARE
    except BrokenPipeError:
        # Whoever read standard output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EX_OK
    except MemoryError:
        complain(name, "not enough memory")
        return EX_SOFTWARE
    except Exception as error:  # a defect of the program; a traceback would not help its users
        complain(name, f"internal error, please report it: {type(error).__name__}: {error}")
        return EX_SOFTWARE


def _ended_by(name: str, source: str, ended: signal.Signals) -> int:
    """Says why a signal ended the child; returns the exit code."""
    if ended in CRASHES:
        complain(name, f"{source}: damaged: the HDF5 library crashes on it ({ended.name})")
        return EX_DATAERR
    if ended == signal.SIGALRM:
        complain(name, f"{source}: damaged, or on a disk that does not answer: a read took longer than {READ_LIMIT:.0f} s")
        return EX_DATAERR
    complain(name, f"ended by a signal ({ended.name})" + ("; not enough memory?" if ended == signal.SIGKILL else ""))
    return 128 + ended

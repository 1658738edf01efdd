"""Reads Orrery's trajectory files.

    import orrery

    with orrery.open("run.h5md") as run:
        print(len(run), "frames of", run.particles, "particles up to time", run.times[-1])
        print(run[10].position)                  # array [N][3]
        print(run.column("tangential_speed"))    # array [N]
        for frame in run[::5]:
            print(frame.time, frame["velocity"].mean(axis=0))

Files are read lazily: only what is asked for, and a file that is still being written as far as it is complete. A file
that cannot be used raises orrery.DataError. Needs numpy and h5py.
"""

from .errors import DataError
from .frame import Frame
from .run import Box, Run, Timing, open_run
from .units import Units

open = open_run  # what users call it: orrery.open(...)

__all__ = ["Box", "DataError", "Frame", "Run", "Timing", "Units", "open"]

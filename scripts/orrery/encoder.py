"""Pictures to a film, by ffmpeg."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from types import TracebackType

import numpy as np

from .script import EX_IOERR, EX_UNAVAILABLE, Failure, Output, lift_limits

FILTERS = {
    ".mp4": ["-c:v", "libx264", "-preset", "medium", "-crf", "18", "-pix_fmt", "yuv420p", "-movflags", "+faststart"],
    # The palette of the first picture, whose colour bar has all colours: one of all pictures would keep all in memory.
    ".gif": ["-filter_complex", "split[a][b];[a]trim=end_frame=1,palettegen[p];[b][p]paletteuse=dither=none:diff_mode=rectangle"],
}


class Encoder:
    """A film that is being written; its name appears when it is complete. A context manager.

    output      where to; its suffix is one of FILTERS
    size        width and height of the pictures, even numbers
    per_second  pictures per second
    """

    def __init__(self, output: Output, size: tuple[int, int], per_second: float) -> None:
        program = shutil.which("ffmpeg")
        if program is None:
            raise Failure(EX_UNAVAILABLE, "ffmpeg is not installed; scripts/setup does, or: apt-get install ffmpeg")
        self._output = output
        self._messages = tempfile.TemporaryFile()
        command = [program, "-nostdin", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgba",
                   "-video_size", f"{size[0]}x{size[1]}", "-framerate", f"{per_second:g}", "-i", "pipe:0", "-an",
                   *FILTERS[output.suffix], "file:" + output.temporary]
        # In a session of its own: Ctrl-C is for us, who then tell it to stop.
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self._messages,
                                         start_new_session=True, preexec_fn=lift_limits)

    def __enter__(self) -> Encoder:
        return self

    def add(self, picture: np.ndarray) -> None:
        """Appends a picture [height][width][4], uint8."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(np.ascontiguousarray(picture).data)
        except BrokenPipeError:
            raise self._failure() from None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            self._process.kill()
            self._process.wait()
            self._output.discard()
            return
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass  # its exit code tells
        if self._process.wait() != 0:
            failure = self._failure()
            self._output.discard()
            raise failure
        self._output.publish()

    def _failure(self) -> Failure:
        self._process.wait()
        self._messages.seek(0)
        lines = self._messages.read().decode(errors="replace").strip().splitlines()
        return Failure(EX_IOERR, f"{self._output.path}: cannot be written: {lines[-1] if lines else 'ffmpeg failed'}")

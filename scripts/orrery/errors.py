"""What is raised when a trajectory file cannot be used."""

from __future__ import annotations


class DataError(Exception):
    """A trajectory file is missing, damaged or of another kind; its text is one line, beginning with the path.

    path     the file
    problem  what is wrong, and where in the file
    """

    def __init__(self, path: str, problem: str) -> None:
        self.path = path
        self.problem = one_line(problem)
        super().__init__(f"{path}: {self.problem}")


class ForeignDataError(DataError):
    """A file names other files, or claims what it cannot hold; nothing of it is used."""


def one_line(text: object) -> str:
    """Text without line breaks and runs of blanks, fit for a terminal."""
    return printable(" ".join(str(text).split()))


def printable(text: str) -> str:
    """Text with `?` for every character that could steer a terminal or turn the direction of writing. Bytes of names that are no
    text stay what Python makes of them."""
    return "".join(letter if letter.isprintable() or "\udc80" <= letter <= "\udcff" else "?" for letter in text)

"""Reading a part of a data set with neither much memory nor many small reads."""

from __future__ import annotations

from typing import Iterator

import h5py
import numpy as np

BLOCK_ROWS = 1 << 18
# Measured with h5py 3.7 on doubles [N][3]: a row read by itself takes as long as 2,000 rows read in one go, and
# evenly spaced rows pay from one in 32 on.
ROWS_OF_A_READ = 2000
SPACING_THAT_PAYS = 32


def block_rows(chunk_rows: int) -> int:
    """Rows to read at a time: about BLOCK_ROWS, and whole chunks, so that no compressed chunk is unpacked twice."""
    return max(1, BLOCK_ROWS // max(1, chunk_rows)) * max(1, chunk_rows)


def blocks(count: int, size: int) -> Iterator[slice]:
    """Slices of `size` rows that make up `count` rows."""
    for begin in range(0, count, size):
        yield slice(begin, min(begin + size, count))


def row_numbers(rows: slice | np.ndarray | list[int], count: int) -> np.ndarray:
    """Numbers of rows [K] that a slice, a mask [count] or a list of numbers stands for; IndexError beyond `count`."""
    if isinstance(rows, slice):
        return np.arange(*rows.indices(count), dtype=np.int64)
    numbers = np.asarray(rows)
    if numbers.size == 0:
        return np.empty(0, np.int64)
    if numbers.dtype == bool:
        if numbers.shape != (count,):
            raise IndexError(f"a mask of shape {numbers.shape} for {count} rows")
        return np.flatnonzero(numbers)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
        raise IndexError("rows are a slice, a list of whole numbers or a mask")
    numbers = numbers.astype(np.int64)
    if numbers.min() < -count or numbers.max() >= count:
        raise IndexError(f"row {int(numbers.max()) if numbers.max() >= count else int(numbers.min())} of {count}")
    return np.where(numbers < 0, numbers + count, numbers)


def read_ascending(data: h5py.Dataset, prefix: tuple[int, ...], numbers: np.ndarray) -> np.ndarray:
    """Rows `numbers` [K >= 1] of data[prefix], ascending and within one block: shape [K] + the shape of a row."""
    first, last, count = int(numbers[0]), int(numbers[-1]), len(numbers)
    span = last - first + 1
    if count * SPACING_THAT_PAYS <= span and count > 1:
        gaps = np.diff(numbers)
        if (gaps == gaps[0]).all():
            return data[(*prefix, slice(first, last + 1, int(gaps[0])))]
    if count * ROWS_OF_A_READ < span:
        return np.stack([data[(*prefix, int(number))] for number in numbers])
    return data[(*prefix, slice(first, last + 1))][numbers - first]

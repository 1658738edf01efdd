"""Finds objects of an HDF5 file that another program made, without opening anything but that file.

HDF5 files can name other files: by external and user-defined links, external storage and virtual data sets. A file may
also claim extents that it has no room for, and name filters that are loaded from elsewhere. All of that is refused here,
before the library acts on it, with the path of the object.
"""

from __future__ import annotations

import math

import h5py
from h5py import h5d, h5g, h5l, h5o, h5p

from .errors import ForeignDataError

MOST_OBJECTS = 100_000
MOST_LINKS = 16  # soft links that lead from one to the next
# What HDF5 and h5py bring: deflate, shuffle, fletcher32, szip, nbit, scaleoffset, lzf. Others would be loaded as plug-ins.
KNOWN_FILTERS = (1, 2, 3, 4, 5, 6, 32000)
# Deflate packs at most 1032 bytes into one.
MOST_PACKING = 1100
ALWAYS_ROOM = 1 << 26  # bytes that may stand for nothing, such as rows that were planned and never written
LARGEST_CHUNK = 1 << 30  # bytes, unpacked


def look_through(path: str, file: h5py.File) -> None:
    """Refuses a file any object of which leads elsewhere, also where it would not be read; ForeignDataError."""
    pending: list[tuple[h5g.GroupID, str]] = [(file["/"].id, "")]
    seen, count = set(), 0
    while pending:
        group, where = pending.pop()
        for part in _links_of(group):
            count += 1
            if count > MOST_OBJECTS:
                raise ForeignDataError(path, f"it holds more than {MOST_OBJECTS} objects; copy what is wanted to a file of its own")
            name, kind = f"{where}/{_shown(part)}", group.links.get_info(part).type
            if kind == h5l.TYPE_SOFT:
                continue  # leads to what is found otherwise, or nowhere
            _check_link(path, name, kind)
            about = h5o.get_info(group, part)
            if about.addr in seen:
                continue
            seen.add(about.addr)
            if about.type == h5o.TYPE_GROUP:
                pending.append((h5o.open(group, part), name))
            elif about.type == h5o.TYPE_DATASET:
                _check_place(path, name, h5o.open(group, part).get_create_plist())


def _links_of(group: h5g.GroupID) -> list[bytes]:
    names: list[bytes] = []

    def take(name: bytes) -> bool | None:
        names.append(name)
        return True if len(names) > MOST_OBJECTS else None
    group.links.iterate(take)
    return names


def _check_link(path: str, name: str, kind: int) -> None:
    if kind != h5l.TYPE_HARD:
        what = "an external link, to another file" if kind == h5l.TYPE_EXTERNAL else "a user-defined link"
        raise ForeignDataError(path, f"{name} is {what}, which is not followed; copy the data into the file (h5copy -f ext)")


def _check_place(path: str, name: str, settings: h5p.PropDCID) -> None:
    """Refuses data that lie elsewhere."""
    if settings.get_layout() == h5d.VIRTUAL:  # before its extents are asked for: those may be in other files
        raise ForeignDataError(path, f"{name} is a virtual data set, which may show other files; copy the data into the file")
    if settings.get_external_count() > 0:
        raise ForeignDataError(path, f"{name} has its data in other files (external storage); copy them into the file (h5repack)")


def find(path: str, file: h5py.File, name: str, size: int) -> h5py.Dataset | h5py.Group | None:
    """The data set or group called `name`, or None; ForeignDataError where it is not to be used, OSError where a link is broken.

    path  of the file, for messages
    size  of the file in bytes
    """
    place = file["/"].id
    walked, left, links = "", _parts(name), 0
    while left:
        part = left.pop(0)
        if not isinstance(place, h5g.GroupID) or not place.links.exists(part):
            if links:
                raise OSError(f"{walked}/{_shown(part)} is a link that points to nothing")
            return None
        kind = place.links.get_info(part).type
        where = f"{walked}/{_shown(part)}"
        if kind == h5l.TYPE_SOFT:
            links += 1
            if links > MOST_LINKS:
                raise ForeignDataError(path, f"{where} is a link that leads in a circle")
            target = place.links.get_val(part)
            left = _parts(target) + left
            if target.startswith(b"/"):
                place, walked = file["/"].id, ""
            continue
        _check_link(path, where, kind)
        if part != b".":
            place = h5o.open(place, part)
            walked = where
    if isinstance(place, h5g.GroupID):
        return h5py.Group(place)
    if not isinstance(place, h5d.DatasetID):
        return None
    _check_storage(path, walked, place, size)
    return h5py.Dataset(place)


def _parts(name: str | bytes) -> list[bytes]:
    text = name.encode("utf-8", "surrogateescape") if isinstance(name, str) else name
    return [part for part in text.split(b"/") if part and part != b"."]


def _shown(part: bytes) -> str:
    return part.decode("utf-8", "backslashreplace")


def _check_storage(path: str, name: str, dataset: h5d.DatasetID, size: int) -> None:
    """Refuses data that lie elsewhere, and extents that the file cannot hold."""
    settings = dataset.get_create_plist()
    _check_place(path, name, settings)
    layout = settings.get_layout()
    filters = [settings.get_filter(index)[0] for index in range(settings.get_nfilters())]
    for number in filters:
        if number not in KNOWN_FILTERS:
            raise ForeignDataError(path, f"{name} is packed by the filter {number}, which HDF5 does not have; unpack it "
                                  "(h5repack -f NONE)")
    if layout == h5d.COMPACT:
        return
    extents, item, stored = dataset.shape or (), dataset.dtype.itemsize, dataset.get_storage_size()
    if stored > size:
        raise ForeignDataError(path, f"damaged: {name} would take {stored} bytes, more than the file has")
    room = (MOST_PACKING if filters else 1) * stored + ALWAYS_ROOM
    if layout == h5d.CHUNKED and filters:
        chunk = math.prod(settings.get_chunk()) * item
        if chunk > min(room, LARGEST_CHUNK):
            raise ForeignDataError(path, f"{name} has chunks of {chunk} bytes, while {stored} are stored in all; repack it in smaller "
                                  "ones (h5repack)")
    # Rows that were never written take no room in the file. So what counts is a single one, and a number for each.
    rows = extents[0] if extents else 1
    row = math.prod(extents[1:]) * item if rows > 0 else 0
    if max(row, rows * min(8, item)) > room:
        raise ForeignDataError(path, f"damaged: {name} claims {rows} rows of {row} bytes, while {stored} are stored in all")

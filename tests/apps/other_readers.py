"""Reads trajectories by their XDMF file: by its words with h5py, and with VTK's own reader where there is one."""

import functools
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree
from typing import NamedTuple

import h5py
import numpy as np
import pytest

# Run by the Python of VTK in a process of its own, as the reader may crash. Writes all frames to a file of numpy's.
VTK_SCRIPT = """
import json, sys
import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline
from vtkmodules.vtkIOXdmf2 import vtkXdmfReader

reader = vtkXdmfReader()
reader.SetFileName(sys.argv[1])
reader.UpdateInformation()
times = reader.GetOutputInformation(0).Get(vtkStreamingDemandDrivenPipeline.TIME_STEPS()) or ()
found = {"times": np.array(times, dtype=float)}
for frame, time in enumerate(times):
    reader.UpdateTimeStep(time)
    data = reader.GetOutputDataObject(0)
    assert data.GetNumberOfCells() == data.GetNumberOfPoints()
    if data.GetNumberOfPoints() == 0:
        continue
    found[f"{frame} position"] = vtk_to_numpy(data.GetPoints().GetData())
    for index in range(data.GetPointData().GetNumberOfArrays()):
        array = data.GetPointData().GetArray(index)
        found[f"{frame} {array.GetName()}"] = vtk_to_numpy(array)
np.savez(sys.argv[2], **found)
"""


class Frame(NamedTuple):
    time: float
    fields: dict  # name: array; positions as "position"


@functools.cache
def vtk_python():
    """A Python that has VTK's XDMF reader, or None."""
    for python in (sys.executable, shutil.which("pvpython")):
        if python and subprocess.run([python, "-c", "import vtkmodules.vtkIOXdmf2"], capture_output=True, timeout=60).returncode == 0:
            return python
    return None


def require_vtk_reader():
    if vtk_python() is None:
        pytest.skip("no VTK with an XDMF reader (Debian's python3-vtk9 has none; scripts/setup readers brings ParaView's)")


def frames_by_vtk(path, directory):
    """All frames as vtkXdmfReader, the "XDMF Reader" of ParaView, finds them."""
    script, result = directory / "read.py", directory / "read.npz"
    script.write_text(VTK_SCRIPT)
    done = subprocess.run([vtk_python(), script, path, result], capture_output=True, text=True, timeout=60, cwd="/",
                          env={**os.environ, "MALLOC_PERTURB_": "85"})  # so that the reader cannot be right by chance
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ERR" not in done.stdout + done.stderr and "Error" not in done.stdout + done.stderr, done.stdout + done.stderr
    with np.load(result) as found:
        frames = [Frame(time, {}) for time in found["times"]]
        for key in found.files:
            if key != "times":
                number, name = key.split(" ", 1)
                frames[int(number)].fields[name] = found[key]
    return frames


def dimensions(item):
    return tuple(map(int, item.get("Dimensions").split()))


def values(item, directory):
    """The numbers of a DataItem, as the XDMF convention defines them."""
    if item.get("ItemType") == "HyperSlab":
        selection, source = item
        start, stride, count = np.array(selection.text.split(), dtype=int).reshape(dimensions(selection))
        assert (stride == 1).all() and (start + count <= dimensions(source)).all()
        chosen = dataset(source, directory)[tuple(slice(s, s + c) for s, c in zip(start, count))]
        return chosen.reshape(dimensions(item))
    found = dataset(item, directory)
    assert found.shape == dimensions(item)
    return found[()]


def dataset(item, directory):
    assert item.get("Format") == "HDF"
    file, name = item.text.split(":")
    found = h5py.File(directory / file)[name]
    assert {"Float": "f", "Int": "i"}[item.get("NumberType")] == found.dtype.kind
    assert int(item.get("Precision")) == found.dtype.itemsize
    return found


def frames_by_words(path):
    """All frames as the text of an XDMF file says, read with h5py."""
    collection = xml.etree.ElementTree.parse(path).getroot().find("Domain/Grid")
    assert (collection.get("GridType"), collection.get("CollectionType")) == ("Collection", "Temporal")
    frames = []
    for grid in collection.iterfind("Grid"):
        if grid.find("Time") is None:  # there is no frame yet
            continue
        fields = {}
        topology, geometry = grid.find("Topology"), grid.find("Geometry")
        assert (topology.get("TopologyType"), topology.get("NodesPerElement")) == ("Polyvertex", "1")
        assert geometry.get("GeometryType") == "XYZ"
        fields["position"] = values(geometry[0], path.parent)
        assert len(fields["position"]) == int(topology.get("NumberOfElements"))
        for attribute in grid.iterfind("Attribute"):
            assert attribute.get("Center") == "Node"
            fields[attribute.get("Name")] = values(attribute[0], path.parent)
        frames.append(Frame(float(grid.find("Time").get("Value")), fields))
    return frames

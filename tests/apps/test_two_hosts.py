"""Ranks on two hosts: the same bits as on one. The hosts are network namespaces with names of their own, joined by a virtual cable."""

import contextlib
import os
import shutil
import subprocess
import uuid

import pytest

from orrery_program import PROGRAM, SOURCE, assert_same_bits, datasets, run_well

ADDRESSES = ("10.77.13.1", "10.77.13.2")
NETWORK = "10.77.13.0/24"
ON_A_HOST_OF_ITS_OWN = 'hostname "$0" && exec "$@"'


def set_up(*words):
    """Runs a command that makes a part of the network; skips the test where that is not allowed."""
    result = subprocess.run(words, capture_output=True, text=True, timeout=20, check=False)
    if result.returncode != 0:
        pytest.skip(f"network namespaces cannot be made here: {' '.join(words)}: {result.stderr.strip()}")


@pytest.fixture
def hosts():
    """Names of two namespaces that reach each other."""
    for tool in ("ip", "unshare", "hostname"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    tag = uuid.uuid4().hex[:6]
    names, cables = [f"a{tag}", f"b{tag}"], [f"va{tag}", f"vb{tag}"]
    with contextlib.ExitStack() as to_be_undone:
        for name in names:
            set_up("ip", "netns", "add", name)
            to_be_undone.callback(subprocess.run, ["ip", "netns", "del", name], timeout=20, check=False)
        set_up("unshare", "--uts", "true")
        set_up("ip", "link", "add", cables[0], "netns", names[0], "type", "veth", "peer", "name", cables[1], "netns", names[1])
        for name, cable, address in zip(names, cables, ADDRESSES):
            set_up("ip", "-n", name, "addr", "add", f"{address}/24", "dev", cable)
            for device in (cable, "lo"):
                set_up("ip", "-n", name, "link", "set", device, "up")
        yield names


def mpirun_on(hosts, directory):
    """The command that starts two ranks on each host."""
    agent = directory / "agent"
    # mpirun calls it as it would call ssh: with the other host's name and the words of a command.
    agent.write_text(f"#!/bin/sh\nshift\nexec ip netns exec {hosts[1]} unshare --uts sh -c '{ON_A_HOST_OF_ITS_OWN}' second sh -c \"$*\"\n")
    agent.chmod(0o755)
    (directory / "hosts").write_text("".join(f"{address} slots=2\n" for address in ADDRESSES))
    options = {"plm_rsh_agent": agent, "btl": "tcp,self", "btl_tcp_if_include": NETWORK, "oob_tcp_if_include": NETWORK}
    return ["ip", "netns", "exec", hosts[0], "unshare", "--uts", "sh", "-c", ON_A_HOST_OF_ITS_OWN, "first", "mpirun", "--hostfile",
            directory / "hosts", *(word for name, value in options.items() for word in ("--mca", name, value)), "-n", "4"]


def test_two_hosts_have_the_same_bits_as_one(tmp_path, hosts):
    arguments = ["run", SOURCE / "config" / "liquid.ini", "--particles.cells", 8, "--neighbour.skin", 0.1, "--time.steps", 60, "--output.every", 20,
                 "--run.threads", 1]
    run_well(*arguments, "--output.file", tmp_path / "one.h5md")
    launcher = [str(word) for word in mpirun_on(hosts, tmp_path)]
    result = subprocess.run([*launcher, PROGRAM, *map(str, arguments), "--output.file", str(tmp_path / "two.h5md")], cwd=tmp_path, timeout=100,
                            capture_output=True, text=True, stdin=subprocess.DEVNULL, env=dict(os.environ), check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "4 on 2 nodes" in result.stdout
    assert_same_bits(datasets(tmp_path / "one.h5md"), datasets(tmp_path / "two.h5md"), "two hosts")


def test_a_failure_on_one_host_ends_the_other_with_one_message(tmp_path, hosts):
    launcher = [str(word) for word in mpirun_on(hosts, tmp_path)]
    result = subprocess.run([*launcher, PROGRAM, "run", str(SOURCE / "config" / "liquid.ini"), "--particles.cells", "8", "--time.step", "0.1"],
                            cwd=tmp_path, timeout=100, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=dict(os.environ), check=False)
    said = [line for line in result.stderr.splitlines() if line.startswith("orrery: ") and "warning" not in line]
    assert result.returncode == 1 and len(said) == 1 and "use a smaller time.step" in result.stderr, result.stderr

"""Tests of scripts/report: what is packed, what a browser makes of it, files of all kinds, errors."""

import base64
import json
import os
import re
import shutil
import subprocess
import time
import zlib

import h5py
import numpy as np
import pytest
from browser import Browser, differ
from orrery_program import SOURCE, run_well

REPORT = SOURCE / "scripts/report"
BUILDER = SOURCE / "scripts/build-page"
WEB = SOURCE / "web/report"
GROUP = "particles/trajectory"
BLUE = np.array([0x00, 0x72, 0xb2])  # the first particle, when coloured by id on a light page
STEPS = 65534


def report(*arguments, **keywords):
    return subprocess.run([REPORT, *map(str, arguments)], capture_output=True, text=True, timeout=100, **keywords)


def report_well(*arguments):
    done = report(*arguments)
    assert done.returncode == 0 and done.stderr == "", done.stderr


def write(path, positions, times=None, velocity=None, columns=(), box=None, diagnostics=(), config=None, group=GROUP):
    """An H5MD file with positions [F][N][D], as another program may write it; box is (boundary, edges)."""
    frames = len(positions)
    with h5py.File(path, "w") as file:
        for name, values in (("position", positions), ("velocity", velocity)):
            if values is not None:
                file[f"{group}/{name}/value"] = values
                file[f"{group}/{name}/step"] = 10 * np.arange(frames)
                file[f"{group}/{name}/time"] = 0.1 * np.arange(frames) if times is None else times
        for name, values in columns:
            file[f"{group}/{name}"] = values
        for name, values in diagnostics:
            file[f"diagnostics/{name}"] = values
        if config:
            file["parameters/config"] = config
        if box:
            file[f"{group}/box/edges"] = box[1]
            file[f"{group}/box"].attrs["boundary"] = [name.encode() for name in box[0]]
    return path


def contents_and_groups(page):
    """What a page carries: the contents, and the stream of each group, unpacked by zlib alone."""
    text = page.read_text()
    contents = json.loads(re.search(r'id="contents">(.*?)</script>', text).group(1))
    groups = re.findall(r'id="group-\d+">(.*?)</script>', text)
    return contents, [zlib.decompress(base64.b64decode(group)) for group in groups]


def unpacked(contents, groups):
    """Columns by name [N], positions [F][N][axes] and series by name [F][N] of a page, in numbers of the file, NaN for none."""
    space, frames = contents["space"], len(contents["frames"]["numbers"])
    kinds = {kind: [one for one in contents["choices"] if one["carried"] == kind] for kind in ("column", "series")}
    columns, series, places = {}, {}, []
    for size, stream in zip(contents["particles"]["groups"], groups):
        at, history = 0, {}

        def take(place, width):
            nonlocal at
            way, planes = stream[at], np.frombuffer(stream, np.uint8, width * size, at + 1).reshape(width, size).astype(np.int64)
            at += 1 + width * size
            packed = sum(plane << (8 * index) for index, plane in enumerate(planes))
            before = history.setdefault(place, [0, 0])
            difference = np.where(packed & 1, -(packed >> 1) - 1, packed >> 1)
            numbers = packed if way == 0 else (difference + (before[-1] if way == 1 else 2 * before[-1] - before[-2])) % 256**width
            history[place] = [before[-1], numbers]
            return np.where(numbers == 256**width - 1, np.nan, numbers / (256**width - 2))
        for one in kinds["column"]:
            columns.setdefault(one["name"], []).append(one["low"] + (one["high"] - one["low"]) * take(one["name"], 2))
        low, high = np.array(space["low"]), np.array(space["high"])
        frame_places = []
        for _ in range(frames):
            frame_places.append(low + (high - low) * np.stack([take(axis, 2) for axis in range(space["axes"])], axis=1))
            for one in kinds["series"]:
                series.setdefault((one["name"]), []).append(one["low"] + (one["high"] - one["low"]) * take(one["name"], 1))
        assert at == len(stream)
        places.append(np.stack(frame_places))
    joined = {name: np.concatenate([np.stack(values[first:first + frames]) for first in range(0, len(values), frames)], axis=1)
              for name, values in series.items()}
    return {name: np.concatenate(parts) for name, parts in columns.items()}, np.concatenate(places, axis=1), joined


@pytest.fixture(scope="module", autouse=True)
def built():
    done = subprocess.run([BUILDER], capture_output=True, text=True, timeout=400)
    if done.returncode == 69:  # nothing of ours is at fault when there is no network to fetch libraries over
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def browser():
    with Browser() as found:
        yield found


@pytest.fixture(scope="module")
def quarter_turn(tmp_path_factory):
    """The page of a particle that goes from (1, 0) a quarter turn counter-clockwise in 10 frames, so to (0, 1)."""
    folder = tmp_path_factory.mktemp("quarter")
    (folder / "one.csv").write_text("x,y,speed\n1,0,1\n")
    run_well("run", "--particles.source", "file", "--particles.file", "one.csv", "--rotation.method", "circle", "--time.step", np.pi / 20,
             "--time.end", np.pi / 2, "--output.every", 1, "--output.file", "one.h5md", "--run.quiet", cwd=folder)
    report_well(folder / "one.h5md")
    return folder / "one.html"


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """The trajectory of 3000 particles."""
    folder = tmp_path_factory.mktemp("many")
    run_well("run", "--particles.count", 3000, "--time.step", 1e-3, "--time.end", 0.4, "--output.every", 20, "--output.file", "many.h5md",
             "--run.quiet", cwd=folder)
    return folder / "many.h5md"


# ---------------------------------------------------------------- building

def test_the_sources_are_well_typed():
    done = subprocess.run([WEB / "node_modules/.bin/tsc", "--noEmit"], cwd=WEB, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


def test_building_again_does_nothing_and_the_licences_are_there():
    page = SOURCE / "build/report/page.html"
    before = page.stat().st_mtime_ns
    assert subprocess.run([BUILDER], timeout=20).returncode == 0
    assert page.stat().st_mtime_ns == before
    text = page.read_text()
    for name in ("three", "uplot"):
        licence = (WEB / f"node_modules/{name}/LICENSE").read_text()
        assert re.search(rf"<h3>{name} [0-9.]+</h3>", text) and licence.strip()[-200:] in text


def test_the_list_of_libraries_names_no_host():
    lock = json.loads((WEB / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]


@pytest.mark.parametrize("missing, word", [("network", "network"), ("node", "node")])
def test_without_network_or_node_it_says_so(tmp_path, missing, word):
    (tmp_path / "scripts").mkdir()
    shutil.copy(BUILDER, tmp_path / "scripts")
    shutil.copytree(WEB, tmp_path / "web/report", ignore=shutil.ignore_patterns("node_modules"))
    setup = tmp_path / "scripts/setup"
    setup.write_text("#!/bin/sh\nexit 69\n")
    setup.chmod(0o755)
    environment = {**os.environ, "npm_config_registry": "http://127.0.0.1:9/", "npm_config_cache": str(tmp_path / "cache")}
    if missing == "node":
        tools = tmp_path / "tools"
        tools.mkdir()
        for tool in ("bash", "dirname", "mkdir", "flock", "sha256sum", "cut", "find", "sort", "xargs", "cat", "env"):
            (tools / tool).symlink_to(shutil.which(tool))
        environment["PATH"] = str(tools)
    done = subprocess.run([shutil.which("bash"), tmp_path / "scripts/build-page"], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 69, done.stderr
    assert word in done.stderr and done.stderr.count("\n") == 1 and done.stderr.startswith("build-page: ")


# ---------------------------------------------------------------- what is packed

def test_all_numbers_are_there_to_half_a_step(tmp_path):
    """Smooth and wild motion, jumps over the whole range, particles without a position; numbers far from 1."""
    random = np.random.default_rng(3)
    time = np.linspace(0, 1, 12)[:, None]
    phase = random.uniform(0, 6, 200)
    smooth = np.stack([np.cos(phase + time), np.sin(phase + 2 * time), 1e3 + np.cos(3 * time + phase)], axis=2)
    positions = 1e-20 * np.concatenate([smooth, random.uniform(-2, 2, (12, 100, 3)) + [0, 0, 1e3]], axis=1)
    positions[4:6, 7] = np.nan
    positions[3, 250, 1] = np.inf
    velocity = random.normal(0, 1, positions.shape)
    mass = random.uniform(1, 2, 300)
    path = write(tmp_path / "a.h5md", positions, velocity=velocity, columns=[("mass", mass), ("id", np.arange(300) + 2**40)])
    report_well(path)
    contents, groups = contents_and_groups(tmp_path / "a.html")
    columns, places, series = unpacked(contents, groups)
    # Which particle is which can be told by the id.
    order = np.rint(columns["id"] - 2**40).astype(int)
    assert sorted(order) == list(range(300))
    good = np.isfinite(positions).all(axis=2)
    steps = (positions[good].max(axis=0) - positions[good].min(axis=0)) / STEPS
    expected = np.where(good[..., None], positions, np.nan)[:, order]
    assert (np.isnan(places) == np.isnan(expected)).all()
    assert (np.nan_to_num(np.abs(places - expected)) <= 0.501 * steps + 1e-12 * np.abs(positions[good]).max()).all()
    assert np.abs(columns["mass"] - mass[order]).max() <= 0.501 / STEPS
    speed = np.linalg.norm(velocity, axis=2)[:, order]
    assert np.abs(series["speed"] - speed).max() <= 0.501 * (speed.max() - speed.min()) / 254


def test_fewer_particles_are_spread_evenly_and_it_is_said(tmp_path, many):
    report_well(many, "--particles", 300, "--frames", 5, "--output", tmp_path / "few.html")
    contents, groups = contents_and_groups(tmp_path / "few.html")
    columns, places, _ = unpacked(contents, groups)
    rows = np.sort(np.rint(columns["id"]).astype(int))
    assert (rows // 10 == np.arange(300)).all()  # one of each ten
    assert contents["frames"]["numbers"] == [0, 5, 10, 15, 20] and places.shape == (5, 300, 2)
    notes = " ".join(contents["notes"])
    assert "300 of 3,000 particles" in notes and "5 of 21 frames" in notes


def test_a_page_is_not_larger_than_allowed(tmp_path):
    positions = np.random.default_rng(1).uniform(-1, 1, (40, 5000, 3))  # hardly gets smaller
    path = write(tmp_path / "wild.h5md", positions)
    report_well(path, "--size", 1.2)
    page = tmp_path / "wild.html"
    contents, groups = contents_and_groups(page)
    shown = sum(contents["particles"]["groups"])
    assert page.stat().st_size <= 1_200_000 and 500 < shown < 5000
    assert len(groups) == len(contents["particles"]["groups"]) and f"{shown:,} of 5,000 particles" in contents["notes"][0]
    done = report(path, "--size", 0.7)
    assert done.returncode == 64 and "--size" in done.stderr and done.stderr.count("\n") == 1


# ---------------------------------------------------------------- in a browser

def place_of_dot(browser):
    """Middle of the pixels in the particle's colour: x, y in lengths, where the player shows (0, 0) to (1, 1) and a margin."""
    picture = browser.picture("particles")
    height, width, _ = picture.shape
    rows, columns = np.nonzero(np.abs(picture - BLUE).sum(axis=2) < 40)
    assert len(rows) > 10
    scale = min(width, height) / 1.08
    return 0.5 + (columns.mean() + 0.5 - width / 2) / scale, 0.5 - (rows.mean() + 0.5 - height / 2) / scale


def test_the_particle_is_where_the_file_has_it(browser, quarter_turn):
    """At every frame, between frames on the chord, and in windows of other sizes; nothing is fetched, and nothing complains."""
    browser.size(900, 800)
    browser.open(quarter_turn)
    browser.set("colour", "id", "change")
    browser.set("trail", 0)
    browser.key("Home")
    for number in range(11):
        angle = np.pi / 2 * number / 10
        x, y = place_of_dot(browser)
        assert (x, y) == pytest.approx((np.cos(angle), np.sin(angle)), abs=0.006), number
        assert browser.text("frame") == f"frame {number} of 0 to 10, step {number}"
        browser.key("ArrowRight")
    browser.click("interpolate") if not browser.value("document.getElementById('interpolate').checked") else None
    browser.set("scrub", 500)
    assert browser.text("frame") == "between frames 0 and 1 (steps 0 and 1)"
    chord = (np.array([1, 0]) + [np.cos(np.pi / 20), np.sin(np.pi / 20)]) / 2
    assert place_of_dot(browser) == pytest.approx(chord, abs=0.006)
    browser.key("i")
    assert browser.text("frame") == "frame 0 of 0 to 10, step 0"
    assert place_of_dot(browser) == pytest.approx((1, 0), abs=0.006)
    for width, height, ratio in ((390, 844, 2), (1400, 700, 1)):
        browser.size(width, height, ratio)
        browser.settle()
        assert browser.value("document.documentElement.scrollWidth <= innerWidth")
        assert place_of_dot(browser) == pytest.approx((1, 0), abs=0.01)
    assert browser.problems == [] and browser.requests == [f"file://{quarter_turn}"]


def test_it_plays_and_every_control_does_something(tmp_path, browser, many):
    report_well(many, "--output", tmp_path / "many.html")
    browser.size(900, 800)
    browser.open(tmp_path / "many.html")
    start = browser.picture("particles")
    browser.key(" ")
    browser.wait_for("document.getElementById('scrub').value > 2500")
    browser.key(" ")
    stopped, time_text = browser.picture("particles"), browser.text("time")
    assert differ(start, stopped) > 0.02
    time.sleep(0.2)
    assert browser.text("time") == time_text and differ(stopped, browser.picture("particles")) == 0
    browser.key("End")
    assert browser.text("time").startswith("t = 0.40000")
    with h5py.File(many) as file:
        deviation = float(file["diagnostics/exact_deviation"][-1])
    shown = browser.value("[...document.querySelector('.chart').querySelectorAll('.u-value')].map(one => one.textContent)")
    assert shown[0] == "0.4" and float(shown[1]) == pytest.approx(deviation, rel=1e-6)
    before = browser.picture("particles")
    for change in (lambda: browser.set("colour", "radius", "change"), lambda: browser.key("t"), lambda: browser.key("+"),
                   lambda: browser.key("d"), lambda: browser.mouse("particles", "mouseWheel", deltaX=0, deltaY=-200),
                   lambda: browser.drag("particles", 80, 40), lambda: browser.set("size", 12), lambda: browser.set("view", "3d", "change"),
                   lambda: browser.key("w"), lambda: browser.drag("particles", 80, 40), lambda: browser.size(900, 800, is_dark=True), lambda: browser.key("Home")):
        change()
        browser.settle()
        after = browser.picture("particles")
        assert differ(before, after) > 0.005
        before = after
    assert browser.value("document.querySelectorAll('.chart canvas').length") == 5
    browser.key("?")
    assert browser.value("document.getElementById('help').open")
    browser.key("Escape")
    assert not browser.value("document.getElementById('help').open")
    browser.set("speed", "2", "change")
    assert browser.text("pace") == "1 s shows 0.2 time units"
    assert "evolve" in browser.text("timing") and "count = 3000" in browser.text("configuration")
    assert "all 3,000 particles" in browser.text("notes")
    assert browser.problems == [] and browser.requests == [f"file://{tmp_path / 'many.html'}"]


def write_through_faces(path):
    """A particle that goes to the right through the faces of a box that gets smaller, and two that stay where they are in it."""
    edges = np.linspace(10, 4, 13)[:, None]
    parts = np.stack([(0.65 + 0.13 * np.arange(13)) % 1, np.full(13, 0.4)], axis=1)
    positions = np.zeros((13, 3, 3))
    positions[:, 0, :2] = parts * edges
    positions[:, 1, :2], positions[:, 2, :2] = 0.01 * edges, 0.99 * edges
    write(path, positions)
    with h5py.File(path, "r+") as file:
        file[f"{GROUP}/box/edges/value"] = np.tile(edges, (1, 3))
        file[f"{GROUP}/box/edges/step"] = file[f"{GROUP}/position/step"]
        file[f"{GROUP}/box"].attrs["boundary"] = [b"periodic", b"periodic", b"none"]
    return parts[:, 0], edges[:, 0]


def test_nobody_is_drawn_across_a_periodic_box(tmp_path, browser):
    """Neither by trails nor between frames, also where the box changes."""
    fraction, edges = write_through_faces(tmp_path / "faces.h5md")
    report_well(tmp_path / "faces.h5md")
    contents, _ = contents_and_groups(tmp_path / "faces.html")
    np.testing.assert_allclose([box[0] for box in contents["space"]["boxes"]], 1 / edges)
    np.testing.assert_allclose([box[8] for box in contents["space"]["boxes"]], 0)
    browser.size(900, 800)
    browser.open(tmp_path / "faces.html")
    browser.set("colour", "id", "change")
    browser.set("trail", 1)
    browser.key("i") if not browser.value("document.getElementById('interpolate').checked") else None
    for number in range(12):
        for between in (0, 0.4):
            browser.set("scrub", round(10_000 / 12 * (number + between)) if between else round(10_000 / 12 * number + 1))
            picture = browser.picture("particles")
            height, width, _ = picture.shape
            # Trails are paler, so every pixel that is more blue than anything else counts.
            blue = (picture[..., 2].astype(int) - picture[..., 0] > 40) & (picture[..., 2].astype(int) - picture[..., 1] > 20)
            x = 5 + (np.flatnonzero(blue.any(axis=0)) + 0.5 - width / 2) / (min(width, height) / 1.08) * 9.8
            near = [max(0, number - 1), number, number + 1]
            away = np.abs(x[:, None] - fraction[near] * edges[near]).min(axis=1)
            assert len(x) > 5 and away.max() < 0.15 * edges[number], (number, between, x.min(), x.max())
    assert browser.problems == []


def test_images_decide_who_goes_through_a_face(tmp_path, browser):
    """A particle that stays goes the long way, though it is more than half the box; one that leaves does not, though it is less."""
    positions = np.zeros((2, 4, 3))
    positions[:, :, 0] = [[1, 4, 0, 10], [9, 6, 0, 10]]
    positions[:, :, 1] = [[8, 2, 0, 10]] * 2
    write(tmp_path / "images.h5md", positions, box=(["periodic"] * 3, np.full(3, 10.0)))
    with h5py.File(tmp_path / "images.h5md", "r+") as file:
        file[f"{GROUP}/image/value"] = np.array([np.zeros((4, 3)), [[0, 0, 0], [-1, 0, 0], [0, 0, 0], [0, 0, 0]]], "i4")
        file[f"{GROUP}/image/step"] = file[f"{GROUP}/position/step"]
    report_well(tmp_path / "images.h5md")
    contents, _ = contents_and_groups(tmp_path / "images.html")
    assert contents["space"]["hasImages"] and contents["space"]["boxes"] == []
    browser.size(900, 800)
    browser.open(tmp_path / "images.html")
    browser.set("colour", "id", "change")
    browser.set("trail", 0)
    browser.key("i") if not browser.value("document.getElementById('interpolate').checked") else None

    def places(colour):
        picture = browser.picture("particles")
        height, width, _ = picture.shape
        columns = np.flatnonzero((np.abs(picture - colour).sum(axis=2) < 40).any(axis=0))
        return 5 + (columns.mean() + 0.5 - width / 2) / (min(width, height) / 1.08) * 10

    browser.set("scrub", 2500)  # a quarter of the way
    assert places(BLUE) == pytest.approx(3, abs=0.1)
    assert places(np.array([0xd5, 0x5e, 0x00])) == pytest.approx(4, abs=0.1)  # still where it left
    browser.set("scrub", 7500)
    assert places(BLUE) == pytest.approx(7, abs=0.1)
    assert places(np.array([0xd5, 0x5e, 0x00])) == pytest.approx(6, abs=0.1)
    assert browser.problems == []


def test_a_click_on_a_chart_goes_to_that_time(browser, quarter_turn):
    browser.size(900, 800)
    browser.open(quarter_turn)
    x, y, width, height = browser.value("(() => {const e = document.querySelector('.u-over'); e.scrollIntoView({block: 'center'}); "
                                        "const r = e.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]})()")
    for kind in ("mousePressed", "mouseReleased"):
        browser.call("Input.dispatchMouseEvent", type=kind, x=x + 0.55 * width, y=y + height / 2, button="left", clickCount=1)
    browser.settle()
    assert float(re.search(r"t = ([0-9.]+)", browser.text("time")).group(1)) == pytest.approx(np.pi / 4, abs=1e-3)


def odd_files():
    random = np.random.default_rng(5)
    walk = np.cumsum(random.normal(0, 0.1, (5, 20, 3)), axis=0)
    gone = walk.copy()
    gone[2, 3:9] = np.nan
    return {
        "no particles": dict(positions=np.zeros((3, 0, 3))),
        "one at rest": dict(positions=np.full((4, 1, 3), 2.0)),
        "three in one frame": dict(positions=walk[:1, :3], diagnostics=[("energy", np.array([1.5]))]),
        "in the plane, other units": dict(positions=walk[..., :2].astype("f4"), columns=[("species", np.arange(20) % 3)]),
        "times that stand still": dict(positions=walk, times=np.zeros(5), diagnostics=[("energy", np.arange(5.0))]),
        "another group": dict(positions=walk, group="particles/water", times=np.float64(0.5)),
        "periodic": dict(positions=walk % 1, box=(["periodic"] * 3, np.ones(3))),
        "some without a position": dict(positions=gone, diagnostics=[("energy", np.array([1, np.nan, np.inf, 2, 3]))]),
        "none with a position": dict(positions=np.full((2, 3, 3), np.nan)),
        "very large": dict(positions=walk * 3e307, diagnostics=[("<b>bold", 1e300 * np.arange(5.0))], config="</script><!-- & -->"),
        "very small": dict(positions=walk * 1e-300),
    }


def test_pages_of_odd_files(tmp_path, browser):
    """Without diagnostics and timing, as other programs write them; all open without complaint, and say what there is."""
    browser.size(900, 800)
    said = {}
    for name, keywords in odd_files().items():
        path = write(tmp_path / f"{name}.h5md", **keywords)
        report_well(path)
        browser.open(tmp_path / f"{name.replace(' ', '%20')}.html")
        if keywords["positions"].shape[1]:
            assert browser.value("document.getElementById('message').hidden"), name
        browser.key("End")
        browser.set("view", "3d", "change")
        said[name] = browser.value("document.body.innerText")
        assert browser.problems == [], (name, browser.problems)
    assert "no diagnostics" in said["periodic"] and "does not say where the time went" in said["periodic"]
    assert "The run has no particles" in said["no particles"] and "the only particle" in said["one at rest"]
    assert "/particles/water" in said["another group"] and "t = 2.0000" in said["another group"]
    assert "the only frame" in said["three in one frame"]
    assert "</script><!-- & -->" in said["very large"] and "<b>bold" in said["very large"]
    browser.open(tmp_path / "some%20without%20a%20position.html")
    browser.key("ArrowRight")
    browser.key("ArrowRight")
    assert browser.text("hidden") == "6 without a finite position"


def test_without_webgl_the_rest_of_the_page_works(quarter_turn):
    with Browser("--disable-3d-apis") as blind:
        blind.open(quarter_turn)
        assert "no WebGL" in blind.text("message") and not blind.value("document.getElementById('message').hidden")
        assert blind.value("document.querySelectorAll('.chart canvas').length") == 5
        assert blind.problems == []


# ---------------------------------------------------------------- errors

def assert_refused(done, code, arguments):
    assert done.returncode == code, (arguments, done.stderr)
    assert done.stdout == "" and done.stderr.startswith("report: ") and done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr and "internal" not in done.stderr


def test_damaged_files_are_refused_in_one_line(tmp_path, many):
    whole = many.read_bytes()
    (tmp_path / "folder.h5md").mkdir()
    cases = {"empty": b"", "text": b"no trajectory\n", "head": whole[:1000], "half": whole[:len(whole) // 2],
             "signature": b"\x00" + whole[1:], "superblock": whole[:8] + bytes([whole[8] ^ 0xff]) + whole[9:]}
    for name, content in cases.items():
        (tmp_path / f"{name}.h5md").write_bytes(content)
        assert_refused(report(tmp_path / f"{name}.h5md"), 65, name)
    for lost in (f"{GROUP}/position/value", f"{GROUP}/position/time", f"{GROUP}/position/step", GROUP):
        path = tmp_path / "lost.h5md"
        path.write_bytes(whole)
        with h5py.File(path, "a") as file:
            del file[lost]
        assert_refused(report(path), 65, lost)
    assert_refused(report(tmp_path / "folder.h5md"), 65, "folder")
    assert_refused(report(tmp_path / "missing.h5md"), 65, "missing")
    assert list(tmp_path.glob("*.html")) == []


def test_flipped_bits_are_found(tmp_path, many):
    """In positions, velocities, columns and diagnostics by their checksums; in the structure by the library or by a checksum."""
    path = tmp_path / "flipped.h5md"
    with h5py.File(many) as file:
        places = {name: file[name].id.get_offset() or file[name].id.get_chunk_info(0).byte_offset
                  for name in (f"{GROUP}/position/value", f"{GROUP}/velocity/value", f"{GROUP}/tangential_speed", "diagnostics/radius_mean")}
    for name, place in places.items():
        damaged = bytearray(many.read_bytes())
        damaged[place + 42] ^= 1
        path.write_bytes(damaged)
        done = report(path)
        assert_refused(done, 65, name)
        assert "checksum" in done.stderr, name
    random = np.random.default_rng(2)
    for place in random.integers(0, 20_000, 5):
        damaged = bytearray(many.read_bytes())
        damaged[place] ^= 1 << random.integers(8)
        path.write_bytes(damaged)
        done = report(path)
        if done.returncode != 0:  # some bits there mean nothing
            assert_refused(done, 65, place)


def test_wrong_use_is_told_in_one_line(tmp_path, many):
    for code, arguments in ((64, [many, "--output", "page.png"]), (64, [many, "--particles", 0]), (64, [many, "--frames", "x"]),
                            (64, [many, "--size", -1]), (64, [""]), (74, [many, "--output", tmp_path / "no/page.html"])):
        assert_refused(report(*arguments), code, arguments)


def test_an_ended_program_leaves_nothing(tmp_path):
    path = write(tmp_path / "a.h5md", np.random.default_rng(1).uniform(-1, 1, (100, 20_000, 3)))
    process = subprocess.Popen([REPORT, path], stderr=subprocess.PIPE, text=True)
    time.sleep(1.0)
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode in (0, 143)
    assert [one.name for one in tmp_path.iterdir() if "part" in one.name] == []

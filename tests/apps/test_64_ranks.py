"""64 ranks that take turns on the processors of this machine: the same bits as one, and no hang."""

import json

from orrery_program import SOURCE, assert_same_bits, datasets, run_well


def test_64_ranks_have_the_same_bits_as_one(tmp_path):
    arguments = ["run", SOURCE / "config" / "liquid.ini", "--particles.cells", 8, "--neighbour.skin", 0.1, "--time.steps", 40, "--output.every", 20,
                 "--run.threads", 1, "--run.quiet"]
    run_well(*arguments, "--output.file", tmp_path / "one.h5md")
    run_well(*arguments, "--output.file", tmp_path / "many.h5md", "--run.log", tmp_path / "log", ranks=64, timeout=280)
    assert_same_bits(datasets(tmp_path / "one.h5md"), datasets(tmp_path / "many.h5md"), "64 ranks")
    end = json.loads((tmp_path / "log").read_text().splitlines()[-1])
    assert end["ranks"] == 64 and 20 < end["messages_per_step"] <= end["peers"] < 40

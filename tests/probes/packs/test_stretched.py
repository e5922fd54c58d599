"""Pictures that are stretched to another shape are told, and how they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from quizproof.probes.catalogue import catalogue
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.pack_check import check_pack
from quizproof.probes.packs.stretched import stretched
from quizproof.reports.cli import main
from tests.probes.course_folder import build_course, course_folder


def pack_with(folder: Path, *sizes: tuple[int, int]) -> Path:
    """A pack of a 128 × 128 network and a picture of each size, width and height."""
    course_folder(folder, labels=(1,) * len(sizes))
    noise = np.random.default_rng(0)
    for number, (width, height) in enumerate(sizes):
        pixels = noise.integers(0, 255, (height, width, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / "food" / f"1_{number * 37 + 5}.jpg")
    return build_course(folder).manifest.parent


def test_a_pack_s_check_says_which_pictures_are_stretched(tmp_path: Path) -> None:
    one = pack_with(tmp_path / "one", (300, 300), (300, 77), (140, 128))
    told = "picture 1 of pictures is 300 × 77, and is stretched to 128 × 128"
    checked = check_pack(one)
    assert (checked.problems, checked.remarks[-1]) == ((), told)
    many = Pack(pack_with(tmp_path / "many", *[(300, 77)] * 2, (64, 64), *[(77, 300)] * 3))
    assert list(stretched(many)) == [
        "pictures 0 (300 × 77), 1 (300 × 77), 3 (77 × 300) and 2 more of pictures "
        "are stretched to 128 × 128"
    ]
    assert list(stretched(many, {2})) == []


def test_a_run_says_it_of_the_pictures_that_were_asked_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = pack_with(tmp_path / "pack", (300, 77), (77, 300))
    quiz = tmp_path / "quiz"
    quiz.mkdir()
    (quiz / "quiz.yaml").write_text("id: planted\ntitle: Planted\nquestions: [q01]\n")
    (quiz / "q01.yaml").write_text(catalogue()["prediction.class"].example)
    main(["verify", str(quiz), "--pack", str(pack)])
    told = "picture 1 of pictures is 77 × 300, and is stretched to 128 × 128"
    assert [line for line in capsys.readouterr().out.splitlines() if "stretched" in line] == [
        f"note: {told}"
    ]

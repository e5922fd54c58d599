"""A quiz's own layout of its course's folder, and mistakes in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from PIL import Image

from quizproof.probes.kinds.pictures import PicturesEntry
from quizproof.probes.models.architectures import build_network
from quizproof.probes.models.classifiers import load_classifier
from quizproof.probes.packs.network import Architecture
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.pack_build import build_pack
from quizproof.probes.packs.pack_check import check_pack
from quizproof.questions.problems import InputError, QuizproofError
from quizproof.questions.quiz import bundled_quiz
from quizproof.reports.cli import main
from tests.planted_language import language_folder

LAYOUT = """parts:
  animals:
    kind: classifier
    file: weights/resnet.pth
    architecture: {torchvision: resnet18}
    input: {size: [32, 32], mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2]}
    classes: [cat, dog]
  photos: {kind: pictures, folder: our/photos, regions: drawn.yaml}
  mini:
    kind: masked-lm
    folder: mini
    hub: {repo: our/mini, revision: 0123456789012345678901234567890123456789}
  notes: {kind: file, file: [notes.md, notes.txt]}
"""
REGIONS = """labels: [0, 0, 1]
names: {ear: Ohr}
pictures:
  - ear: {polygons: [[[0, 0], [0.5, 0], [0, 0.5]]]}
  - {}
  - {}
"""
QUIZ = "id: animals\ntitle: Animals\nquestions: [q01]\n"


@pytest.fixture
def quiz(tmp_path: Path) -> Path:
    folder = tmp_path / "quiz"
    folder.mkdir()
    (folder / "quiz.yaml").write_text(QUIZ)
    (folder / "course.yaml").write_text(LAYOUT)
    (folder / "drawn.yaml").write_text(REGIONS)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "handed out"
    for name in ("weights", "our/photos"):
        (folder / name).mkdir(parents=True)
    network = build_network(Architecture(torchvision="resnet18"), 2, 0, tmp_path)
    torch.save(network.state_dict(), folder / "weights" / "resnet.pth")
    for name in ("1_3", "0_12", "0_7"):
        grey = np.full((40, 40, 3), 100, np.uint8)
        Image.fromarray(grey).save(folder / "our" / "photos" / f"{name}.png")
    (folder / "notes.txt").write_text("ours")
    return folder


def test_another_course_is_built_as_its_quiz_says(quiz: Path, folder: Path) -> None:
    assert main(["pack", "build", str(folder), "--quiz", str(quiz)]) == 0
    pack = Pack(folder)
    assert list(pack.parts) == ["animals", "photos", "notes"]
    network = load_classifier(pack.part("animals"), torch.device("cpu"))
    assert (network.size, list(network.classes)) == ((32, 32), ["cat", "dog"])
    photos = pack.manifest.parts["photos"]
    assert isinstance(photos, PicturesEntry)
    assert [(one.file, one.label) for one in photos.pictures] == [
        ("our/photos/0_7.png", 0),
        ("our/photos/0_12.png", 0),
        ("our/photos/1_3.png", 1),
    ]
    assert [list(one.regions) for one in photos.pictures] == [["ear"], [], []]
    assert photos.region_names == {"ear": "Ohr"}
    assert check_pack(folder).problems == ()


def test_names_of_hw09_are_nothing_to_another_course(quiz: Path, folder: Path) -> None:
    (folder / "sentences.txt").write_text("apples")
    Image.new("RGB", (9, 9)).save(folder / "our" / "photos" / "2_0.png")
    built = build_pack(folder, quiz, hub=True)
    pack = Pack(folder)
    assert list(pack.parts) == ["animals", "photos", "mini", "notes"]
    assert pack.part("mini").entry.location.startswith("our/mini of the Hugging Face hub")
    [line] = built.problems
    assert "2_0.png: passed over, a name that says no class; call it" in line
    assert "the class 0–1" in line


def test_a_course_without_pictures(quiz: Path, tmp_path: Path) -> None:
    layout = yaml.safe_load(LAYOUT)
    parts = {name: layout["parts"][name] for name in ("mini", "notes")}
    (quiz / "course.yaml").write_text(yaml.safe_dump({"parts": parts}))
    there = tmp_path / "empty"
    there.mkdir()
    with pytest.raises(QuizproofError, match=r"nothing is there that course.yaml names"):
        build_pack(there, quiz)
    language_folder(there / "mini")
    build_pack(there, quiz)
    assert list(Pack(there).parts) == ["mini"]


def test_a_quiz_without_a_layout_says_what_to_do(
    quiz: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (quiz / "course.yaml").unlink()
    assert main(["pack", "build", str(folder), "--quiz", str(quiz)]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert f"{quiz / 'course.yaml'}: not there" in line
    assert f"`quizproof pack init {folder}`" in line
    assert main(["pack", "build", str(folder), "--quiz", str(folder)]) == 2
    assert "no quiz.yaml here" in capsys.readouterr().err
    assert not (folder / "pack.yaml").exists()


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            "weights/resnet.pth",
            "/etc/passwd",
            ":4:11: 'file': value error, a path in the course's folder is meant",
        ),
        ("our/photos", "our/../../photos", ":8:36: 'folder': value error, a path in"),
        ("our/photos", "'our\\photos'", ":8:36: 'folder': value error, a path"),
        ("drawn.yaml", "../drawn.yaml", ":8:57: 'regions': string should match"),
        ("kind: file", "kind: flie", ":13:17: no kind is called 'flie'; did you mean 'file'?"),
        ("classes: [cat, dog]", "classes: [cat]", ":7:14: 'classes': list should have at least 2"),
        ("folder: mini", "fodler: mini", ":11:13: unknown key 'fodler'; did you mean 'folder'?"),
        ("[notes.md, notes.txt]", "3", ":13:29: 'file': input should be a valid list"),
        ("{torchvision: resnet18}", "{}", ":5:19: 'architecture': value error, name one of"),
        ("kind: classifier", "kind: table", "unknown key 'architecture'"),
        ("animals:", "Animals:", "'Animals': string should match pattern"),
    ],
)
def test_a_mistake_in_the_layout_is_told_by_its_line(
    quiz: Path, folder: Path, right: str, wrong: str, said: str
) -> None:
    (quiz / "course.yaml").write_text(LAYOUT.replace(right, wrong, 1))
    with pytest.raises(InputError) as caught:
        build_pack(folder, quiz)
    assert f"{quiz / 'course.yaml'}" in str(caught.value)
    assert said in str(caught.value)
    assert not (folder / "pack.yaml").exists()


READERS = "kind: saved-readers, tokenizer: 'r/t{n}', hidden_states: 'r/out/m{n}q{k}'"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"reader: {{{READERS.replace('m{n}', 'm')}}}", "files with {n} and {k} in their names"),
        (f"reader: {{{READERS.replace('r/out/', '')}}}", "files with {n} and {k} in their names"),
        (f"reader: {{{READERS.replace('t{n}', 't')}}}", "a folder with {n} in its name"),
        (
            f"reader: {{{READERS}}}\n  reader_2: {{kind: file, file: a}}",
            "reader_2 is the name of one of reader's readers",
        ),
        ("photos: {kind: pictures, folder: photos}", "pictures have their classes of a classifier"),
    ],
)
def test_parts_that_do_not_fit_together_are_told(
    quiz: Path, folder: Path, line: str, said: str
) -> None:
    (quiz / "course.yaml").write_text(f"parts:\n  {line}\n")
    with pytest.raises(InputError, match=r"course\.yaml:") as caught:
        build_pack(folder, quiz)
    assert said in str(caught.value)


def test_regions_that_are_wrong_are_told_and_nothing_is_written(quiz: Path, folder: Path) -> None:
    (quiz / "drawn.yaml").write_text("labels: [0]\npictures: []\n")
    with pytest.raises(InputError, match=r"drawn.yaml:1:1: .*1 labels for 0 pictures"):
        build_pack(folder, quiz)
    assert not (folder / "pack.yaml").exists()


def test_a_quiz_is_copied_with_its_layout_which_students_do_not_get(tmp_path: Path) -> None:
    assert main(["copy", "hw09", str(tmp_path / "copied")]) == 0
    for name in ("course.yaml", "regions.yaml"):
        origin = bundled_quiz("hw09") / name
        assert (tmp_path / "copied" / name).read_bytes() == origin.read_bytes()
    students = tmp_path / "students"
    assert main(["export", str(tmp_path / "copied"), "-o", str(students), "--for-students"]) == 0
    assert not {"course.yaml", "regions.yaml"} & {path.name for path in students.iterdir()}

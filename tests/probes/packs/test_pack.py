from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image

from quizproof.probes.packs.manifest import MANIFEST
from quizproof.probes.packs.pack import EMBEDDED, DigestError, MissingError, Pack, sha256
from quizproof.probes.packs.pictures import picture_of, region_mask
from quizproof.questions.problems import InputError, QuizproofError
from quizproof.questions.spec import Text
from tests.planted import pictures_in

SQUARE = [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]]
NO_DIGEST = "0" * 64


def opened(folder: Path, **changes: Any) -> Pack:
    """A pack of one picture with ``changes`` to its manifest."""
    manifest = {"name": "a pack", "pictures": [picture()], **changes}
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(yaml.dump(manifest, Dumper=Plain), encoding="utf-8")
    return Pack(folder)


class Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def picture(**changes: Any) -> dict[str, Any]:
    return {"file": "a.png", "sha256": NO_DIGEST, "label": 0, **changes}


def classifier(**changes: Any) -> dict[str, Any]:
    return {
        "architecture": {"course": {"width": 8}},
        "weights": {"file": "a.pth", "sha256": NO_DIGEST},
        "input": {"size": [128, 128]},
        "classes": ["one", "two"],
        **changes,
    }


def with_regions(folder: Path, **regions: Any) -> Pack:
    return opened(folder, pictures=[picture(regions=regions)])


def refusal(folder: Path, **changes: Any) -> str:
    with pytest.raises(InputError) as caught:
        opened(folder, **changes)
    for line in str(caught.value).splitlines():
        assert line.startswith(str(folder / "pack.yaml"))
        assert "; " in line  # what, and the mend
    return str(caught.value).replace(str(folder), "FOLDER")


def test_a_region_may_have_words_in_languages_or_as_they_are(tmp_path: Path) -> None:
    names = {"food": {"en": "food", "zh-Hant": "食物"}, "mark": "le bord"}
    pack = opened(tmp_path, pictures=[picture()], region_names=names)
    assert pictures_in(pack).region_names == {
        "food": Text(en="food", zh_hant="食物"),
        "mark": "le bord",
    }
    wrong = refusal(tmp_path, pictures=[picture()], region_names={"food": 3})
    assert "valid string (here 3)" in wrong


def test_a_folder_without_a_manifest_says_how_one_is_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="quizproof pack build"):
        Pack(tmp_path)


def test_what_a_pack_has_and_has_not(tmp_path: Path) -> None:
    pack = opened(tmp_path)
    assert pack.manifest.kinds == {"pictures": "pictures"}
    part = pack.part("pictures")
    assert picture_of(part, 0).label == 0
    with pytest.raises(MissingError, match=r"has no picture 1 in pictures; it has 1, from 0 to 0$"):
        picture_of(part, 1)
    for missing in (
        lambda: picture_of(part, 1),
        lambda: picture_of(part, -1),
        lambda: pack.part("classifier"),
    ):
        with pytest.raises(MissingError, match="has no"):
            missing()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"nmae": "a"}, "did you mean 'name'"),
        ({"name": ""}, "'name'"),
        ({"name": None}, "'name'"),
        ({"pictures": [picture(sha256="ab")]}, "'sha256'"),
        ({"pictures": [picture(label=-1)]}, "'label'"),
        ({"pictures": [picture(label=True)]}, "'label'"),
        ({"pictures": [picture(file="a\nb.png")]}, "'file'"),
        ({"pictures": [picture(file="")]}, "'file'"),
        ({"pictures": [picture(label=2)], "classifier": classifier()}, "the classes are 0–1"),
        ({"classifier": classifier(classes=["one"])}, "'classes'"),
        ({"classifier": classifier(input={"size": [0, 128]})}, "greater than or equal to 1"),
        ({"classifier": classifier(input={"size": [128, 10**9]})}, "less than or equal to 1024"),
        ({"classifier": classifier(input={"size": [128]})}, "'size'"),
        ({"classifier": classifier(input={"size": [8, 8], "std": [1, 0, 1]})}, "greater than 0"),
        ({"classifier": classifier(input={"size": [8, 8], "mean": [0, 0, np.inf]})}, "finite"),
        ({"classifier": classifier(architecture={})}, "name one of course"),
        (
            {"classifier": classifier(architecture={"course": {}, "torchvision": "resnet18"})},
            "name one of course",
        ),
        ({"classifier": classifier(architecture={"course": {"width": 10**6}})}, "'width'"),
        ({"classifier": classifier(architecture={"torchvision": "../a"})}, "'torchvision'"),
        ({"classifier": classifier(architecture={"callable": "os.system('a')"})}, "'callable'"),
    ],
)
def test_a_wrong_manifest_is_told_where_it_is_wrong(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    assert said in refusal(tmp_path, **changes)


@pytest.mark.parametrize(
    ("region", "said"),
    [
        ({}, "name one of mask, polygons"),
        ({"polygons": [SQUARE], "outside": "food"}, "name one of mask, polygons"),
        ({"mask": "a.png"}, "comes with a sha256"),
        ({"polygons": [SQUARE], "sha256": NO_DIGEST}, "comes with a sha256"),
        ({"polygons": []}, "'polygons'"),
        ({"polygons": [SQUARE[:2]]}, "at least 3"),
        ({"polygons": [[*SQUARE[:2], [1.5, 0.5]]]}, "less than or equal to 1"),
        ({"polygons": [[*SQUARE[:2], [-0.1, 0.5]]]}, "greater than or equal to 0"),
        ({"polygons": [[*SQUARE[:2], [np.nan, 0.5]]]}, "'.nan' is not a float"),
        ({"polygons": [[*SQUARE[:2], [np.inf, 0.5]]]}, "finite"),
        ({"polygons": [[*SQUARE[:2], [0.5]]]}, "at least 2"),
        ({"polygons": [[*SQUARE[:2], ["0.5", 0.5]]]}, "valid number"),
        ({"outline_of": "food", "width": 0}, "'width'"),
        ({"outline_of": "food", "width": np.inf}, "'width'"),
        ({"outline_of": "elsewhere"}, "elsewhere, which is not there"),
        ({"polygons": [SQUARE], "less": ["elsewhere"]}, "elsewhere, which is not there"),
        ({"outside": "mark"}, "mark is defined by itself"),
        ({"union_of": ["food", "mark"]}, "mark is defined by itself"),
        ({"union_of": []}, "'union_of'"),
    ],
)
def test_a_wrong_region_is_told(tmp_path: Path, region: dict[str, Any], said: str) -> None:
    regions = {"food": {"polygons": [SQUARE]}, "mark": region}
    assert said in refusal(tmp_path, pictures=[picture(regions=regions)])


def test_regions_defined_by_one_another_are_refused(tmp_path: Path) -> None:
    regions = {"a": {"outside": "b"}, "b": {"outline_of": "c"}, "c": {"union_of": ["a"]}}
    assert "is defined by itself" in refusal(tmp_path, pictures=[picture(regions=regions)])


@pytest.mark.parametrize("name", ["Food", "a b", "1st", "", "a" * 99])
def test_a_region_s_name_can_be_part_of_a_measure_s(tmp_path: Path, name: str) -> None:
    regions = {name: {"polygons": [SQUARE]}}
    assert "string should" in refusal(tmp_path, pictures=[picture(regions=regions)])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: a\nname: b\n", "pack.yaml:2:1: the key 'name' stands twice"),
        ("name: &a b\npictures: *a\n", "anchor"),
        ("name: !!python/object:os.system a\n", "tag"),
        ("name: [\n", "not YAML"),
        ("", "pack.yaml"),
        ("- a\n", "pack.yaml"),
    ],
)
def test_a_hostile_manifest_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "pack.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Pack(tmp_path)
    assert said in str(caught.value)


def test_a_long_chain_of_regions_is_followed(tmp_path: Path) -> None:
    # each twice, which would be 2⁶⁰ if it were followed anew each time
    chain = "".join(f"    r{k}: {{union_of: [r{k - 1}, r{k - 1}]}}\n" for k in range(1, 61))
    (tmp_path / "pack.yaml").write_text(
        f"name: a\npictures:\n- file: a.png\n  sha256: {NO_DIGEST!r}\n  label: 0\n"
        f"  regions:\n    r0: {{polygons: [{SQUARE}]}}\n{chain}"
    )
    assert region_mask(Pack(tmp_path).part("pictures"), 0, "r60", (8, 8)).sum() == 16


def test_regions_are_built_from_one_another(tmp_path: Path) -> None:
    half = [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]
    pack = with_regions(
        tmp_path,
        left={"polygons": [half]},
        square={"polygons": [SQUARE]},
        rest={"outside": "left"},
        both={"union_of": ["left", "square"]},
        right_square={"union_of": ["square"], "less": ["left"]},
        band={"outline_of": "left", "width": 0.25},
    )

    def mask(name: str) -> Any:
        return region_mask(pack.part("pictures"), 0, name, (8, 8))

    assert not mask("rest")[:, :4].any()
    assert mask("rest")[:, 4:].all()
    np.testing.assert_array_equal(mask("both"), mask("left") | mask("square"))
    np.testing.assert_array_equal(mask("right_square"), mask("square") & mask("rest"))
    assert mask("band")[:, 3:5].all()
    assert mask("band").sum() == 16


@pytest.mark.parametrize("name", ["nothing", "speck"])
def test_an_empty_region_is_missing_not_empty(tmp_path: Path, name: str) -> None:
    pack = with_regions(
        tmp_path,
        food={"polygons": [SQUARE]},
        nothing={"union_of": ["food"], "less": ["food"]},
        speck={"polygons": [[[0.5, 0.5], [0.501, 0.5], [0.5, 0.501]]]},
    )
    with pytest.raises(MissingError, match=f"region {name} of picture 0 is empty"):
        region_mask(pack.part("pictures"), 0, name, (8, 8))


def test_a_region_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    pack = with_regions(tmp_path, food={"polygons": [SQUARE]})
    with pytest.raises(MissingError, match=r"no region plate \(it has food\)"):
        region_mask(pack.part("pictures"), 0, "plate", (8, 8))


def test_a_mask_s_digest_is_compared(tmp_path: Path) -> None:
    mask = np.zeros((8, 8), bool)
    mask[2:5] = True
    Image.fromarray(mask).save(tmp_path / "mark.png")
    region = {"mask": "mark.png", "sha256": sha256(tmp_path / "mark.png")}
    pack = with_regions(tmp_path, mark=region)
    np.testing.assert_array_equal(region_mask(pack.part("pictures"), 0, "mark", (8, 8)), mask)
    wrong = with_regions(tmp_path, mark={**region, "sha256": NO_DIGEST})
    with pytest.raises(DigestError):
        region_mask(wrong.part("pictures"), 0, "mark", (8, 8))


def path_refusal(folder: Path, name: str) -> str:
    pack = opened(folder)
    with pytest.raises(MissingError) as caught:
        pack.path(name, NO_DIGEST)
    assert "\n" not in str(caught.value)
    return str(caught.value).replace(str(folder), "FOLDER")


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/hostname", "..", "a/../../pack/../x"])
def test_a_path_out_of_the_pack_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "x").write_text("outside")
    assert "outside the pack" in path_refusal(tmp_path / "pack", name)


def test_a_link_out_of_the_pack_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("outside")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "a.png").symlink_to(tmp_path / "x")
    assert "outside the pack" in path_refusal(tmp_path / "pack", "a.png")
    (tmp_path / "pack" / "folder").symlink_to(tmp_path)
    assert "outside the pack" in path_refusal(tmp_path / "pack", "folder/x")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "round").symlink_to(tmp_path / "round")
    os.mkfifo(tmp_path / "pipe")  # to read it would wait for ever
    for name in (".", "folder", "pipe", "not there"):
        assert "is no file" in path_refusal(tmp_path, name)
    for name in ("round", "a" * 500):
        assert "cannot be read" in path_refusal(tmp_path, name)


def test_a_link_within_the_pack_is_followed(tmp_path: Path) -> None:
    pack = opened(tmp_path)
    (tmp_path / "x").write_text("inside")
    (tmp_path / "a.png").symlink_to(tmp_path / "x")
    assert pack.path("a.png", sha256(tmp_path / "x")).read_text() == "inside"


def test_a_changed_file_is_never_handed_out(tmp_path: Path) -> None:
    pack = opened(tmp_path)
    (tmp_path / "a").write_text("as it was")
    digest = sha256(tmp_path / "a")
    (tmp_path / "a").write_text("as it is")
    with pytest.raises(DigestError, match="restore the file, or rebuild the pack"):
        pack.path("a", digest)


def test_the_pack_s_digest_changes_with_its_manifest(tmp_path: Path) -> None:
    assert opened(tmp_path).digest != opened(tmp_path, name="another").digest


def test_every_refusal_is_one_of_ours() -> None:
    assert issubclass(MissingError, QuizproofError)
    assert issubclass(DigestError, QuizproofError)


def test_the_embedded_pack_is_known_by_what_it_is_wherever_it_lies(tmp_path: Path) -> None:
    written = (EMBEDDED / MANIFEST).read_bytes()
    (tmp_path / MANIFEST).write_bytes(written)
    assert Pack(tmp_path).embedded
    (tmp_path / MANIFEST).write_bytes(written + b"\n")
    assert not Pack(tmp_path).embedded

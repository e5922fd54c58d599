"""A pack of the form before parts had kinds is the pack that it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.probes.kinds.every import every_kind
from quizproof.probes.packs.manifest import Manifest, read_manifest
from quizproof.probes.packs.manifest_file import manifest_text
from quizproof.probes.packs.old_form import new_form
from quizproof.questions.problems import InputError
from quizproof.questions.yaml_file import Document

DIGEST = "0" * 64
FILE = {"file": "a", "sha256": DIGEST}
PICTURE = f"{{file: a, sha256: '{DIGEST}', label: 0}}"
MODEL = {"hub": {"repo": "a/b", "revision": "0" * 40}}
CLASSIFIER = {
    "architecture": {"course": {"width": 8}},
    "weights": FILE,
    "input": {"size": [8, 8]},
    "classes": ["one", "two"],
}
ROLES: dict[str, Any] = {
    "classifier": CLASSIFIER,
    "pictures": [{**FILE, "label": 1}, {**FILE, "label": 0}],
    "region_names": {"food": "food"},
    "english": MODEL,
    "chinese": MODEL,
    "readers": [MODEL, MODEL],
    "triples": FILE,
    "corpus": FILE,
    "sentences": FILE,
    "reference_matrix": FILE,
}


def read(folder: Path, content: Any) -> Manifest:
    path = folder / "pack.yaml"
    text = content if isinstance(content, str) else json.dumps(content)  # YAML without aliases
    path.write_text(text, encoding="utf-8")
    return read_manifest(path)


def refusal(folder: Path, content: Any) -> str:
    with pytest.raises(InputError) as caught:
        read(folder, content)
    return "\n".join(str(problem) for problem in caught.value.problems)


@given(roles=st.sets(st.sampled_from(sorted(ROLES))), order=st.randoms(use_true_random=False))
def test_every_role_is_a_part_of_its_kind(
    tmp_path_factory: pytest.TempPathFactory, roles: set[str], order: Any
) -> None:
    folder = tmp_path_factory.mktemp("pack")
    chosen = sorted(roles)
    order.shuffle(chosen)
    manifest = read(folder, {"name": "old", **{role: ROLES[role] for role in chosen}})
    expected = {role for role in roles if role not in ("readers", "region_names")}
    if "readers" in roles:
        expected |= {"reader_1", "reader_2"}
    assert manifest.parts.keys() == expected
    assert read(folder, manifest_text(manifest)) == manifest  # as it is written anew


@given(
    data=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*ROLES, "name", "parts", "kind", "x"]), inner)
        ),
        max_leaves=8,
    )
)
def test_whatever_is_in_a_manifest_is_turned_or_left_as_it_is(data: Any) -> None:
    document = Document(Path("pack.yaml"), data, {(): (1, 1)})
    turned = new_form(document).data
    assert (turned is data) or "parts" in turned


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: a\nenglish: {}\n", "2:10: 'english': value error, name one of local and hub"),
        ("name: a\ncorpus:\n  file: a\n", "3:3: the key 'sha256' is missing"),
        ("name: a\nreaders:\n- hub: 3\n", "3:8: 'hub'"),
        ("name: a\nreaders: {}\n", "1:1: unknown key 'readers'"),
        ("name: a\npictures:\n- {file: a, sha256: b, label: 0}\n", "3:21: 'sha256'"),
        ("name: a\npictures: 3\n", "2:11: 'pictures'"),
        (
            f"name: a\npictures:\n- {{file: a, sha256: '{DIGEST}', label: 0}}\nregion_names: 3\n",
            "4:",
        ),
        ("name: a\nclassifier: 3\n", "2:13: 'classifier'"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands_in_the_file(
    tmp_path: Path, text: str, said: str
) -> None:
    assert f"pack.yaml:{said}" in refusal(tmp_path, text)


def test_a_part_of_a_kind_that_is_none(tmp_path: Path) -> None:
    said = refusal(tmp_path, "name: a\nparts:\n  net: {kind: clasifier}\n")
    assert "pack.yaml:3:15: no kind is called 'clasifier'; did you mean 'classifier'?" in said
    said = refusal(tmp_path, "name: a\nparts:\n  net: {kind: 3}\n")
    assert "pack.yaml:3:15: no kind is called '3'; the kinds are " in said
    said = refusal(tmp_path, "name: a\nparts:\n  net: {file: a}\n")
    assert "pack.yaml:3:8: the key 'kind' is missing" in said


def test_a_part_named_twice_and_beside_parts(tmp_path: Path) -> None:
    said = refusal(tmp_path, "name: a\nparts:\n  net: {}\n  net: {}\n")
    assert "pack.yaml:4:3: the key 'net' stands twice" in said
    said = refusal(tmp_path, "name: a\nparts: {}\ncorpus: {}\n")
    assert "pack.yaml:3:9: unknown key 'corpus'" in said
    assert "'1st'" in refusal(tmp_path, "name: a\nparts:\n  1st: {kind: file}\n")


def test_every_kind_is_read_by_its_name() -> None:
    for name, kind in every_kind().items():
        assert kind.name == name
        assert kind.entry.model_fields["kind"].annotation.__args__ == (name,)  # type: ignore[union-attr]


def test_arguments_are_a_callable_s_and_plain(tmp_path: Path) -> None:
    def named(**architecture: Any) -> dict[str, Any]:
        net = {"kind": "classifier", **CLASSIFIER, "architecture": architecture}
        return {"name": "a", "parts": {"net": net}}

    entry = read(tmp_path, named(callable="a.b:c", arguments={"width": 64, "deep": True})).parts
    assert entry["net"].rests_on()["architecture"]["arguments"] == {"width": 64, "deep": True}
    assert "arguments are a callable's" in refusal(
        tmp_path, named(course={"width": 8}, arguments={"width": 64})
    )
    nested: dict[str, Any] = {"width": {"a": 1}}
    for wrong in (nested, {"__class__": 1}, {"width": None}, {"at": "a/b"}, {"w": 10**9}, [64]):
        assert "pack.yaml:" in refusal(tmp_path, named(callable="a.b:c", arguments=wrong))

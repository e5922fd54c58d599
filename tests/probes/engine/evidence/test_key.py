"""The key of evidence: all that it depends on changes it, and nothing else does."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml

from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.evidence.key import MadeWith, evidence_key, this_machine
from quizproof.probes.packs.pack import EMBEDDED, Pack
from tests.planted import classifier_in, pictures_in
from tests.planted_language import with_parts

PARAMETERS: dict[str, dict[str, Any]] = {
    "network.layer_type": {"layer": "cnn.6"},
    "lime.colours": {"samples": 200, "superpixels": 50, "painted": 11, "least_weight": 0.05},
}


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pack:
    """The embedded pack with a network of a module beside it."""
    folder = Path(shutil.copytree(EMBEDDED, tmp_path / "pack"))
    manifest = yaml.safe_load((folder / "pack.yaml").read_text(encoding="utf-8"))
    manifest["parts"]["classifier"]["architecture"] = {"callable": "site_shipped:net"}
    (folder / "pack.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")
    (tmp_path / "site_shipped.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return Pack(folder)


def key(pack: Pack, probe: str, made_with: MadeWith | None = None) -> str:
    found = catalogue()[probe]
    with_ = made_with or this_machine()
    return evidence_key(
        found, found.complete(PARAMETERS[probe]), pack, randomized=None, seed=16, made_with=with_
    )


def test_changed_code_of_a_network_is_another_key(pack: Pack, tmp_path: Path) -> None:
    looks, others = "network.layer_type", "lime.colours"
    before = key(pack, looks), key(pack, others)
    assert (key(pack, looks), key(pack, others)) == before
    (tmp_path / "site_shipped.py").write_text("VALUE = 2\n")
    assert key(pack, looks) != before[0]
    assert key(pack, others) == before[1]


def test_a_part_is_what_it_is_named_or_not(pack: Pack) -> None:
    """Left out or by its name: the same evidence. Another name is another description."""
    probe = catalogue()["network.layer_type"]

    def named(**model: str) -> str:
        complete = probe.complete({"layer": "cnn.6", **model})
        return evidence_key(
            probe, complete, pack, randomized=None, seed=16, made_with=this_machine()
        )

    assert named() == named(model="classifier")
    with_parts(pack, other=classifier_in(pack))
    assert named(model="other") != named(model="classifier")


def test_a_file_says_with_which_code_of_a_network_it_was_made(pack: Pack, tmp_path: Path) -> None:
    here = this_machine()
    probe = catalogue()["network.layer_type"]
    code = {probe.name: here.code(probe)}
    network = here.network(pack.part("classifier"))
    assert network is not None
    named = MadeWith(here.libraries, {**code, "callable:site_shipped:net": network})
    expected = key(pack, probe.name, here)
    (tmp_path / "site_shipped.py").write_text("VALUE = 2\n")  # other code here says nothing of it
    assert key(pack, probe.name, named) == expected
    assert key(pack, probe.name, MadeWith(here.libraries, code)) != expected


WITHIN = MadeWith({"torch": "2.9", "numpy": "2.4"}, {"filter.regions": "c", "other": "c"})


def of_saliency(
    pack: Pack,
    probe: str = "filter.regions",
    *,
    randomized: int | None = None,
    seed: int = 16,
    made_with: MadeWith = WITHIN,
    **parameters: Any,
) -> str:
    found = replace(catalogue()["filter.regions"], name=probe)
    return evidence_key(
        found,
        {"picture": 1, "layer": "cnn.0", "filter": 0, "regions": ["cake", "plate"], **parameters},
        pack,
        randomized=randomized,
        seed=seed,
        made_with=made_with,
    )


def test_all_that_a_draw_depends_on_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = Pack(EMBEDDED)

    def with_libraries(**versions: str) -> MadeWith:
        return replace(WITHIN, libraries={**WITHIN.libraries, **versions})

    keys = [
        of_saliency(pack),
        of_saliency(pack, "other"),
        of_saliency(pack, seed=17),
        of_saliency(pack, seed=0),
        *(of_saliency(pack, randomized=number) for number in range(3)),
        of_saliency(pack, picture=2),
        of_saliency(pack, regions=["plate", "cake"]),
        of_saliency(pack, made_with=with_libraries(torch="2.9.1")),
        of_saliency(pack, made_with=with_libraries(numpy="2.4.1")),
        of_saliency(pack, made_with=with_libraries(lime="0.2")),
        of_saliency(pack, made_with=replace(WITHIN, digests={"filter.regions": "d"})),
        of_saliency(with_other_weights()),
        of_saliency(with_other_picture(1)),
    ]
    monkeypatch.setattr("quizproof.probes.engine.evidence.key.PRECISION", "half")
    keys.append(of_saliency(pack))
    assert len(set(keys)) == len(keys)


def test_what_a_draw_does_not_depend_on_leaves_the_key() -> None:
    assert of_saliency(Pack(EMBEDDED)) == of_saliency(Pack(EMBEDDED))
    assert of_saliency(with_other_picture(2)) == of_saliency(Pack(EMBEDDED))
    assert of_saliency(Pack(EMBEDDED), picture=2) != of_saliency(with_other_picture(2), picture=2)


def with_other_weights() -> Pack:
    pack = Pack(EMBEDDED)
    entry = classifier_in(pack)
    weights = entry.weights.model_copy(update={"sha256": "0" * 64})
    return with_parts(pack, classifier=entry.model_copy(update={"weights": weights}))


def with_other_picture(number: int) -> Pack:
    pack = Pack(EMBEDDED)
    pictures = list(pictures_in(pack).pictures)
    pictures[number] = pictures[number].model_copy(update={"sha256": "0" * 64})
    return with_parts(pack, pictures=pictures_in(pack).model_copy(update={"pictures": pictures}))


# what reads files and checks them, and gives no number of its own
READS_ONLY = {
    "typing_extensions",
    "defusedxml",
    "fsspec",
    "huggingface-hub",
    "onnx",
    "pydantic",
    "pyyaml",
    "safetensors",
}
# what a network in ONNX alone rests on, which says so itself
OF_A_PART = {"onnxruntime"}


def test_every_library_that_a_number_comes_from_is_named() -> None:
    """Whatever probes, methods and models import; what is missing could change unnoticed."""
    probes = EMBEDDED.parents[1]
    imported = {
        module.partition(".")[0]
        for folder in ("picture", "language", "methods", "models")
        for path in (probes / folder).glob("**/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for module in modules(node)
    }
    of: Mapping[str, list[str]] = packages_distributions()
    theirs = {name.lower() for module in imported for name in of.get(module, [])} - {"quizproof"}
    assert {"torch", "numpy", "scipy", "lime", "pillow"} <= theirs
    here = this_machine().libraries
    assert theirs - READS_ONLY - OF_A_PART <= set(here)
    # what these make numbers with in turn
    assert {"transformers", "tokenizers", "torchvision", "scikit-image", "scikit-learn"} <= set(
        here
    )


def modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []

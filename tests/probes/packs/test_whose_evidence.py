"""Whose evidence settles a question: every part that is looked at, each by its own name alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from quizproof.probes.packs.architecture_name import architecture_name
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.packs.settling import settles
from quizproof.questions.spec import SettledBy

ALL = ("classifier", "pictures", "english", "readers", "sentences")
NOBODY = SettledBy()
STRANGER = "f" * 64


@pytest.fixture(scope="module")
def pack() -> Pack:
    return Pack(EMBEDDED)


def who(pack: Pack) -> dict[str, Any]:
    """The names of every part of ``pack``, as a quiz lists them."""
    pictures = pack.manifest.pictures
    return {
        "classifier": [pack.classifier.weights.sha256],
        "pictures": {str(n): pack.picture(n).sha256 for n in range(len(pictures))},
        "language": {role: pack.identities(role) for role in ("english", "readers", "sentences")},
    }


def said(
    pack: Pack,
    names: Mapping[str, Any],
    *roles: str,
    about: str = "model",
    parameters: Mapping[str, Any] | None = None,
) -> bool:
    return settles(about, pack, SettledBy(**names), roles, parameters or {})


def test_who_is_named_part_by_part_settles_whatever_is_looked_at(pack: Pack) -> None:
    assert said(pack, who(pack), *ALL)
    assert all(said(pack, who(pack), role) for role in ALL)


def test_a_probe_that_looks_at_no_part_settles_nothing_about_a_model(pack: Pack) -> None:
    assert not said(pack, who(pack))
    assert not said(pack, who(pack), about="architecture")
    assert not said(pack, who(pack), "pictures", "sentences", about="architecture")
    assert said(pack, {}, about="method")


def test_other_weights_are_another_classifier_s(pack: Pack) -> None:
    for digest in (STRANGER, pack.picture(0).sha256):
        names = {**who(pack), "classifier": [digest]}
        assert not said(pack, names, "classifier")
        assert said(pack, names, "pictures")
    beside = {**who(pack), "classifier": [STRANGER, *who(pack)["classifier"]]}
    assert said(pack, beside, "classifier")


def test_a_picture_is_its_number_s(pack: Pack) -> None:
    """A picture that the quiz has under another number is another picture."""
    names = who(pack)
    exchanged = {**names["pictures"], "1": names["pictures"]["2"], "2": names["pictures"]["1"]}
    for number in range(len(pack.manifest.pictures)):
        alone = said(pack, {"pictures": exchanged}, "pictures", parameters={"picture": number})
        assert alone == (number not in (1, 2))


@pytest.mark.parametrize("changed", [0, 3, 9])
@pytest.mark.parametrize("to", [STRANGER, None])
def test_each_picture_that_is_looked_at_counts(pack: Pack, changed: int, to: str | None) -> None:
    pictures = dict(who(pack)["pictures"])
    if to is None:
        del pictures[str(changed)]
    else:
        pictures[str(changed)] = to
    names = {"pictures": pictures}
    assert not said(pack, names, "pictures")
    looked_at: Sequence[list[int]] = ([0, 3, 9], [9, 3, 0], [changed])
    for numbers in looked_at:
        assert not said(pack, names, "pictures", parameters={"pictures": numbers})
    others = [number for number in range(len(pack.manifest.pictures)) if number != changed]
    assert said(pack, names, "pictures", parameters={"pictures": others})
    assert said(pack, names, "pictures", parameters={"picture": others[0]})


@pytest.mark.parametrize("role", ["english", "readers", "sentences"])
def test_each_part_of_language_counts_and_is_its_role_s(pack: Pack, role: str) -> None:
    language = who(pack)["language"]
    for place, own in enumerate(language[role]):
        others = [*language[role][:place], STRANGER, *language[role][place + 1 :]]
        elsewhere = {**language, role: others, "chinese": [own]}
        assert not said(pack, {"language": elsewhere}, role)
        rest = [name for name in language if name != role]
        assert said(pack, {"language": elsewhere}, *rest)
    assert said(pack, {"language": {role: language[role][::-1]}}, role)


def test_there_are_readers_enough_for_the_one_that_differs_to_be_any(pack: Pack) -> None:
    assert len(set(pack.identities("readers"))) > 1
    assert len(pack.manifest.pictures) > 9


@pytest.mark.parametrize("about", ["method", "architecture", "model"])
@pytest.mark.parametrize("named", ["nothing", "architecture", "weights"])
def test_what_a_question_is_about_says_who_may_speak(pack: Pack, about: str, named: str) -> None:
    """The weights' own names speak for their architecture, and nobody for more than is named."""
    ours = {"architecture": {"classifier": [architecture_name(pack, "classifier")]}}
    names = {"nothing": {}, "architecture": ours, "weights": who(pack)}[named]
    may = {
        "method": True,
        "architecture": named != "nothing",
        "model": named == "weights",
    }
    assert said(pack, names, "classifier", "pictures", about=about) == may[about]


def test_an_architecture_is_its_role_s(pack: Pack) -> None:
    ours = architecture_name(pack, "classifier")
    assert said(pack, {"architecture": {"classifier": [ours]}}, "classifier", about="architecture")
    for elsewhere in ({"english": [ours]}, {"classifier": ["other"]}):
        assert not said(pack, {"architecture": elsewhere}, "classifier", about="architecture")
    one_of_two = {"architecture": {"classifier": [ours]}}
    assert not said(pack, one_of_two, "classifier", "english", about="architecture")


def test_a_quiz_that_names_nobody_is_settled_by_nobody(pack: Pack) -> None:
    for role in ALL:
        assert not settles("model", pack, NOBODY, (role,), {})

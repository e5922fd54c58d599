"""Whose evidence settles a question: every part that is looked at, each by its own name alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.packs.settling import architecture_name, settles
from quizproof.questions.spec import SettledBy
from tests.planted import pictures_in

LANGUAGE = ("english", "reader_1", "reader_2", "reader_3", "sentences")
ALL = ("classifier", "pictures", *LANGUAGE)
NOBODY = SettledBy()
STRANGER = "f" * 64


@pytest.fixture(scope="module")
def pack() -> Pack:
    return Pack(EMBEDDED)


def who(pack: Pack) -> dict[str, Any]:
    """The names of every part of ``pack``, as a quiz lists them."""
    pictures = enumerate(pictures_in(pack).pictures)
    return {
        **{name: [pack.identity(pack.part(name))] for name in ("classifier", *LANGUAGE)},
        "pictures": {str(number): picture.sha256 for number, picture in pictures},
    }


def said(
    pack: Pack,
    names: Mapping[str, Any],
    *parts: str,
    about: str = "model",
    parameters: Mapping[str, Any] | None = None,
) -> bool:
    settled_by = SettledBy.model_validate(names if "architecture" in names else {"parts": names})
    return settles(about, pack, settled_by, [pack.part(n) for n in parts], parameters or {})


def test_who_is_named_part_by_part_settles_whatever_is_looked_at(pack: Pack) -> None:
    assert said(pack, who(pack), *ALL)
    assert all(said(pack, who(pack), part) for part in ALL)


def test_a_probe_that_looks_at_no_part_settles_nothing_about_a_model(pack: Pack) -> None:
    assert not said(pack, who(pack))
    assert not said(pack, who(pack), about="architecture")
    assert not said(pack, who(pack), "pictures", "sentences", about="architecture")
    assert said(pack, {}, about="method")


def test_other_weights_are_another_classifier_s(pack: Pack) -> None:
    for digest in (STRANGER, pictures_in(pack).pictures[0].sha256):
        names = {**who(pack), "classifier": [digest]}
        assert not said(pack, names, "classifier")
        assert said(pack, names, "pictures")
    beside = {**who(pack), "classifier": [STRANGER, *who(pack)["classifier"]]}
    assert said(pack, beside, "classifier")


def test_a_picture_is_its_number_s(pack: Pack) -> None:
    """A picture that the quiz has under another number is another picture."""
    names = who(pack)
    exchanged = {**names["pictures"], "1": names["pictures"]["2"], "2": names["pictures"]["1"]}
    for number in range(len(pictures_in(pack).pictures)):
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
    others = [number for number in range(len(pictures_in(pack).pictures)) if number != changed]
    assert said(pack, names, "pictures", parameters={"pictures": others})
    assert said(pack, names, "pictures", parameters={"picture": others[0]})


@pytest.mark.parametrize("part", LANGUAGE)
def test_each_part_of_language_counts_and_is_known_by_its_own_name(pack: Pack, part: str) -> None:
    names = who(pack)
    elsewhere = {**names, part: [STRANGER], "chinese": names[part]}
    assert not said(pack, elsewhere, part)
    assert said(pack, elsewhere, *(name for name in LANGUAGE if name != part))
    assert said(pack, {part: [STRANGER, *names[part]]}, part)


def test_what_a_quiz_said_before_parts_had_kinds_says_the_same(pack: Pack) -> None:
    names = who(pack)
    readers = [digest for n in (1, 2, 3) for digest in names[f"reader_{n}"]]
    settled_by = SettledBy(
        classifier=names["classifier"],
        pictures=names["pictures"],
        language={"english": names["english"], "readers": readers},
    )

    def settled(*parts: str) -> bool:
        return settles("model", pack, settled_by, [pack.part(name) for name in parts], {})

    assert settled("classifier", "pictures", "english", "reader_1", "reader_2", "reader_3")
    assert not settled("chinese")
    assert not settled("sentences")
    assert not SettledBy(language={"english": readers}).named("reader_1")


def test_there_are_parts_enough_for_the_one_that_differs_to_be_any(pack: Pack) -> None:
    assert len({pack.identity(pack.part(name)) for name in LANGUAGE}) == len(LANGUAGE)
    assert len(pictures_in(pack).pictures) > 9


@pytest.mark.parametrize("about", ["method", "architecture", "model"])
@pytest.mark.parametrize("named", ["nothing", "architecture", "weights"])
def test_what_a_question_is_about_says_who_may_speak(pack: Pack, about: str, named: str) -> None:
    """The weights' own names speak for their architecture, and nobody for more than is named."""
    ours = {"architecture": {"classifier": [architecture_name(pack.part("classifier"))]}}
    names = {"nothing": {}, "architecture": ours, "weights": who(pack)}[named]
    may = {
        "method": True,
        "architecture": named != "nothing",
        "model": named == "weights",
    }
    assert said(pack, names, "classifier", "pictures", about=about) == may[about]


def test_an_architecture_is_its_part_s(pack: Pack) -> None:
    ours = architecture_name(pack.part("classifier"))
    assert said(pack, {"architecture": {"classifier": [ours]}}, "classifier", about="architecture")
    for elsewhere in ({"english": [ours]}, {"classifier": ["other"]}):
        assert not said(pack, {"architecture": elsewhere}, "classifier", about="architecture")
    one_of_two = {"architecture": {"classifier": [ours]}}
    assert not said(pack, one_of_two, "classifier", "english", about="architecture")


def test_a_quiz_that_names_nobody_is_settled_by_nobody(pack: Pack) -> None:
    for part in ALL:
        assert not settles("model", pack, NOBODY, [pack.part(part)], {})

"""What models that learned nothing answer, beside the verdict."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.collector import Wanted
from quizproof.probes.engine.events import Event
from quizproof.probes.engine.evidence.key import this_machine
from quizproof.probes.engine.evidence.record import Evidence
from quizproof.probes.engine.plan import Task
from quizproof.probes.engine.results import QuestionResult
from quizproof.probes.engine.runner import Runner
from quizproof.probes.engine.zero_line import ZeroLine, networks, no_weights, zero_line
from quizproof.probes.kinds.reader import ReaderEntry, SavedStates
from quizproof.probes.packs.files import File
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.probe import Draw, Unsure
from quizproof.questions.lint import LintedQuestion, lint_quiz
from quizproof.questions.quiz import bundled_quiz
from quizproof.questions.rules import Value
from quizproof.questions.spec import Text
from tests.planned import plan, result_of
from tests.planted import question
from tests.planted_language import with_parts

LINTED = {q.id: q for q in lint_quiz(bundled_quiz("hw09"), catalogue()).questions}


def asked(name: str) -> LintedQuestion:
    return LINTED[name]


def runner(pack: Pack, place: Path | None = None) -> Runner:
    return Runner(plan(bundled_quiz("hw09"), pack=pack.folder, store=place))


def result(of: Runner, name: str) -> QuestionResult:
    return result_of(of, Task(1, asked(name)))


def evidence(**values: Value) -> Evidence:
    return Evidence((Draw(values),), (0,), (0,), 0.0, "planted", "cpu")


def test_a_question_about_a_model_is_put_to_five_that_learned_nothing(tmp_path: Path) -> None:
    found = result(runner(Pack(EMBEDDED), tmp_path), "q06")
    assert found.zero_line is not None
    assert len(found.zero_line.answers) == 5
    assert found.zero_line.same == list(found.zero_line.answers).count(found.measured)

    again = Runner(plan(bundled_quiz("hw09"), store=tmp_path), nobody)
    known = again.known(Task(1, asked("q06")))
    assert known is not None
    assert known.zero_line == found.zero_line


def nobody(wanted: Wanted) -> Generator[Event, None, Evidence]:
    raise AssertionError(f"{wanted.question.id} is measured again")


def test_the_networks_differ_and_are_the_same_in_every_run(tmp_path: Path) -> None:
    values = []
    for folder in (tmp_path / "one", tmp_path / "other"):
        of = runner(Pack(EMBEDDED), folder)
        result(of, "q06")
        keys = of.keys(asked("q06"))
        assert len(set(keys)) == 6  # the pack's own network, and five
        kept = [of.store.get(key) for key in keys if of.store is not None]
        values.append([each.draws[0].values for each in kept if each is not None])
    assert values[0] == values[1]
    assert len({str(each) for each in values[0]}) == 6


def test_no_line_where_no_model_is_asked_about() -> None:
    assert result(runner(Pack(EMBEDDED)), "q15").zero_line is None


def test_evidence_without_the_line_still_gives_the_verdict(tmp_path: Path) -> None:
    of = runner(Pack(EMBEDDED), tmp_path)
    whole = result(of, "q06")
    assert of.store is not None
    kept = of.store.get(of.keys(asked("q06"))[0])
    assert kept is not None
    quiz = bundled_quiz("hw09")
    alone = Runner(plan(quiz, store=tmp_path / "alone", alone_with=this_machine()))
    assert alone.store is not None
    alone.store.put(alone.keys(asked("q06"))[0], kept)
    found = result(alone, "q06")
    assert (found.state, found.measured) == (whole.state, whole.measured)
    assert found.zero_line is not None
    assert found.zero_line.same is None
    assert "the evidence file holds nothing of it" in found.reason.en


def test_a_network_that_cannot_be_measured_costs_the_line_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(pack: Pack, seed: int, device: object) -> None:
        raise ValueError("no such layer")

    monkeypatch.setattr("quizproof.probes.models.classifiers.random_classifier", broken)
    found = result(runner(Pack(EMBEDDED)), "q06")
    assert found.measured is not None
    assert found.zero_line is not None
    assert found.zero_line.answers == ()
    assert "no such layer" in found.reason.en


def test_saved_states_have_no_weights_to_randomise() -> None:
    pack = Pack(EMBEDDED)
    tokenizer = pack.part("reader_1").entry.local

    def told(*names: str) -> Text | None:
        return no_weights([pack.part(name) for name in names])

    states = SavedStates(tokenizer=tokenizer, hidden_states=[File(file="s", sha256="0" * 64)])
    assert told("reader_1", "reader_2", "triples") is None
    with_parts(pack, reader_1=ReaderEntry(kind="reader", saved=states))
    why = told("reader_1", "reader_2", "triples")
    assert why is not None
    assert "reader 1 of embedded has no weights" in why.en
    assert told("reader_2", "triples") is None
    assert told("chinese", "sentences") is None


def test_a_probe_that_draws_is_put_to_one_network() -> None:
    assert list(networks(catalogue()["lime.regions"], {})) == [0]
    assert list(networks(catalogue()["filter.regions"], {})) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("number", "same"), [(0.73, 1), (0.739, 1), (0.72, 1), (0.75, 0), (0.7195, 0)]
)
def test_numbers_are_the_same_within_the_blank_s_tolerance(number: float, same: int) -> None:
    probe = catalogue()["masked.prediction"]
    drawn = [evidence(likeliest="him", fall=number)]
    assert zero_line(question("q22"), probe, ("him", 0.73), drawn).same == same
    other = [evidence(likeliest="her", fall=number)]
    assert zero_line(question("q22"), probe, ("him", 0.73), other).same == 0


def test_an_answer_that_is_near_another_is_none() -> None:
    probe = catalogue()["attribution.regions"]
    clear = {"contrast_cake": 0.9, "contrast_plate": 0.1, "contrast_telephone": 0.1}
    near = {**clear, "contrast_plate": 0.9}
    asked_ = question("q06")
    assert zero_line(asked_, probe, ("a",), [evidence(**clear), evidence(**near)]) == ZeroLine(
        (("a",), None), 1
    )
    assert zero_line(asked_, probe, None, [evidence(**clear)]) == ZeroLine((("a",),), None)


def test_what_a_network_leaves_open_is_no_answer() -> None:
    probe = catalogue()["attribution.regions"]
    clear = {"contrast_cake": 0.9, "contrast_plate": 0.1, "contrast_telephone": 0.1}
    bounds = {"contrast_plate": (0.0, 0.95)}
    why = Text(en="nobody knows", zh_hant="無人知曉")
    unsure = replace(evidence(**clear), draws=(Draw(clear, unsure=Unsure(bounds, why)),))
    assert zero_line(question("q06"), probe, ("a",), [unsure]) == ZeroLine((None,), 0)
    assert zero_line(question("q06"), probe, ("a",), [evidence(**clear)]).same == 1


@pytest.mark.parametrize(
    ("answer", "same"), [("ab", 1), ("a", 0), ("b", 0), ("abc", 0), ("abcde", 0), ("", 0)]
)
def test_more_options_or_fewer_are_another_answer(answer: str, same: int) -> None:
    """A network that gives more than what was measured, or less, does not give it."""
    probe, asked_ = catalogue()["heads.relations"], question("q24")
    names = ("full_stop", "previous", "same", "next", "special")
    values = {f"most_{n}": float(o in answer) for o, n in zip("abcde", names, strict=True)}
    found = zero_line(asked_, probe, ("a", "b"), [evidence(**values)])
    assert found == ZeroLine((tuple(answer),), same)


def test_of_what_is_no_model_nothing_is_said() -> None:
    linted = asked("q04")
    assert linted.question is not None
    of_model = linted.question.model_copy(update={"about": "model"})
    found = result_of(runner(Pack(EMBEDDED)), Task(1, replace(linted, question=of_model)))
    assert found.measurement is not None
    assert found.zero_line is None
    assert "weights" not in found.reason.en

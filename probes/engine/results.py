"""Results of a run, question by question: the one form that every report is made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from quizproof.probes.beside import Beside
from quizproof.probes.engine.measured import Measured
from quizproof.probes.engine.zero_line import ZeroLine
from quizproof.probes.packs.manifest import HeldOutFigure
from quizproof.probes.probe import Map, Words
from quizproof.questions.spec import (
    Answer,
    Question,
    Quiz,
    Text,
    expected_answer,
    untranslated,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class State(StrEnum):
    """State of a question: what the measurement says of the expected answer."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    UNDECIDED = "undecided"
    STAND_IN_AGREES = "stand-in agrees"
    STAND_IN_DIFFERS = "stand-in differs"
    KEY_INVALID = "key invalid"
    MISSING = "missing"
    FAILED = "failed"


class Outcome(StrEnum):
    """Reason why an expected answer, or any, is not borne out; the first that applies."""

    RULED_OUT = "ruled-out"  # the expected answer is surely wrong on every model measured
    SEVERAL_FIT = "several-fit"  # more options surely hold than are to be chosen
    NONE_FITS = "none-fits"  # fewer hold than are to be chosen, and none is open that could
    OPEN = "open"  # whether some option holds is not decided


@dataclass(frozen=True)
class Illustration:
    """A map to look at, with the picture it is over and the outlines to draw on both."""

    map: Map
    picture: NDArray[np.float32] | None = None  # (H, W, 3) in 0–1, as the model saw it
    outlines: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)  # by region, (H, W)
    region_names: Mapping[str, Words] = field(default_factory=dict)  # shown of them, if not as is
    draw: int = 1  # that the map is of
    range_of: tuple[NDArray[np.float32], ...] = ()  # further maps whose values its colours span


@dataclass(frozen=True)
class Acceptance:
    """What became of a question's ``accepted``; the question stays contradicted either way."""

    holds: bool  # False where it lapsed
    why: Text  # a line: who accepts it and until when, or why it lapsed


@dataclass(frozen=True)
class QuestionResult:
    """The verdict on one question, with all it rests on."""

    question: Question
    number: int  # place in the quiz, from 1
    state: State
    reason: Text  # one line: why this state; what went wrong is said in English in both
    expected: Answer | None  # option ids, or what blanks are filled with; None: no key
    measured: Answer | None  # the same of what was measured; None: not decided
    measurement: Measured | None  # None where nothing could be measured
    confidence: float | None  # 1 − error where draws decide; None where exact, or not measured
    tolerance: float | None  # of an exact finding, in the unit compared
    seconds: float
    illustrations: tuple[Illustration, ...] = ()
    settles: bool = False  # whether this evidence may confirm or contradict: no stand-in's may
    zero_line: ZeroLine | None = None  # None where the question is not about a model
    finding: Outcome | None = None  # None where the key is borne out, or nothing was measured
    unnamed: tuple[str, ...] = ()  # parts that the quiz does not name: nobody settles it
    key_at: str = ""  # file and line of what is expected; "" where that is not known
    probe_at: str = ""  # file and line of what it asks; "" where that is not known, or told
    accepted: Acceptance | None = None  # of a contradiction that the course may keep


@dataclass(frozen=True)
class Run:
    """A quiz on a pack."""

    quiz: Quiz
    pack_name: str
    pack_digest: str
    pack_embedded: bool
    versions: Mapping[str, str]
    seed: int
    device: str
    results: Sequence[QuestionResult]
    asked: int  # how many questions were to be measured: more than results where interrupted
    stopped: int = 0  # the signal that ended it early; 0: none did
    notes: Sequence[str] = field(default_factory=tuple)
    finished: str = ""  # when, as people write it: 2026-11-27 05:05 UTC
    held_out: Sequence[HeldOutFigure] = field(default_factory=tuple)  # of the pack's models
    beside: Beside | None = None  # the quiz's own probes

    @property
    def standing_out(self) -> set[State]:
        """The states of the questions, but of those whose contradiction is accepted."""
        return {r.state for r in self.results if r.accepted is None or not r.accepted.holds}

    @property
    def whole(self) -> bool:
        """True where every question that was asked has a result."""
        return len(self.results) == self.asked

    @property
    def summary(self) -> dict[str, int]:
        """Number of questions in each state, every state named."""
        counts = Counter(result.state for result in self.results)
        return {str(state): counts[state] for state in State}


def unmeasured(
    question: Question, number: int, state: State, reason: str, seconds: float
) -> QuestionResult:
    """The result of a question for which nothing could be measured."""
    return QuestionResult(
        question=question,
        number=number,
        state=state,
        reason=untranslated(reason),
        expected=expected_answer(question),
        measured=None,
        measurement=None,
        confidence=None,
        tolerance=None,
        seconds=seconds,
    )


def with_zero_line(result: QuestionResult, line: ZeroLine | None) -> QuestionResult:
    """``result`` beside what models that learned nothing answer, or why that is not known."""
    if line is None or line.lacking is None:
        return replace(result, zero_line=line)
    reason = Text(
        en=f"{result.reason.en}; {line.lacking.en}",
        zh_hant=f"{result.reason.zh_hant}；{line.lacking.zh_hant}",
    )
    return replace(result, zero_line=line, reason=reason)

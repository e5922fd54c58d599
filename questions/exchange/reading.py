"""Questions taken over from a file, one after the other: none that cannot be costs another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from quizproof.questions.exchange.exchanged import NotHeldError, Outcome, Row
from quizproof.questions.exchange.html_text import Note
from quizproof.questions.exchange.naming import free_id
from quizproof.questions.exchange.picture_files import Opening, Taking, no_file
from quizproof.questions.pictures import named_pictures
from quizproof.questions.problems import one_line
from quizproof.questions.spec import Question


@dataclass
class Reading:
    """The questions that reading a file has come to so far, and what became of each."""

    questions: list[Question] = field(default_factory=list)
    _kept: dict[str, bytes] = field(default_factory=dict)
    _rows: dict[Row, None] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(self._rows)

    @property
    def pictures(self) -> dict[str, bytes]:
        """Those that the questions show."""
        return {
            name: self._kept[name] for name in named_pictures(self.questions) if name in self._kept
        }

    def take(
        self,
        what: str,
        name: str,
        place: int,
        read: Callable[[Note], Question],
        opening: Opening = no_file,
    ) -> None:
        """Take over what ``read`` gives, called ``name`` or after its place, or tell why not.

        ``opening`` finds the pictures that its texts show.
        """
        changes: dict[str, None] = {}
        given = ""
        why: tuple[str, ...]
        try:
            question = read(Taking(lambda line: changes.update({line: None}), opening, self._kept))
        except NotHeldError as error:
            why, outcome = (_with_mend(str(error)),), Outcome.LEFT_OUT
        except ValueError as error:  # a number that is none, or what no question here can be
            why, outcome = (_with_mend(one_line(str(error), 200)),), Outcome.LEFT_OUT
        else:
            given = free_id(name, self._ids, place)
            self._ids.add(given)
            self.questions.append(question.model_copy(update={"id": given}))
            why, outcome = tuple(changes), Outcome.CHANGED if changes else Outcome.TAKEN
        called = f"{given}, {what}" if given else what
        self._rows[Row(called, outcome, why, question=True)] = None

    def tell(self, what: str, outcome: Outcome, why: str) -> None:
        """Tell of what is no question, once."""
        self._rows[Row(what, outcome, (why,))] = None


def label(kind: str, place: int, name: str) -> str:
    """``name`` as a file's questions are told of: ``item 3 (Its title)``."""
    return f"{kind} {place}{f' ({one_line(name, 60)})' if name.strip() else ''}"


def with_topic(question: Question, topic: str) -> Question:
    """``question`` with the topic that a file gives it, as far as there is room for it here."""
    return question.model_copy(update={"topic": one_line(topic, 60) or None})


def _with_mend(why: str) -> str:
    return why if ";" in why else f"{why}; leave it there, or write it anew here"

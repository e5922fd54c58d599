"""Problems of a quiz, told before any model runs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quizproof.questions.declared import Declared, PackParts
from quizproof.questions.head_problems import head_problems
from quizproof.questions.key_notes import key_notes, title_notes
from quizproof.questions.key_problems import key_problems
from quizproof.questions.languages import language_name, placed_texts
from quizproof.questions.near import did_you_mean
from quizproof.questions.number_notes import number_notes
from quizproof.questions.picture_problems import picture_problems
from quizproof.questions.problems import InputError, Problem, few
from quizproof.questions.quiz import read_head, read_question, shown_path
from quizproof.questions.rule_meaning import rule_meaning
from quizproof.questions.rule_problems import (
    name_problems,
    rule_problems,
    threshold_problems,
    wording_problems,
)
from quizproof.questions.spec import (
    Blanks,
    DropDowns,
    Matching,
    NumberBlank,
    Question,
    QuizFile,
    choices,
)
from quizproof.questions.tolerance import decimal
from quizproof.questions.without_key import has_key
from quizproof.questions.yaml_file import Document, Path_


@dataclass(frozen=True)
class LintedQuestion:
    """A question's file as lint found it.

    ``question`` is None where the file cannot be read as one. ``broken`` are problems that keep it
    from being measured; ``key`` are those of its key alone, ``harmless`` those of what it shows and
    of rules that never hold: it is measured all the same. ``notes`` are no mistakes, told so that
    nobody overlooks them.
    """

    id: str
    question: Question | None
    broken: tuple[Problem, ...] = ()
    key: tuple[Problem, ...] = ()
    harmless: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    key_at: str = ""  # file and line of what it expects
    probe_at: str = ""  # file and line of what it asks to be measured


@dataclass(frozen=True)
class LintedQuiz:
    """A quiz folder as lint found it."""

    head: QuizFile
    questions: tuple[LintedQuestion, ...]
    head_problems: tuple[Problem, ...] = ()
    head_notes: tuple[Problem, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong, by file and line."""
        found = list(self.head_problems)
        for linted in self.questions:
            key = () if self.head.without_key else linted.key
            found += [*linted.broken, *linted.harmless, *key]
        return sorted(found)

    @property
    def notes(self) -> list[Problem]:
        """Remarks that are worth knowing and no mistakes, by file and line."""
        return sorted([*self.head_notes, *(n for linted in self.questions for n in linted.notes)])


def lint_quiz(
    folder: Path,
    probes: Mapping[str, Declared],
    *,
    key: bool = True,
    parts: PackParts | None = None,
) -> LintedQuiz:
    """Everything wrong with the quiz in ``folder``; without ``key``, as if it had none.

    ``parts`` are those of its pack, where they are known.

    Raises InputError where ``quiz.yaml`` itself cannot be read; a question's mistakes cost only it.
    """
    head, document = read_head(folder)
    linted = tuple(
        _lint_file(folder, name, probes, head, key=key, parts=parts)
        for name in dict.fromkeys(head.questions)
    )
    with_key = [q.id for q in linted if q.question and has_key(q.question)]
    of_head = sorted(
        [*head_problems(folder, head, document, with_key), *_total(head, document, linted)]
    )
    return LintedQuiz(
        head=head,
        questions=linted,
        head_problems=tuple(few(of_head)),
        head_notes=tuple(title_notes(head, document)),
    )


def _total(
    head: QuizFile, document: Document, linted: Sequence[LintedQuestion]
) -> Iterator[Problem]:
    """Say where the points of a quiz are not those of its questions."""
    questions = [each.question for each in linted]
    if head.points is None or None in questions:
        return
    total = sum(decimal(question.points) for question in questions if question is not None)
    if total != decimal(head.points):
        yield document.problem(
            ("points",),
            f"the quiz has {head.points:g} points, and its questions {float(total):g} together",
            "mend one of them",
        )


def _lint_file(
    folder: Path,
    name: str,
    probes: Mapping[str, Declared],
    head: QuizFile,
    *,
    key: bool,
    parts: PackParts | None,
) -> LintedQuestion:
    try:
        question, document = read_question(folder, name, key=key)
    except InputError as error:
        return LintedQuestion(name, None, broken=tuple(error.problems))
    always, never, implied = _meaning(question, document, probes)
    of_parts = list(_part_problems(question, document, probes, parts))
    broken = (
        *(() if isinstance(question, Blanks) else always),
        *rule_problems(question, document),
        *wording_problems(question, document),
        *_probe_problems(question, document, probes, judged=not of_parts),
        *of_parts,
        *threshold_problems(question, document, probes),
    )
    vain = always if isinstance(question, Blanks) else []  # a tolerance that nothing can miss
    wrong_key = few(sorted([*vain, *key_problems(question, document)])) if key else []
    return LintedQuestion(
        id=name,
        question=question,
        broken=tuple(few(sorted(broken))),
        key=tuple(wrong_key),
        harmless=tuple(few(sorted([*never, *picture_problems(folder, question, document)]))),
        notes=(
            *_notes(question, document),
            *_language_notes(question, document, head.title.languages),
            *number_notes(question, document),
            *_file_notes(question, document, probes, [folder, *_pack_of(folder, head)]),
            *implied,
            *(key_notes(question, document) if key else ()),
        ),
        key_at=_key_at(question, document),
        probe_at=f"{shown_path(document.path)}:{document.place('probe')[0]}",
    )


def _key_at(question: Question, document: Document) -> str:
    """The file and the line where the key stands, or the first of its parts."""
    steps: Path_ = ("expected",)
    if isinstance(question, DropDowns):
        steps = ("parts", next(iter(question.parts), ""), "expected")
    elif isinstance(question, Matching):
        steps = ("items", next(iter(question.items), ""), "expected")
    elif isinstance(question, Blanks):
        part, blank = next(iter(question.blanks.items()))
        steps = (
            "blanks",
            part,
            "expected_number" if isinstance(blank, NumberBlank) else "expected",
        )
    return f"{shown_path(document.path)}:{document.place(*steps)[0]}"


def _notes(question: Question, document: Document) -> Iterator[Problem]:
    if (wordings := question.wordings) is not None:
        yield document.problem(
            ("wordings",),
            f"its two languages ask different things: {wordings.what.en.rstrip('.')}",
            f"its rules are for the {language_name(wordings.taken).en}",
        )


def _pack_of(folder: Path, head: QuizFile) -> list[Path]:
    return [] if head.pack is None else [folder / head.pack]


def _file_notes(
    question: Question, document: Document, probes: Mapping[str, Declared], places: Sequence[Path]
) -> Iterator[Problem]:
    """Name files that parameters name and that lie in none of ``places``: --pack may have them."""
    call = question.probe
    declared = None if call is None else probes.get(call.name)
    if call is None or declared is None or declared.check(call.parameters):
        return
    for name in declared.files(call.parameters):
        if not any((place / name).is_file() for place in places):
            yield document.problem(
                ("probe", "with"),
                f"file {name} is neither beside the quiz nor in a pack that it names",
                "put it there, or measure a pack that has it (--pack)",
            )


def _meaning(
    question: Question, document: Document, probes: Mapping[str, Declared]
) -> tuple[list[Problem], list[Problem], list[Problem]]:
    call = question.probe
    declared = None if call is None else probes.get(call.name)
    if call is None or declared is None or declared.check(call.parameters):
        return [], [], []
    return rule_meaning(question, document, declared, call.parameters)


def _language_notes(
    question: Question, document: Document, languages: Sequence[str]
) -> Iterator[Problem]:
    """Say of the first text that is not in the title's languages which it has or lacks.

    Words of no named language are for every reader.
    """
    for place, text in placed_texts(question):
        if not languages or not text.languages:
            continue
        lacking = [language for language in languages if language not in text.languages]
        if lacking:
            read = text.language_for(lacking[0])
            yield document.problem(
                place,
                f"it is in {_listed(text.languages)}, and the quiz's title in {_listed(languages)}",
                f"whoever reads {lacking[0]} sees it in {read}",
            )
            return
        if more := [language for language in text.languages if language not in languages]:
            yield document.problem(
                place,
                f"it is in {more[0]} as well, which the quiz's title is not",
                f"whoever reads {more[0]} sees what is not in it in another language",
            )
            return


def _listed(languages: Sequence[str]) -> str:
    return ", ".join(languages)


def _probe_problems(
    question: Question, document: Document, probes: Mapping[str, Declared], *, judged: bool
) -> Iterator[Problem]:
    """Problems with the call, and where ``judged`` with the names that rules have from it.

    Of wrong parameters come wrong names: to hold rules to them would spread the mistake.
    """
    if question.probe is None:
        mend = "add 'probe', and a 'rule' to every option"
        if isinstance(question, Blanks):
            mend = "add 'probe', and to every blank the name that it takes from it as 'measure'"
        yield document.problem((), "no probe measures this question", mend)
        return
    declared = probes.get(question.probe.name)
    if declared is None:
        yield document.problem(
            ("probe", "name"),
            f"no probe is called {question.probe.name}",
            did_you_mean(question.probe.name, probes, "quizproof probes lists them"),
        )
        return
    if wrong := declared.wrong(question.probe.parameters):
        for steps, what, mend in wrong:
            yield document.problem(("probe", "with", *steps), what, mend)
        return
    if not judged:
        return
    if isinstance(question, Blanks):
        yield from _blank_problems(question, document, declared, question.probe.parameters)
    yield from name_problems(question, document, declared, question.probe.parameters)


def _part_problems(
    question: Question,
    document: Document,
    probes: Mapping[str, Declared],
    parts: PackParts | None,
) -> Iterator[Problem]:
    """Problems with the parts of the pack that the probe is to be given."""
    declared = None if question.probe is None else probes.get(question.probe.name)
    if question.probe is None or declared is None or parts is None:
        return
    if declared.check(question.probe.parameters):
        return  # told of its own
    for name, what, mend in declared.part_problems(question.probe.parameters, parts):
        place = ("probe", "with", name) if name in question.probe.parameters else ("probe",)
        yield document.problem(place, what, mend)


def _blank_problems(
    question: Blanks, document: Document, declared: Declared, parameters: Mapping[str, object]
) -> Iterator[Problem]:
    """Problems with what blanks measure, where there is no key to make a rule with."""
    numbers, categories = declared.ranges(parameters), declared.categories(parameters)
    for choice, (part, blank) in zip(choices(question), question.blanks.items(), strict=True):
        fitting = numbers if isinstance(blank, NumberBlank) else categories
        if blank.measure is None:
            yield document.problem(
                ("blanks", part), f"blank {part} measures nothing", "add 'measure'"
            )
        elif choice.rule is None and blank.measure not in fitting:
            kind = "number" if isinstance(blank, NumberBlank) else "category"
            yield document.problem(
                ("blanks", part, "measure"),
                f"blank {part} reads '{blank.measure}', which is no {kind} of the probe's",
                f"it measures {', '.join([*numbers, *categories])}",
            )
        elif declared.draws_anew(parameters) and not all(
            map(math.isfinite, numbers.get(blank.measure, ()))
        ):
            yield document.problem(
                ("blanks", part, "measure"),
                f"blank {part} reads '{blank.measure}', whose mean over draws has no bounds",
                "take one with a bounded range",
            )

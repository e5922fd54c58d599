"""``quizproof pack init|build|check|show``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from quizproof.probes.declaration import Probe
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.packs.settling import coverage
from quizproof.questions.problems import InputError
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.reports import exit_codes
from quizproof.reports.known_probes import probes_of_quiz
from quizproof.reports.telling import complain, tell, tell_all, text_of

QUIZ = "hw09"


def pack_command(verb: str, folder: Path, *, hub: bool = False, quiz: str | None = None) -> int:
    """Run one of the four; returns the exit code.

    ``build`` is for ``quiz``, hw09 where it is None; ``check`` tells what ``quiz`` needs, too.

    Raises QuizproofError.
    """
    if verb == "build":
        return _build(folder, bundled_quiz(quiz or QUIZ), hub=hub)
    if verb == "init":
        return _init(folder)
    if str(folder) == "embedded" and not folder.exists():
        folder = EMBEDDED  # the bundled one, by the name that reports call it
    return _show(folder) if verb == "show" else _check(folder, quiz)


def _build(folder: Path, quiz: Path, *, hub: bool) -> int:
    from quizproof.probes.packs.pack_build import build_pack

    built = build_pack(folder, quiz, hub=hub)
    tell(f"written: {built.manifest}")
    for line in built.remarks:
        tell(f"taken: {line}")
    for line in built.lacking:
        tell(f"lacking: {line}")
    return _complain(built.problems)


def _init(folder: Path) -> int:
    from quizproof.probes.packs.pack_init import init_pack

    made = init_pack(folder)
    for name, part in made.parts.items():
        tell(f"part {name}: {part['kind']}")
    for line in made.remarks:
        tell(f"taken: {line}")
    tell(f"written: {made.manifest}; next: quizproof pack check {folder}")
    return _complain([f"left out: {line}" for line in made.left_out])


def _check(folder: Path, quiz: str | None) -> int:
    from quizproof.probes.packs.pack_check import check_pack

    checked = check_pack(folder)
    if not checked.problems:
        tell(f"{folder}: nothing to complain of")
    for line in checked.remarks:
        tell(f"taken: {line}")
    if quiz is not None:
        _say_what_it_settles(folder, bundled_quiz(quiz))
    return _complain(checked.problems)


def _say_what_it_settles(folder: Path, quiz: Path) -> None:
    """Print which of the quiz's questions the pack answers, and what it takes for the others."""
    try:
        pack = Pack(folder)
    except InputError:
        return  # told as a problem
    asked, known = load_quiz(quiz), probes_of_quiz(quiz).known
    probes = {name: probe for name, probe in known.items() if isinstance(probe, Probe)}
    covered = coverage(pack, asked, probes)
    groups = {
        "settles": [one.question for one in covered if one.settles],
        "stand-in for": [one.question for one in covered if not one.needs and not one.settles],
    }
    for what, questions in groups.items():
        tell(f"{asked.id} {what} {' '.join(questions) or 'none'}")
    for needs, questions in _grouped((one.needs, one.question) for one in covered):
        verb = "needs" if len(questions) == 1 else "need"
        tell(f"{asked.id} {' '.join(questions)}: {verb} {', '.join(needs)}")
    for parts, questions in _grouped((one.unnamed, one.question) for one in covered):
        tell(
            f"{asked.id} {' '.join(questions)}: no pack settles, since quiz.yaml names no "
            f"{', no '.join(parts)}; add what `quizproof pack show` prints of the right ones"
        )


def _grouped(
    pairs: Iterable[tuple[tuple[str, ...], str]],
) -> Iterable[tuple[tuple[str, ...], list[str]]]:
    """The questions of each reason that there is."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for reason, question in pairs:
        if reason:
            groups.setdefault(reason, []).append(question)
    return groups.items()


def _show(folder: Path) -> int:
    from quizproof.probes.packs.pack_show import show_pack

    tell_all(text_of(show_pack(folder)))
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def _complain(problems: Sequence[str]) -> int:
    for line in problems:
        complain(line)
    return exit_codes.WRONG_INPUT if problems else exit_codes.NOTHING_TO_COMPLAIN_OF

"""A quiz on many packs in one run: what each says, and who differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from glob import glob, has_magic
from pathlib import Path

from quizproof.probes.engine.plan import Plan
from quizproof.probes.engine.workers.spread import Crew
from quizproof.probes.packs.pack import Pack
from quizproof.questions.languages import shown_languages
from quizproof.questions.problems import QuizproofError, one_line
from quizproof.reports import exit_codes
from quizproof.reports.measuring import ready, runs
from quizproof.reports.output_paths import PAGE
from quizproof.reports.outputs import Outputs
from quizproof.reports.packs_table import PackRow, packs_text, row_of
from quizproof.reports.telling import complain, tell_all
from quizproof.reports.written import Written


def are_many(packs: Sequence[str]) -> bool:
    """True where ``packs``, folders or patterns, are checked as many, however many match."""
    return len(packs) > 1 or any(map(_is_pattern, packs))


def found_packs(packs: Sequence[str]) -> list[Path]:
    """The folders that ``packs`` name, each once, in order. Raises QuizproofError for no match."""
    found: dict[Path, Path] = {}
    for name in packs:
        folders = [Path(name)]
        if _is_pattern(name):
            folders = [Path(match) for match in sorted(glob(name)) if Path(match).is_dir()]  # noqa: PTH207
            if not folders:
                raise QuizproofError(f"--pack {name} matches no folder; write it as 'models/*/'")
        for folder in folders:
            found.setdefault(folder.resolve(), folder)
    return list(found.values())


def verify_many(
    plan: Plan, folders: Sequence[Path], crew: Crew, outputs: Outputs, *, strict: bool
) -> int:
    """Check every pack in ``folders``; one that is wrong costs itself. Returns the worst code."""
    names = dict(zip(folders, _names(folders), strict=True))
    rows: dict[Path, PackRow] = {}
    stopped = 0

    def plans() -> Iterator[tuple[Plan, Pack]]:
        for folder in folders:
            try:
                yield ready(replace(plan, pack=folder))
            except (QuizproofError, OSError) as error:
                problem = one_line(str(error))
                complain(f"{names[folder]}: cannot be read: {problem}")
                rows[folder] = PackRow(names[folder], exit_codes.WRONG_INPUT, problem=problem)

    try:
        for of, run in runs(plans(), crew, packs=len(folders)):
            name = names[of.pack]
            code = exit_codes.exit_code(run, broken=plan.broken, strict=strict)
            stopped = stopped or run.stopped
            if run.results or run.whole:  # else stopped before it was begun
                unwritten = outputs.of(name).write(run, of).problems
                for line in unwritten:
                    complain(line)
                code = exit_codes.worst([code, exit_codes.WRONG_INPUT]) if unwritten else code
                rows[of.pack] = row_of(run, name, code)
    finally:  # what was measured is told, whatever stopped the rest
        in_order = [rows[folder] for folder in folders if folder in rows]
        written = _write_page(plan, in_order, len(folders), outputs)
        tell_all(packs_text(plan.quiz.id, in_order, len(folders), written.files))
    written.check()
    if stopped or len(rows) < len(folders):
        return exit_codes.STOPPED + stopped if stopped else exit_codes.INTERRUPTED
    return exit_codes.worst(row.code for row in in_order)


def _write_page(plan: Plan, rows: Sequence[PackRow], packs: int, outputs: Outputs) -> Written:
    """Write the page of all packs."""
    written = Written()
    if outputs.report is not None:
        from quizproof.reports.packs_page import render_packs  # nobody else waits for templates

        page = outputs.report / PAGE
        languages = shown_languages(plan.quiz.title, plan.quiz.questions)
        written.write(page, lambda: render_packs(plan.quiz.title, languages, rows, packs))
    written.files += [f"{out}/" for out in (outputs.json, outputs.junit, outputs.evidence) if out]
    return written


def _is_pattern(name: str) -> bool:
    return has_magic(name) and not Path(name).exists()


def _names(folders: Sequence[Path]) -> list[str]:
    """Names for the packs' reports: their folders' names, told apart where they are alike."""
    taken = {PAGE}
    names = []
    for folder in folders:
        base = name = folder.resolve().name or "pack"
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name.casefold())
        names.append(name)
    return names

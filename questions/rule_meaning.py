"""Rules that say nothing, and options that hold together: what is said of them is proved.

A rule is reported where no values within the ranges of what is measured make it true, or none make
it false, and an option where none make it true and another of its question false
(``exclusive.py``): linear inequalities, equal and unequal words. What is not linear, or would take
too long, is not reported. Values tried first spare most proofs: one that is a counterexample is
enough.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import permutations
from math import isfinite

from quizproof.questions.declared import Declared
from quizproof.questions.exclusive import Proofs
from quizproof.questions.problems import Problem
from quizproof.questions.rules import Interval, MeasurementError, Rule, RuleError, Value, parse_rule
from quizproof.questions.spec import Blanks, Question, SingleChoice, choices
from quizproof.questions.yaml_file import Document, Path_

_TRIED = 24  # values that are looked at before anything is proved


@dataclass(frozen=True)
class _Options:
    """The rules of a question's options, and where each is true of the values that were tried.

    Those of blanks are made of their keys.
    """

    blanks: bool
    rules: Mapping[str, Rule]
    opposites: Mapping[str, Rule]
    ranges: Mapping[str, Interval]
    true: Mapping[str, Sequence[bool]]


def rule_meaning(
    question: Question, document: Document, declared: Declared, parameters: Mapping[str, object]
) -> tuple[list[Problem], list[Problem], list[Problem]]:
    """Problems of rules that always hold and of those that never do, whatever is measured, and
    notes of options that imply another where one is to be chosen."""
    options = _options(question, declared, parameters)
    proofs = Proofs(options.ranges)
    implied = _implied(options, proofs, document) if isinstance(question, SingleChoice) else ()
    return (
        list(_always(options, proofs, document)),
        list(_never(options, proofs, document)),
        list(implied),
    )


def _always(options: _Options, proofs: Proofs, document: Document) -> Iterator[Problem]:
    for option in options.rules:
        if all(options.true[option]) and proofs.never(options.opposites[option]):
            what = "always holds", "mend it: the option could not be wrong"
            yield _problem(option, options, document, *what)


def _never(options: _Options, proofs: Proofs, document: Document) -> Iterator[Problem]:
    for option, rule in options.rules.items():
        if not any(options.true[option]) and proofs.never(rule):
            what = "can never hold", "mend it: the option could not be right"
            yield _problem(option, options, document, *what)


def _problem(option: str, options: _Options, document: Document, what: str, mend: str) -> Problem:
    within = _within(options.rules[option], options.ranges)
    if options.blanks:
        whole = f"the key of blank {option} {what}, whatever is measured{within}"
        return document.problem(("blanks", option), whole, "narrow its tolerance")
    whole = f"the rule of option {option} {what}, whatever is measured{within}"
    return document.problem(_place(option), whole, mend)


def _implied(options: _Options, proofs: Proofs, document: Document) -> Iterator[Problem]:
    for one, other in permutations(options.rules, 2):
        both = zip(options.true[one], options.true[other], strict=True)
        if any(is_one and not is_other for is_one, is_other in both):
            continue
        if proofs.exclude(options.rules[one], options.opposites[other]) and not proofs.never(
            options.rules[one]
        ):
            yield document.problem(
                _place(one),
                f"whenever option {one} holds, option {other} does, too, and one is to be chosen",
                "make their rules exclude each other",
            )


def _options(question: Question, declared: Declared, parameters: Mapping[str, object]) -> _Options:
    ranges, categories = declared.ranges(parameters), declared.categories(parameters)
    rules: dict[str, Rule] = {}
    for choice in choices(question):
        if choice.rule is not None and (not choice.part or isinstance(question, Blanks)):
            with suppress(RuleError):  # told as a problem of its own
                rule = parse_rule(choice.rule, question.constants)
                if rule.names <= ranges.keys() | categories.keys():
                    rules[choice.id] = rule
    opposites = {
        option: parse_rule(f"not ({rule.source})", question.constants)
        for option, rule in rules.items()
    }
    tried = list(_values(list(rules.values()), ranges, categories))
    true = {option: [_holds(rule, values) for values in tried] for option, rule in rules.items()}
    return _Options(isinstance(question, Blanks), rules, opposites, ranges, true)


def _values(
    rules: Sequence[Rule],
    ranges: Mapping[str, Interval],
    categories: Mapping[str, Sequence[str]],
) -> Iterator[dict[str, Value]]:
    """Values of what the rules read, the same each time."""
    chance = random.Random(0)  # noqa: S311 (no secret)
    spoken = sorted({word for rule in rules for atom in rule.atoms for word in atom.words})
    names = sorted({name for rule in rules for name in rule.names})
    for _ in range(_TRIED):
        yield {
            name: _number(chance, ranges[name])
            if name in ranges
            else chance.choice([*(categories[name] or [*spoken, "another"])])
            for name in names
        }


def _number(chance: random.Random, ends: Interval) -> float:
    low, high = ends
    if isfinite(low) and isfinite(high):
        return chance.uniform(low, high)
    away = 10 ** chance.uniform(-3, 3)
    if isfinite(low) or isfinite(high):
        return low + away if isfinite(low) else high - away
    return chance.choice((-away, away))


def _holds(rule: Rule, values: Mapping[str, Value]) -> bool:
    try:
        return rule.holds(values)
    except MeasurementError:
        return False


def _within(rule: Rule, ranges: Mapping[str, Interval]) -> str:
    names = sorted(rule.names & ranges.keys())
    known = [f"{name} from {ranges[name][0]:g} to {ranges[name][1]:g}" for name in names]
    return f" ({', '.join(known)})" if known else ""


def _place(option: str) -> Path_:
    return ("options", option, "rule")

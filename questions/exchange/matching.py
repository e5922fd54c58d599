"""Questions that match items to choices: as Canvas has them in QTI 1.2, and as Moodle does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from quizproof.questions.exchange.exchanged import ABOUT, NotHeldError
from quizproof.questions.exchange.html_text import Note
from quizproof.questions.exchange.languages import one_line_of, read_line, read_prompt
from quizproof.questions.exchange.naming import option_letters
from quizproof.questions.exchange.qti_blanks import MAX_BLANKS, MAX_LABELS
from quizproof.questions.exchange.qti_conditions import differ, right_of_list, worth_of_blanks
from quizproof.questions.exchange.qti_texts import line_of, prompt_html
from quizproof.questions.spec import Matched, Matching, Question

_OWN = re.compile(r"response_([0-9]{1,3})")


def read_matching(item: Element, points: float, note: Note) -> Question:
    """A matching question of Canvas: a list of the same choices for each item."""
    responses = list(item.iter("response_lid"))
    labels = [list(response.iter("response_label")) for response in responses]
    if not responses or not labels[0]:
        raise NotHeldError("it has nothing to match")
    if len(responses) > MAX_BLANKS or sum(map(len, labels)) > MAX_LABELS:
        raise NotHeldError(f"more than a question has: {len(responses)} items")
    if differ(worth_of_blanks(item).values()):
        note("its items are worth different points there; here each is worth the same")
    idents = [[label.get("ident", "") for label in those] for those in labels]
    texts = [[line_of(label, note) for label in those] for those in labels]
    if all(those == idents[0] for those in idents):
        letters = [option_letters(idents[0])] * len(idents)
        words = dict(zip(letters[0].values(), texts[0], strict=True))
    else:  # each list has idents of its own: the same words are the same choice
        every = option_letters(list(dict.fromkeys(text for those in texts for text in those)))
        letters = [
            {ident: every[text] for ident, text in zip(*both, strict=True)}
            for both in zip(idents, texts, strict=True)
        ]
        words = {letter: text for text, letter in every.items()}
    lefts = [
        " ".join(filter(None, (line_of(m, note) for m in response.findall("material"))))
        for response in responses
    ]
    keys = [
        right_of_list(item, response.get("ident", ""), those, f"item {place}", note)
        for place, (response, those) in enumerate(zip(responses, letters, strict=True), 1)
    ]
    own = [_OWN.fullmatch(response.get("ident", "")) for response in responses]
    names = [match[1] for match in own if match]
    if len(set(names)) < len(responses):
        names = [str(place) for place in range(1, len(responses) + 1)]
    return _made(points, read_prompt(prompt_html(item), (), note), words, (names, lefts, keys))


def read_moodle_matching(element: Element, prompt: str, points: float, note: Note) -> Question:
    """A matching question of Moodle: a pair for each item, and answers that belong to none."""
    pairs = [
        (
            one_line_of(pair.findtext("text") or "", note),
            (pair.findtext("answer/text") or "").strip(),
        )
        for pair in element.findall("subquestion")
    ]
    answers = list(dict.fromkeys(answer for _, answer in pairs if answer))
    letters = option_letters([str(place) for place in range(len(answers))])
    by_text = dict(zip(answers, letters.values(), strict=True))
    kept = [(left, answer) for left, answer in pairs if left.strip()]
    if not kept or not answers:
        raise NotHeldError("it has nothing to match")
    names = [str(place) for place in range(1, len(kept) + 1)]
    words = {letter: text for text, letter in by_text.items()}
    keys = [by_text.get(answer) for _, answer in kept]
    lefts = [left for left, _ in kept]
    return _made(points, read_prompt(prompt, (), note), words, (names, lefts, keys))


def _made(
    points: float,
    prompt: Any,
    words: Mapping[str, str],
    items: tuple[Sequence[str], Sequence[str], Sequence[str | None]],
) -> Question:
    return Matching(
        kind="matching",
        points=points,
        about=ABOUT,
        prompt=prompt,
        choices={letter: read_line(text, prompt.languages) for letter, text in words.items()},
        items={
            name: Matched(text=read_line(left, prompt.languages), expected=key)
            for name, left, key in zip(*items, strict=True)
        },
    )

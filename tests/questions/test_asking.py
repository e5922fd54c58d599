"""Questions put to a person, one by one."""

from __future__ import annotations

from collections.abc import Iterator

from quizproof.questions.asking import ask
from quizproof.questions.quiz import bundled_quiz, load_questions


def asked(
    *lines: str, language: str = "en", only: tuple[str, ...] = ()
) -> tuple[dict[str, object], str]:
    """The responses to hw09 where a person types ``lines`` and ends; and what was shown."""
    _, questions = load_questions(bundled_quiz("hw09"), key=False)
    typed: Iterator[str] = iter(lines)
    shown: list[str] = []

    def read(prompt: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    chosen = [q for q in questions if not only or q.id in only]
    found = ask(chosen, language, read, shown.append)
    return {name: r.filled or set(r.chosen) for name, r in found.items()}, "\n".join(shown)


def test_answers_are_taken_until_the_end() -> None:
    found, shown = asked("a", "", "B")
    assert found == {"q01": {"a"}, "q03": {"b"}}
    assert "1/30  q01" in shown
    assert "  a)  Green gathers on the food" in shown
    assert "q05" not in shown


def test_what_is_no_answer_is_asked_for_again() -> None:
    found, shown = asked("z", "a b", "b", only=("q01",))
    assert found == {"q01": {"b"}}
    assert "no option is called 'z'" in shown
    assert "2 options are chosen" in shown


def test_every_kind_is_asked_for_in_its_own_way() -> None:
    found, shown = asked("a d", "[1] him [2] 0.7", "1a 2c", only=("q04", "q22", "q29"))
    assert found == {"q04": {"a", "d"}, "q22": {"1": "him", "2": "0.7"}, "q29": {"1a", "2c"}}
    assert "(choose 2, as a,b)" in shown
    assert "(fill in [1] … [2] …)" in shown
    assert "(choose one of each list, as 1a 2a)" in shown


def test_in_chinese() -> None:
    _, shown = asked(language="zh-Hant")
    assert "綠色集中在食物上" in shown
    assert "Green" not in shown

"""The catalogue has every probe that stands in the tree, found and not listed."""

import re
from pathlib import Path

import pytest

from quizproof.probes import catalogue as module
from quizproof.probes import language, picture, table
from quizproof.probes.catalogue import catalogue
from quizproof.probes.declaration import DECLARED
from quizproof.probes.sentence import places_in
from quizproof.questions.spec import Text

FILES = [
    file for room in (picture, language, table) for file in Path(room.__path__[0]).glob("*.py")
]


def test_every_probe_that_is_written_is_found() -> None:
    """By the text of the files, so that nothing imported for another reason can help."""
    texts = [file.read_text(encoding="utf-8") for file in FILES]
    written = [name for text in texts for name in re.findall(r'^@probe\(\s*"(.+?)"', text, re.M)]
    ours = [p for p in catalogue().values() if p.run.__module__.startswith("quizproof.probes.")]
    assert sorted(written) == sorted(probe.name for probe in ours)
    assert len(written) > 20


OURS = [n for n, p in catalogue().items() if p.run.__module__.startswith("quizproof.probes.")]


@pytest.mark.parametrize("name", OURS)
def test_a_probe_of_ours_says_what_it_measures_in_both_languages(name: str) -> None:
    probe = catalogue()[name]
    assert 20 < len(probe.summary) < 200
    assert "\n" not in probe.summary
    for measure in probe.measured:
        assert isinstance(measure.help, Text)
        assert re.search(r"[a-z]{2}", measure.help.en)
        assert re.search(r"[\u4e00-\u9fff]", measure.help.zh_hant)
        if measure.categories is None:
            assert isinstance(measure.unit, Text)


# with what a help begins that says only with the unit, or with another help, what is measured
_DANGLING = re.compile(
    r"(of|that|by|in|at|on|to|for|from|and|or|after|before|with|without|across|between|outside|inside"
    r"|if|is|as|which|how|what|whether|these|this|those|such|the same|painted|over|under|put)\b",
    re.I,
)
_ELSEWHERE = re.compile(r"\b(of these|that other|the same as|as above)\b")
_DANGLING_ZH = re.compile("同上|同一個量|同一數值")
_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff」）]\s?[,;:()?!`]+\s?[\u4e00-\u9fff「（]")


@pytest.mark.parametrize("name", OURS)
def test_a_measure_of_ours_is_understood_by_its_help_alone(name: str) -> None:
    for measure in catalogue()[name].measured:
        assert isinstance(measure.help, Text)
        english, chinese = measure.help.en, measure.help.zh_hant
        assert not _DANGLING.match(english), f"{measure.name}: {english}"
        assert not _ELSEWHERE.search(english), f"{measure.name}: {english}"
        assert not _DANGLING_ZH.search(chinese), f"{measure.name}: {chinese}"
        assert not english.endswith(".")


@pytest.mark.parametrize("name", OURS)
def test_the_chinese_of_a_probe_of_ours_has_no_half_width_marks(name: str) -> None:
    probe = catalogue()[name]
    said = [probe.finding, *(t for m in probe.measured for t in (m.unit, m.help))]
    for text in said:
        if isinstance(text, Text):
            assert not _HALF_WIDTH.search(text.zh_hant), text.zh_hant
            assert "`" not in text.zh_hant


@pytest.mark.parametrize("name", OURS)
def test_a_probe_of_ours_tells_what_it_found_and_has_a_question_to_paste(name: str) -> None:
    probe = catalogue()[name]
    assert isinstance(probe.finding, Text)
    for words, ends in ((probe.finding.en, "."), (probe.finding.zh_hant, "。")):
        assert words.endswith(ends)
    assert re.search(r"[\u4e00-\u9fff]", probe.finding.zh_hant)
    assert set(places_in(probe.finding.en)) == set(places_in(probe.finding.zh_hant))
    assert f"name: {name}" in probe.example


def forget() -> None:
    module._catalogue.cache_clear()
    module._import.cache_clear()


def test_a_file_laid_into_a_room_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "laid_here.py").write_text(
        "from quizproof.probes.probe import probe\n"
        "@probe('laid.here', measures=())\n"
        "def laid_here(bench): ...\n"
    )
    monkeypatch.setattr(picture, "__path__", [*picture.__path__, str(tmp_path)])
    forget()
    try:
        assert "laid.here" in catalogue()
    finally:
        DECLARED.pop("laid.here", None)
        forget()

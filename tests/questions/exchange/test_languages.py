"""Which languages a text of another system is in."""

from __future__ import annotations

import pytest

from quizproof.questions.exchange.exchanged import NotHeldError
from quizproof.questions.exchange.html_text import MAX_LANGUAGES, Words, words_of
from quizproof.questions.exchange.languages import in_one_line, read_line
from quizproof.questions.spec import Text


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One</p>", "One"),
        ('<p lang="FR">Un</p>', {"fr": "Un"}),
        ('<p lang="en">One</p><p lang="fr-ca">Un</p>', {"en": "One", "fr-CA": "Un"}),
        (
            '<span lang="en" class="multilang">One</span><span lang="zh_tw" class="multilang">一'
            '</span><span lang="pt_br" class="multilang">Um</span>',
            {"en": "One", "zh-Hant": "一", "pt-BR": "Um"},
        ),
        # what is marked as none belongs to all
        ('<p>1.</p><p lang="en">One</p><p lang="fr">Un</p>', {"en": "1.\nOne", "fr": "1.\nUn"}),
        # a foreign word is no translation
        ('<p>Is <i lang="fr">chat</i> a <i lang="de">Katze</i>?</p>', "Is chat a Katze?"),
        ('<p lang="en">What is a <i lang="fr">chat</i>?</p>', {"en": "What is a chat?"}),
        ('<p>Translate:</p><p lang="fr">le chat</p>', "Translate:\nle chat"),
        ('<p lang="">One</p>', "One"),
        ('<p lang="no language">One</p>', "One"),
    ],
)
def test_the_languages_of_a_piece_of_html(html: str, words: Words) -> None:
    assert words_of(html, lambda _: None) == words


def test_a_text_in_more_languages_than_there_can_be_is_not_read() -> None:
    tags = [f"{a}{b}" for a in "abcdefgh" for b in "abcdefgh"][: MAX_LANGUAGES + 1]
    html = "".join(f'<p lang="{tag}">x</p>' for tag in tags)
    with pytest.raises(NotHeldError, match="languages"):
        words_of(html, lambda _: None)


@pytest.mark.parametrize(
    ("text", "languages", "line"),
    [
        (Text("One"), (), "One"),
        (Text("One"), ("en", "fr"), "One"),
        (Text(fr="Un"), ("fr",), "Un"),
        (Text(en="One", fr="Un"), ("fr", "en"), "Un ／ One"),
        (Text(en="One", fr="Un"), ("en", "fr", "de"), "One ／ Un ／ One"),
    ],
)
def test_a_line_says_in_each_language_what_it_said(
    text: Text, languages: tuple[str, ...], line: str
) -> None:
    assert in_one_line(text, languages) == line
    back = read_line(line, languages)
    assert [back.in_(tag) for tag in languages] == [text.in_(tag) for tag in languages]

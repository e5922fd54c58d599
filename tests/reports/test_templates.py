"""No template trusts a word: all is escaped on its way into a page, in quotes where in a tag."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from jinja2 import nodes
from markupsafe import escape

from quizproof.questions.spec import Text
from quizproof.reports.html import TEMPLATES, page_environment
from tests.reports.runs import HOSTILE

ENVIRONMENT = page_environment(("en", "zh-Hant"))
NAMES = sorted(path.name for path in TEMPLATES.glob("*.j2"))
# what takes the escaping off: as a filter, as a function, for a block
OFF = (nodes.MarkSafe, nodes.MarkSafeIfAutoescape, nodes.EvalContextModifier)
TRUSTING = {"safe", "Markup", "__html__", "unescape", "striptags", "attr", "xmlattr"}


def named(node: nodes.Node) -> str:
    return str(getattr(node, "attr" if isinstance(node, nodes.Getattr) else "name", ""))


def test_all_templates_are_looked_at() -> None:
    assert len(NAMES) > 8
    assert ENVIRONMENT.autoescape is True


@pytest.mark.parametrize("name", NAMES)
def test_no_template_takes_the_escaping_off(name: str) -> None:
    assert not trusting((TEMPLATES / name).read_text(encoding="utf-8"))


def trusting(template: str) -> set[str]:
    parsed = ENVIRONMENT.parse(template)
    off = {type(node).__name__ for node in parsed.find_all(OFF)}
    found = {named(node) for node in parsed.find_all((nodes.Filter, nodes.Name, nodes.Getattr))}
    return off | found & TRUSTING


@pytest.mark.parametrize(
    "template",
    [
        "{{ reason|safe }}",
        "{% filter safe %}{{ reason }}{% endfilter %}",
        "{% autoescape false %}{{ reason }}{% endautoescape %}",
        "{{ Markup(reason) }}",
        "{{ title.unescape() }}",
        "{% for o in options %}{{ o|join|safe }}{% endfor %}",
    ],
)
def test_what_takes_it_off_is_found(template: str) -> None:
    assert trusting(template)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_put_into_a_tag_stands_in_quotes(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    assert not re.findall(r"<[^<>]*[\w-]=\{[{%][^<>]*", source)
    assert re.findall(r"<[^<>]*[\w-]=\{[{%][^<>]*", "<p class={{ tone }}>")


def spans(said: Text) -> Any:
    shown: Callable[[Text], Any] = ENVIRONMENT.globals["spans"]  # type: ignore[assignment]
    return shown(said)


@pytest.mark.parametrize("name", ["coded", "mark", "word", "yaml_value", "slug"])
def test_what_our_own_filters_make_of_words_is_escaped(name: str) -> None:
    for said in (HOSTILE, f"`{HOSTILE}`", f"a`{HOSTILE}"):
        written = str(escape(ENVIRONMENT.filters[name](said)))
        assert "<script" not in written
        assert "<img" not in written
        assert "&lt;script" in written


def test_texts_in_several_languages_are_escaped() -> None:
    written = str(spans(Text(en=HOSTILE, zh_hant=f"中{HOSTILE}")))
    assert written.count("&lt;script") == 2
    assert "<script" not in written

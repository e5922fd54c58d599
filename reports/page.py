"""The frame of every page: one HTML file that needs nothing else, and no network.

What quizzes, packs and errors say is never trusted: every word is escaped, and the page's policy
lets nothing run or load even so, but for the one script that is part of every page. Without it
everything can be read.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final, cast

from jinja2 import Environment
from markupsafe import Markup

from quizproof.questions.problems import visible
from quizproof.questions.spec import Text
from quizproof.questions.text import nearest

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def render_page(
    environment: Environment,
    template: str,
    title: Text,
    *,
    style: str = "style.css.j2",
    first: str = "en",
    short: str = "",
    **shown: object,
) -> str:
    """Render ``template``, which extends ``page.html.j2``, with what is ``shown`` in it.

    ``first`` is the language that is shown until another is chosen, ``short`` what the title
    begins with. The page's policy allows no other style than that of the template ``style``.
    """
    languages = cast("tuple[str, ...]", environment.globals["languages"])
    css = Markup(environment.get_template(style).render())  # noqa: S704 (our own)
    script = Markup(environment.get_template("page.js").render())  # noqa: S704 (our own)
    page = environment.get_template(template).render(
        title=title,
        titles=dict.fromkeys(visible(title.in_(language)) for language in languages),
        short=short,
        first=nearest(first, languages),
        css=css,
        css_hash=_hash(css),
        script=script,
        script_hash=_hash(script),
        **shown,
    )
    page = _CONTROLS.sub(" ", page)
    # a lone surrogate (from a file name that is no UTF-8) is shown as its escape
    return page.encode("utf-8", "backslashreplace").decode("utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")

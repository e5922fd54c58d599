"""Quizzes out of a zip of Canvas: a QTI 1.2 package, or the export of a whole course.

Of each quiz a course's export holds two copies: one with the kinds of Common Cartridge alone and
without points, and the whole one, as ``non_cc_assessments/ID.xml.qti``. Item banks lie beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from quizproof.questions.exchange.canvas import MANIFEST, QTI
from quizproof.questions.exchange.exchanged import (
    Exchanged,
    ExchangeError,
    Outcome,
    Row,
    some_read,
    unread,
)
from quizproof.questions.exchange.picture_files import BASE, Opening
from quizproof.questions.exchange.qti_read import Banks, read_assessments
from quizproof.questions.exchange.safe_xml import parse_xml
from quizproof.questions.exchange.safe_zip import SafeZip

_WHOLE = ".xml.qti"
_SETTINGS = "assessment_meta.xml"


def read_canvas_package(path: Path) -> list[Exchanged]:
    """The quizzes in the zip at ``path``, unread ones among them.

    Raises ExchangeError where it is none of these zips, or none of its quizzes can be read.
    """
    with SafeZip(path) as zip_:
        if MANIFEST not in zip_.names:
            raise ExchangeError(
                f"{path}: no {MANIFEST} in it; export the quiz from Canvas as a QTI package"
            )
        manifest = parse_xml(zip_.read(MANIFEST), f"{path}/{MANIFEST}")
        hrefs = dict(_documents(manifest, frozenset(zip_.names)))
        if not hrefs:
            raise ExchangeError(
                f"{path}/{MANIFEST}: names no {QTI} file; New Quizzes and other versions of QTI "
                "are not read, export it as a QTI 1.2 package"
            )
        roots: dict[str, Element | ExchangeError] = {}
        for href in hrefs:
            try:
                roots[href] = parse_xml(zip_.read(_inside(href, path)), f"{path}/{href}")
            except ExchangeError as error:
                roots[href] = error
        opening = _opening(zip_, manifest)
        banks = Banks.of(root for root in roots.values() if isinstance(root, Element))
        quizzes: list[Exchanged] = []
        errors: list[ExchangeError] = []
        for href, root in roots.items():
            try:
                if isinstance(root, ExchangeError):
                    raise root
                found = read_assessments(root, f"{path}/{href}", banks, opening)
            except ExchangeError as error:
                errors.append(error)
                why = str(error).removeprefix(f"{path}/{href}: ").removeprefix(f"{path}/")
                quizzes.append(unread(href, why))
                continue
            quizzes += [_told(quiz, hrefs[href]) for quiz in found]
    if len(errors) == len(quizzes):
        raise errors[0]
    return some_read(quizzes, str(path))


def _documents(manifest: Element, there: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The files with quizzes and banks, each with what is to be told of it."""
    resources = {found.get("identifier", ""): found for found in manifest.iter("resource")}
    taken = set()
    for resource in resources.values():
        if not resource.get("type", "").startswith(QTI):
            continue
        own = _hrefs(resource)
        beside = [
            href
            for dependency in resource.iter("dependency")
            if (other := resources.get(dependency.get("identifierref", ""))) is not None
            for href in _hrefs(other)
        ]
        whole = [href for href in (*own, *beside) if href.endswith(_WHOLE)]
        taken |= set(whole)
        if whole and whole[0] in there:
            yield whole[0], ""
            continue
        lacking = f"its whole copy, {whole[0]}, is not in the zip; export it again" if whole else ""
        yield from ((href, lacking) for href in own if href not in whole)
    for resource in resources.values():
        if not resource.get("type", "").startswith(QTI):
            banks = [href for href in _hrefs(resource) if href.endswith(_WHOLE)]
            yield from ((href, "") for href in banks if href not in taken)


def _opening(zip_: SafeZip, manifest: Element) -> Opening:
    """What opens the files that texts show: those of the zip that the manifest names."""
    named = {unquote(file.get("href", "")) for file in manifest.iter("file")}

    def opened(source: str) -> bytes | None:
        if not source.startswith(BASE):
            return None
        path = source.removeprefix(BASE)
        for name in (path, f"web_resources/{path}"):
            if name in named and name in zip_.names:
                try:
                    return zip_.read(name)
                except ExchangeError:  # told as one that is left out
                    return None
        return None

    return opened


def _hrefs(resource: Element) -> list[str]:
    files = [file.get("href", "") for file in resource.iter("file")]
    hrefs = [unquote(href) for href in files or [resource.get("href", "")] if href]
    documents = [href for href in hrefs if href.lower().endswith((".xml", _WHOLE))]
    return [href for href in documents or hrefs if PurePosixPath(href).name != _SETTINGS]


def _inside(href: str, path: Path) -> str:
    """``href``, which must name a file of the zip; nothing else is ever opened."""
    parts = PurePosixPath(href).parts
    if href.startswith("/") or ".." in parts or "\\" in href or ":" in href:
        raise ExchangeError(f"{path}/{MANIFEST}: names a file outside the zip; not read")
    return href


def _told(quiz: Exchanged, lacking: str) -> Exchanged:
    if not lacking:
        return quiz
    return replace(quiz, rows=(Row(quiz.title.en, Outcome.LEFT_OUT, (lacking,)), *quiz.rows))

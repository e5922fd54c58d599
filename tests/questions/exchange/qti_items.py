"""Items of QTI 1.2 as other systems write them, put together piece by piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

QTI = "imsqti_xmlv1p2"
COURSE_QTI = "imsqti_xmlv1p2/imscc_xmlv1p1/assessment"
BESIDE = "associatedcontent/imscc_xmlv1p1/learning-application-resource"


def fields(**entries: str) -> str:
    written = "".join(
        f"<qtimetadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{entry}</fieldentry>"
        "</qtimetadatafield>"
        for label, entry in entries.items()
    )
    return f"<qtimetadata>{written}</qtimetadata>"


def label(ident: str, text: str, **attributes: str) -> str:
    more = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return (
        f"<response_label ident={quoteattr(ident)}{more}><material>"
        f'<mattext texttype="text/plain">{escape(text)}</mattext></material></response_label>'
    )


def response(ident: str, labels: Sequence[str], *, name: str = "") -> str:
    material = f"<material><mattext>{escape(name)}</mattext></material>" if name else ""
    return (
        f"<response_lid ident={quoteattr(ident)}>{material}<render_choice>{''.join(labels)}"
        "</render_choice></response_lid>"
    )


def condition(inner: str, worth: str = "100", action: str = "Set") -> str:
    return (
        f"<respcondition><conditionvar>{inner}</conditionvar>"
        f'<setvar action="{action}" varname="SCORE">{worth}</setvar></respcondition>'
    )


def equal(value: str, at: str = "response1") -> str:
    return f"<varequal respident={quoteattr(at)}>{escape(value)}</varequal>"


def within(exact: str, low: str, high: str) -> str:
    return (
        f"<or>{equal(exact)}<and><vargte respident='response1'>{low}</vargte>"
        f"<varlte respident='response1'>{high}</varlte></and></or>"
    )


def item(kind: str, prompt: str, responses: str = "", conditions: str = "", **entries: str) -> str:
    found = {"question_type": kind, "points_possible": "1.0", **entries}
    return (
        "<item ident='i1' title='Question'><itemmetadata>"
        f"{fields(**{name: entry for name, entry in found.items() if entry})}</itemmetadata>"
        f"<presentation><material><mattext texttype='text/html'>{escape(prompt)}</mattext>"
        f"</material>{responses}</presentation><resprocessing>{conditions}</resprocessing></item>"
    )


def choice(
    options: Mapping[str, str], worth: Mapping[str, str], prompt: str = "Which?", **entries: str
) -> str:
    """One of ``options``, their texts by ident, of which some are worth points."""
    labels = [label(ident, text) for ident, text in options.items()]
    conditions = "".join(condition(equal(ident), points) for ident, points in worth.items())
    responses = response("response1", labels)
    return item("multiple_choice_question", prompt, responses, conditions, **entries)


def mammal(prompt: str = "Which is a mammal?", **entries: str) -> str:
    return choice({"1001": "Whale", "1002": "Trout"}, {"1001": "100"}, prompt, **entries)


def essay() -> str:
    return item("essay_question", "Write a page.")


def blanks(prompt: str, parts: Mapping[str, Sequence[str]], right: Sequence[str] = ()) -> str:
    """Blanks by their response and name, with their labels."""
    responses = "".join(
        response(f"response_{name}", labels, name=name) for name, labels in parts.items()
    )
    conditions = "".join(
        condition(equal(ident, f"response_{name}"), f"{100 / len(parts):.2f}", "Add")
        for name, ident in zip(parts, right, strict=bool(right))
    )
    return item("fill_in_multiple_blanks_question", prompt, responses, conditions)


def section(*items: str, pick: str = "", points: str = "", bank: str = "") -> str:
    worth = f"<points_per_item>{points}</points_per_item>" if points else ""
    source = f"<sourcebank_ref>{bank}</sourcebank_ref>" if bank else ""
    ordering = (
        f"<selection_ordering><selection>{source}<selection_number>{pick}</selection_number>"
        f"<selection_extension>{worth}</selection_extension></selection></selection_ordering>"
        if pick
        else ""
    )
    return f"<section ident='s' title='Group'>{ordering}{''.join(items)}</section>"


def assessment(*inner: str, ident: str = "quiz1", title: str = "A quiz") -> str:
    sections = "".join(inner)
    return document(
        f"<assessment ident='{ident}' title='{title}'><section ident='root_section'>{sections}"
        "</section></assessment>"
    )


def bank(*items: str, ident: str, title: str = "A bank") -> str:
    return document(
        f"<objectbank ident='{ident}'>{fields(bank_title=title)}{''.join(items)}</objectbank>"
    )


def document(inner: str) -> str:
    return f"<questestinterop xmlns='http://www.imsglobal.org/xsd/x'>{inner}</questestinterop>"


def written(path: Path, *items: str) -> Path:
    """The file of a quiz of these items."""
    path.write_text(assessment(*items), encoding="utf-8")
    return path


def resource(ident: str, kind: str, *hrefs: str, needs: str = "") -> str:
    files = "".join(f"<file href='{href}'/>" for href in hrefs)
    dependency = f"<dependency identifierref='{needs}'/>" if needs else ""
    return f"<resource identifier='{ident}' type='{kind}'>{files}{dependency}</resource>"


def packed(path: Path, resources: str, files: Mapping[str, str]) -> Path:
    """A zip with a manifest of ``resources``."""
    manifest = f"<manifest><resources>{resources}</resources></manifest>"
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, content in {"imsmanifest.xml": manifest, **files}.items():
            package.writestr(name, content)
    return path

"""A QTI 1.2 package as Canvas imports it: a zip with a manifest and a file per quiz."""

from __future__ import annotations

import io
from collections.abc import Collection
from decimal import Decimal
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from quizproof.questions.exchange.decimals import decimal_of, written_number
from quizproof.questions.exchange.exchanged import Exchanged
from quizproof.questions.exchange.html_text import html_of
from quizproof.questions.exchange.languages import (
    by_lang,
    in_one_line,
    prompt_html,
    written_languages,
)
from quizproof.questions.exchange.picture_files import BASE, FOLDER, with_images
from quizproof.questions.exchange.qti_write import add_item
from quizproof.questions.exchange.safe_xml import writable
from quizproof.questions.pictures import pictures_in

MANIFEST = "imsmanifest.xml"
QTI = "imsqti_xmlv1p2"
_META = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
_SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
MAX_PROMPT = 16_384  # of HTML
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same quiz is the same file, whenever it is written


def canvas_package(quiz: Exchanged) -> tuple[bytes, list[str]]:
    """The zip that Canvas imports, and a line for each text that is too long for it there."""
    files = {
        MANIFEST: _manifest(quiz),
        f"{quiz.id}/{quiz.id}.xml": _assessment(quiz),
        f"{quiz.id}/assessment_meta.xml": _meta(quiz),
        "non_cc_assessments/": b"",
        **{FOLDER + name: content for name, content in quiz.pictures.items()},
    }
    package = io.BytesIO()
    with ZipFile(package, "w", ZIP_DEFLATED) as zip_:
        for name, content in files.items():
            zip_.writestr(ZipInfo(name, _EPOCH), content, ZIP_DEFLATED)
    return package.getvalue(), [
        f"{question.id}: its prompt is longer than {MAX_PROMPT} characters, which Canvas leaves out"
        for question in quiz.questions
        if len(prompt_html(question, by_lang)) > MAX_PROMPT
    ]


def _assessment(quiz: Exchanged) -> bytes:
    root = Element(
        "questestinterop",
        {
            "xmlns": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2",
            "xmlns:xsi": _SCHEMA,
            "xsi:schemaLocation": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2 "
            "http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1.xsd",
        },
    )
    assessment = SubElement(root, "assessment", ident=quiz.id, title=_title(quiz))
    field = SubElement(SubElement(assessment, "qtimetadata"), "qtimetadatafield")
    SubElement(field, "fieldlabel").text = "cc_maxattempts"
    SubElement(field, "fieldentry").text = "1"
    section = SubElement(assessment, "section", ident="root_section")
    for question in quiz.questions:
        add_item(section, question, quiz.id)
    _show_pictures(root, quiz.pictures.keys())
    return _document(root)


def _show_pictures(root: Element, names: Collection[str]) -> None:
    """Make images of the pictures in texts, and HTML of an option that has one."""
    place = BASE.replace("$", "%24") + FOLDER
    options = root.iterfind(".//response_lid[@ident='response1']//mattext")
    for text in options if names else ():
        if any(name in names for _, name in pictures_in(text.text or "")):
            text.text = html_of(text.text or "")
            text.set("texttype", "text/html")
    for text in root.iter("mattext"):
        if text.get("texttype") == "text/html":
            text.text = with_images(text.text or "", names, place)


def _meta(quiz: Exchanged) -> bytes:
    root = Element(
        "quiz",
        {
            "identifier": quiz.id,
            "xmlns": "http://canvas.instructure.com/xsd/cccv1p0",
            "xmlns:xsi": _SCHEMA,
            "xsi:schemaLocation": "http://canvas.instructure.com/xsd/cccv1p0 "
            "https://canvas.instructure.com/xsd/cccv1p0.xsd",
        },
    )
    points = sum((decimal_of(question.points) for question in quiz.questions), Decimal(0))
    for name, value in (
        ("title", _title(quiz)),
        ("description", ""),
        ("shuffle_answers", "false"),  # options are told of by their letters
        ("scoring_policy", "keep_highest"),
        ("quiz_type", "assignment"),
        ("points_possible", written_number(points)),
        ("allowed_attempts", "1"),
        ("available", "false"),
    ):
        SubElement(root, name).text = value
    return _document(root)


def _manifest(quiz: Exchanged) -> bytes:
    root = Element(
        "manifest",
        {
            "identifier": f"{quiz.id}_manifest",
            "xmlns": "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1",
            "xmlns:xsi": _SCHEMA,
            "xsi:schemaLocation": "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1 "
            "http://www.imsglobal.org/xsd/imscp_v1p1.xsd",
        },
    )
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "IMS Content"
    SubElement(metadata, "schemaversion").text = "1.1.3"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    resource = SubElement(resources, "resource", identifier=quiz.id, type=QTI)
    SubElement(resource, "file", href=f"{quiz.id}/{quiz.id}.xml")
    SubElement(resource, "dependency", identifierref=f"{quiz.id}_meta")
    href = f"{quiz.id}/assessment_meta.xml"
    meta = SubElement(resources, "resource", identifier=f"{quiz.id}_meta", type=_META, href=href)
    SubElement(meta, "file", href=href)
    for number, name in enumerate(quiz.pictures, 1):
        href = FOLDER + quote(name)
        shown = SubElement(
            resources,
            "resource",
            identifier=f"{quiz.id}_image{number}",
            type="webcontent",
            href=href,
        )
        SubElement(shown, "file", href=href)
    return _document(root)


def _title(quiz: Exchanged) -> str:
    return writable(in_one_line(quiz.title, written_languages(quiz.questions)))


def _document(root: Element) -> bytes:
    document: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return document

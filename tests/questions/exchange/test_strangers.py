"""Files from strangers: each is refused in one line, or what can be read of it is."""

from __future__ import annotations

import io
import struct
import time
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from quizproof.questions.exchange.canvas import canvas_package
from quizproof.questions.exchange.exchanged import Exchanged, ExchangeError
from quizproof.questions.exchange.forms import read_quizzes
from quizproof.questions.exchange.html_text import MAX_CHARACTERS, MAX_TAGS
from quizproof.questions.spec import Option, SingleChoice, Text
from tests.questions.exchange.quizzes import quiz_of

MANIFEST = "imsmanifest.xml"
ASSESSMENT = "quiz1/quiz1.xml"


def question(prompt: str = "Which?") -> SingleChoice:
    return SingleChoice(
        kind="single",
        points=0.3,
        about="model",
        prompt=Text(en=prompt, zh_hant=prompt),
        options={
            name: Option(text=Text(en=f"Option {name}", zh_hant=f"Option {name}")) for name in "ab"
        },
        expected=["a"],
    )


def members() -> dict[str | ZipInfo, bytes]:
    content, _ = canvas_package(quiz_of(question()))
    with ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(path: Path, files: dict[str | ZipInfo, bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return path


def changed(path: Path, change: Callable[[str], str], member: str = ASSESSMENT) -> Path:
    files = members()
    files[member] = change(files[member].decode()).encode()
    return packed(path, files)


def refused(path: Path) -> str:
    with pytest.raises(ExchangeError) as raised:
        read_quizzes(path)
    message = str(raised.value)
    assert "\n" not in message
    assert message.startswith(str(path))
    return message.removeprefix(str(path))


def read(path: Path) -> Exchanged:
    (quiz,) = read_quizzes(path)
    return quiz


def read_or_refused(path: Path) -> None:
    """No other error than a line."""
    try:
        read_quizzes(path)
    except ExchangeError:
        refused(path)


@pytest.fixture
def zip_path(tmp_path: Path) -> Path:
    return tmp_path / "quiz.zip"


LAUGHS = (
    '<!DOCTYPE questestinterop [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE questestinterop [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE questestinterop [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x">%a;]>'


@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE, PARAMETER])
@pytest.mark.parametrize("member", [MANIFEST, ASSESSMENT])
def test_entities_are_refused(zip_path: Path, declared: str, member: str) -> None:
    changed(zip_path, lambda text: text.replace("?>", "?>" + declared, 1), member)
    assert "declares entities" in refused(zip_path)


def test_a_name_of_the_format_is_no_entity(zip_path: Path) -> None:
    doctype = '<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2p1.dtd">'
    changed(zip_path, lambda text: text.replace("?>", "?>" + doctype, 1))
    assert len(read(zip_path).questions) == 1


@pytest.mark.parametrize("href", ["../quiz1.xml", "/etc/passwd", "quiz1\\quiz1.xml", "C:/q.xml"])
def test_nothing_outside_the_zip_is_read(zip_path: Path, href: str) -> None:
    changed(zip_path, lambda text: text.replace(ASSESSMENT, href), MANIFEST)
    assert "outside the zip" in refused(zip_path)


def test_members_are_never_unpacked(zip_path: Path) -> None:
    packed(zip_path, {**members(), "../escaped.txt": b"x", "/tmp/escaped.txt": b"x"})
    before = sorted(zip_path.parent.parent.iterdir())
    assert len(read(zip_path).questions) == 1
    assert sorted(zip_path.parent.parent.iterdir()) == before


def test_a_file_that_the_manifest_names_is_missing(zip_path: Path) -> None:
    files = members()
    del files[ASSESSMENT]
    packed(zip_path, {**files})
    assert "is not in the zip" in refused(zip_path)


def test_no_manifest(zip_path: Path) -> None:
    packed(zip_path, {"hello.txt": b"x"})
    assert "no imsmanifest.xml" in refused(zip_path)


def test_a_manifest_of_another_format(zip_path: Path) -> None:
    changed(zip_path, lambda text: text.replace("imsqti_xmlv1p2", "imsqti_test_xmlv2p1"), MANIFEST)
    assert "names no imsqti_xmlv1p2" in refused(zip_path)


def test_a_member_twice(zip_path: Path) -> None:
    packed(zip_path, members())
    with ZipFile(zip_path, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr(ASSESSMENT, b"<other/>")
    assert "twice" in refused(zip_path)


def test_a_link(zip_path: Path) -> None:
    link = ZipInfo(ASSESSMENT)
    link.create_system, link.external_attr = 3, 0o120777 << 16
    files = {name: content for name, content in members().items() if name != ASSESSMENT}
    packed(zip_path, {**files, link: b"/etc/passwd"})
    assert "is a link" in refused(zip_path)


def test_an_encrypted_member(zip_path: Path) -> None:
    packed(zip_path, members())
    data = bytearray(zip_path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(signature, place + 1)
    zip_path.write_bytes(data)
    assert "encrypted" in refused(zip_path)


def test_a_bomb(zip_path: Path) -> None:
    packed(zip_path, {**members(), ASSESSMENT: b"<a>" + b" " * 30_000_000 + b"</a>"})
    assert zip_path.stat().st_size < 100_000
    assert "unpacks to more than" in refused(zip_path)


def test_a_bomb_that_lies_about_its_size(zip_path: Path) -> None:
    packed(zip_path, {**members(), ASSESSMENT: b"<a>" + b" " * 3_000_000 + b"</a>"})
    data = zip_path.read_bytes()
    size = struct.pack("<I", 3_000_007)
    assert data.count(size) == 2
    zip_path.write_bytes(data.replace(size, struct.pack("<I", 100)))
    refused(zip_path)


def test_too_many_members(zip_path: Path) -> None:
    packed(zip_path, {f"{number}": b"" for number in range(10_001)})
    assert "more than 10000 files" in refused(zip_path)


@pytest.mark.parametrize("at", [10, 200, -200, -30])
def test_a_zip_cut_short(zip_path: Path, at: int) -> None:
    packed(zip_path, members())
    zip_path.write_bytes(zip_path.read_bytes()[:at])
    refused(zip_path)


@pytest.mark.parametrize("place", range(0, 1500, 37))
def test_a_zip_with_a_wrong_byte(zip_path: Path, place: int) -> None:
    packed(zip_path, members())
    data = bytearray(zip_path.read_bytes())
    data[place] ^= 0x55
    zip_path.write_bytes(data)
    read_or_refused(zip_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"\x89PNG\r\n", b"PK\x03\x04", b"<quiz>", b"<html></html>", b"\xff\xfe<\x00"],
)
def test_what_is_no_quiz(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "quiz"
    path.write_bytes(content)
    refused(path)


def test_an_encoding_that_nobody_knows(tmp_path: Path) -> None:
    path = tmp_path / "quiz.xml"
    path.write_bytes(b'<?xml version="1.0" encoding="klingon"?><quiz><question/></quiz>')
    refused(path)


def test_xml_that_is_nested_without_end(tmp_path: Path) -> None:
    path = tmp_path / "quiz.xml"
    path.write_bytes(b"<quiz>" + b"<question>" * 100_000)
    assert "nested too deeply" in refused(path)


def test_where_xml_is_broken_is_told(tmp_path: Path) -> None:
    path = tmp_path / "quiz.xml"
    path.write_bytes(b"<quiz>\n<question>\n</quiz>")
    assert refused(path).startswith(":3:")


@pytest.mark.parametrize(
    "html",
    ["<", "<!--", "<![", "<![x[", "<a href='", '<a "', "&", "<p>", "</", "<script>", "<!DOCTYPE "],
)
def test_hostile_html_is_read_in_time(zip_path: Path, html: str) -> None:
    """A text as long as is taken, of as many beginnings that never end."""
    many = html * min(MAX_TAGS, (MAX_CHARACTERS - 1000) // len(html))
    many += "x" * (MAX_CHARACTERS - 1000 - len(many))
    escaped = many.replace("&", "&amp;").replace("<", "&lt;")
    changed(zip_path, lambda text: text.replace("Which?", f"Which?{escaped}"))
    start = time.process_time()
    read_or_refused(zip_path)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("text", ["&lt;" * (MAX_TAGS + 1), "x" * MAX_CHARACTERS])
def test_more_than_a_text_has(zip_path: Path, text: str) -> None:
    changed(zip_path, lambda whole: whole.replace("Which?", f"Which?{text}"))
    assert "not taken over: a text" in refused(zip_path)


@pytest.mark.parametrize("start", ["{1:SA:", "{1:SA:=a~", "{1:SA:=a#", "{1:MC:=a&amp;~"])
def test_hostile_embedded_answers_are_read_in_time(tmp_path: Path, start: str) -> None:
    path = tmp_path / "quiz.xml"
    many = start.replace("&", "&amp;") * ((MAX_CHARACTERS - 1000) // len(start))
    path.write_text(
        '<quiz><question type="cloze"><questiontext format="html"><text>Which? '
        f"{many}</text></questiontext></question></quiz>"
    )
    begun = time.process_time()
    refused(path)
    assert time.process_time() - begun < 2

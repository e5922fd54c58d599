"""Pictures on their way to other systems and out of them."""

from __future__ import annotations

import io
from base64 import b64encode
from pathlib import Path
from zipfile import ZipFile

import pytest

from quizproof.questions.exchange.canvas import canvas_package
from quizproof.questions.exchange.exchanged import Exchanged
from quizproof.questions.exchange.forms import read_quizzes
from quizproof.questions.exchange.moodle_write import moodle_xml
from quizproof.questions.quiz import load_quiz
from quizproof.questions.spec import Option, QuizFile, SingleChoice, Text
from quizproof.questions.write_quiz import write_quiz
from quizproof.reports.cli import main
from tests.questions.exchange.qti_items import choice
from tests.questions.exchange.quizzes import quiz_of
from tests.questions.test_pictures import picture

CAT, DOG = picture(), picture("GIF", (5, 5))


def asked() -> Exchanged:
    question = SingleChoice(
        kind="single",
        points=1,
        about="model",
        prompt=Text(en='See ![a "cat"](net.png)', fr="Voir ![un chat](net.png)"),
        options={
            "a": Option(text=Text("![a net](x/y.jpeg)")),
            "b": Option(text=Text("none")),
        },
        expected=["a"],
    )
    return quiz_of(question)


def test_canvas_has_files_and_images_where_the_manifest_says() -> None:
    content, told = canvas_package(asked())
    assert told == []
    with ZipFile(io.BytesIO(content)) as zip_:
        assert {"images/net.png", "images/x/y.jpeg"} <= set(zip_.namelist())
        manifest = zip_.read("imsmanifest.xml").decode()
        items = zip_.read("quiz1/quiz1.xml").decode()
    assert '<file href="images/net.png" />' in manifest
    assert 'src="%24IMS-CC-FILEBASE%24/images/net.png" alt="a &amp;quot;cat&amp;quot;"' in items
    assert "![" not in items


def test_moodle_has_each_file_beside_the_text_that_shows_it() -> None:
    content, told = moodle_xml(asked())
    assert told == []
    text = content.decode()
    assert 'src="@@PLUGINFILE@@/x/y.jpeg"' in text
    assert '<file name="y.jpeg" path="/x/" encoding="base64">' in text
    assert text.count('<file name="net.png" path="/"') == 1
    assert "![" not in text


def moodle(path: Path, prompt: str, files: str = "", form: str = "html") -> Exchanged:
    (path / "m.xml").write_text(
        f"<quiz><question type='truefalse'><questiontext format='{form}'><text><![CDATA[{prompt}]]>"
        f"</text>{files}</questiontext><answer fraction='100'><text>true</text></answer>"
        "<answer fraction='0'><text>false</text></answer></question></quiz>",
        encoding="utf-8",
    )
    (quiz,) = read_quizzes(path / "m.xml")
    return quiz


def file(name: str, content: bytes, path: str = "/") -> str:
    encoded = b64encode(content).decode()
    return f"<file name='{name}' path='{path}' encoding='base64'>{encoded}</file>"


NET = "<img src='@@PLUGINFILE@@/net.png' alt='a [net]'>"


@pytest.mark.parametrize(
    ("prompt", "files", "form", "name", "content"),
    [
        (NET, file("net.png", CAT), "html", "net.png", CAT),
        ("![a (net)](@@PLUGINFILE@@/net.png)", file("net.png", CAT), "markdown", "net.png", CAT),
        (
            "<img alt='a (net)' src='@@PLUGINFILE@@/a%20net.png?time=1'>",
            file("a net.png", DOG),
            "html",
            "picture-1.gif",
            DOG,
        ),
        (
            f"<img alt='a (net)' src='data:image/png;base64,{b64encode(CAT).decode()}'>",
            "",
            "html",
            "picture-1.png",
            CAT,
        ),
    ],
)
def test_moodles_pictures_are_taken_over(
    tmp_path: Path, prompt: str, files: str, form: str, name: str, content: bytes
) -> None:
    quiz = moodle(tmp_path, prompt, files, form)
    assert quiz.questions[0].prompt.en == f"![a (net)]({name})"
    assert quiz.pictures == {name: content}
    assert quiz.notes == ()


@pytest.mark.parametrize(
    ("prompt", "files", "said"),
    [
        (NET, file("net.png", b"<svg onload='alert(1)'/>"), "no picture that can be read"),
        (NET, file("net.png", CAT) + file("net.png", DOG), "an image is left out"),
        (NET, file("net.png", CAT, "/other/"), "an image is left out"),
        (NET, "<file name='net.png' encoding='base64'>%%%</file>", "no picture that can be read"),
        ("<img src='https://x.org/net.png' alt='a net'>", "", "an image is left out (a net)"),
        ("<img src='data:image/png;base64,AAAA' alt='a net'>", "", "no picture that can be read"),
        ("<img src='../../etc/passwd.png' alt='a net'>", "", "an image is left out (a net)"),
    ],
)
def test_what_is_no_picture_is_left_out_with_its_words(
    tmp_path: Path, prompt: str, files: str, said: str
) -> None:
    quiz = moodle(tmp_path, f"See {prompt}", files)
    assert quiz.questions[0].prompt.en in ("See (a net)", "See (a [net])")
    assert quiz.pictures == {}
    assert any(said in note for note in quiz.notes)


def canvas(path: Path, html: str, **members: bytes) -> Exchanged:
    item = choice({"x": "A", "y": "B"}, {"x": "100"}).replace("Which?", html)
    files = "".join(f'<resource type="webcontent"><file href="{n}"/></resource>' for n in members)
    manifest = (
        '<manifest><resources><resource identifier="q" type="imsqti_xmlv1p2">'
        f'<file href="q.xml"/></resource>{files}</resources></manifest>'
    )
    with ZipFile(path / "q.zip", "w") as zip_:
        zip_.writestr("imsmanifest.xml", manifest)
        zip_.writestr(
            "q.xml",
            '<questestinterop><assessment ident="q" title="Q"><section ident="root_section">'
            f"{item}</section></assessment></questestinterop>",
        )
        zip_.writestr("unnamed.png", CAT)
        for name, content in members.items():
            zip_.writestr(name, content)
    (quiz,) = read_quizzes(path / "q.zip")
    return quiz


def test_of_canvas_only_what_the_manifest_names_is_taken_over(tmp_path: Path) -> None:
    for place in ("%24IMS-CC-FILEBASE%24/sub/net.png", "$IMS-CC-FILEBASE$/sub/net.png?x=1"):
        html = f'&lt;img src="{place}" alt="a net"&gt;'
        quiz = canvas(tmp_path, html, **{"web_resources/sub/net.png": CAT})
        assert quiz.questions[0].prompt.en == "![a net](sub/net.png)"
        assert quiz.pictures == {"sub/net.png": CAT}
    for place in ("$IMS-CC-FILEBASE$/unnamed.png", "unnamed.png", "$IMS-CC-FILEBASE$/../q.png"):
        quiz = canvas(tmp_path, f'&lt;img src="{place}" alt="a net"&gt;')
        assert quiz.questions[0].prompt.en == "(a net)"
        assert quiz.pictures == {}


def test_pictures_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    one, other = (
        "<question type='truefalse'><questiontext format='html'><text><![CDATA[<img alt='n' "
        f"src='@@PLUGINFILE@@/net.png'>]]></text>{file('net.png', content)}</questiontext>"
        "<answer fraction='100'><text>true</text></answer><answer fraction='0'><text>no</text>"
        "</answer></question>"
        for content in (CAT, DOG)
    )
    (tmp_path / "m.xml").write_text(f"<quiz>{one}{other}{one}</quiz>", encoding="utf-8")
    (quiz,) = read_quizzes(tmp_path / "m.xml")
    assert quiz.pictures == {"net.png": CAT, "picture-1.gif": DOG}
    assert [q.prompt.en for q in quiz.questions] == [
        "![n](net.png)",
        "![n](picture-1.gif)",
        "![n](net.png)",
    ]


@pytest.mark.parametrize("form", ["canvas", "moodle"])
def test_from_a_folder_to_a_folder(
    tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    quiz = asked()
    (tmp_path / "quiz").mkdir()
    head = QuizFile(id=quiz.id, title=quiz.title, questions=[q.id for q in quiz.questions])
    write_quiz(tmp_path / "quiz", head, quiz.questions, quiz.pictures)
    out = tmp_path / "there"
    assert main(["export", str(tmp_path / "quiz"), "-o", str(out), "--format", form]) == 0
    assert "cannot be held" not in capsys.readouterr().out
    assert main(["import", str(out), "-o", str(tmp_path / "back")]) == 0
    assert load_quiz(tmp_path / "back").pictures == quiz.pictures
    (tmp_path / "quiz" / "net.png").unlink()
    assert main(["export", str(tmp_path / "quiz"), "-o", str(out), "--format", form]) == 0
    assert "net.png: is not there" in capsys.readouterr().out


def test_students_get_the_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quiz = asked()
    (tmp_path / "quiz").mkdir()
    head = QuizFile(id=quiz.id, title=quiz.title, questions=[q.id for q in quiz.questions])
    write_quiz(tmp_path / "quiz", head, quiz.questions, quiz.pictures)
    out = tmp_path / "handout"
    assert main(["export", str(tmp_path / "quiz"), "-o", str(out), "--for-students"]) == 0
    assert (out / "x" / "y.jpeg").read_bytes() == quiz.pictures["x/y.jpeg"]
    assert main(["copy", str(tmp_path / "quiz"), str(tmp_path / "copy")]) == 0
    assert (tmp_path / "copy" / "net.png").read_bytes() == quiz.pictures["net.png"]
    (tmp_path / "quiz" / "net.png").unlink()
    out = tmp_path / "other"
    assert main(["export", str(tmp_path / "quiz"), "-o", str(out), "--for-students"]) == 0
    assert "pictures that cannot be read are not in it: net.png" in capsys.readouterr().out


def test_no_picture_is_a_folder_of_another(tmp_path: Path) -> None:
    sources = ("a.png", "a.png/b.png", "c.png/d.png", "c.png")
    html = "".join(f"<img src='@@PLUGINFILE@@/{source}' alt='n'>" for source in sources)
    files = "".join(
        file(source.rpartition("/")[2], CAT, f"/{source.rpartition('/')[0]}/") for source in sources
    )
    quiz = moodle(tmp_path, html, files)
    assert set(quiz.pictures) == {"a.png", "picture-1.png", "c.png/d.png"}
    head = QuizFile(id="q", title=quiz.title, questions=[q.id for q in quiz.questions])
    (tmp_path / "quiz").mkdir()
    write_quiz(tmp_path / "quiz", head, quiz.questions, quiz.pictures)
    assert load_quiz(tmp_path / "quiz").pictures == quiz.pictures

from __future__ import annotations

import os
import resource
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from quizproof.questions.class_file import read_class
from quizproof.questions.exchange.forms import read_quizzes
from quizproof.questions.files import read_bounded, write_whole
from quizproof.questions.problems import InputError, QuizproofError
from quizproof.questions.quiz import bundled_quiz, load_questions
from quizproof.questions.tables import read_json, read_table
from quizproof.questions.write_quiz import write_quiz
from quizproof.questions.yaml_file import read_document

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such files there")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


def silent_socket(path: Path) -> None:
    at = Path.cwd()
    os.chdir(path.parent)  # its name may be no longer than some hundred characters
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(at)


def endless(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


@pytest.mark.parametrize(
    "read",
    [
        read_document,
        read_table,
        read_json,
        read_quizzes,
        lambda path: read_class(path, []),
        lambda path: read_quizzes(path.rename(path.with_suffix(".txt"))),
    ],
)
@pytest.mark.parametrize("make", [pipe, zeros, silent_socket, Path.mkdir, endless])
def test_what_is_no_file_or_has_no_end_is_refused_at_once(
    make: Callable[[Path], None], read: Callable[[Path], object], tmp_path: Path
) -> None:
    make(tmp_path / "it")
    began = time.monotonic()
    with pytest.raises(QuizproofError, match=r"cannot be read|larger than"):
        read(tmp_path / "it")
    assert time.monotonic() - began < 2


def test_a_file_that_grows_while_it_is_read_is_read_no_further(tmp_path: Path) -> None:
    # its size is 0, which says nothing of what is in it
    with pytest.raises(InputError, match="larger than 3 bytes"):
        read_bounded(Path("/proc/self/status"), 3)


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no name of a file"):
        read_bounded(Path("a\0b"), 10)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_does_not_fit_leaves_the_older_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "out"
    write_whole(path, "older")
    with room_for(1000), pytest.raises(OSError, match="too large") as caught:
        write_whole(path, "x" * 5000)
    assert caught.value.filename == str(path)
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_what_ends_in_the_middle_leaves_the_older_file(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*given: object) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "out"
    write_whole(path, "older")
    monkeypatch.setattr(os if call == "fsync" else Path, call, ended)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "newer")
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_one_and_a_mode_is_kept(tmp_path: Path) -> None:
    path, link = tmp_path / "out", tmp_path / "link"
    write_whole(path, "older")
    path.chmod(0o640)
    link.symlink_to(path)
    write_whole(link, "newer")
    assert link.is_symlink()
    assert path.read_text() == "newer"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_name_of_any_length_and_half_a_character_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("長" * 84)  # 252 bytes of 255
    write_whole(path, "\ud800")
    assert path.read_text() == "\\ud800"


def test_a_device_is_written_to_as_it_is() -> None:
    write_whole(Path(os.devnull), "words")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


WRITES = """
import sys
from pathlib import Path
from quizproof.questions.files import write_whole
while True:
    write_whole(Path(sys.argv[1]), sys.argv[2] * 300_000)
"""


def test_of_two_runs_at_once_and_killed_one_s_file_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "out"
    command = [sys.executable, "-c", WRITES, str(path)]
    for _ in range(3):
        both = [subprocess.Popen([*command, letter]) for letter in "ab"]
        try:
            while not path.exists():
                time.sleep(0.01)
            for _ in range(50):
                assert path.read_text() in ("a" * 300_000, "b" * 300_000)
        finally:
            for process in both:
                process.kill()
                process.wait()
        assert path.read_text() in ("a" * 300_000, "b" * 300_000)


def test_a_quiz_s_folder_is_none_before_it_is_whole(
    tmp_path: Path,
) -> None:
    head, questions = load_questions(bundled_quiz("hw09"))
    with room_for(600), pytest.raises(OSError, match="too large"):
        write_quiz(tmp_path, head, questions)
    with pytest.raises(InputError, match=r"no quiz\.yaml here"):
        load_questions(tmp_path)

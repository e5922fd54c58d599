"""A course's folder with language in it, as it was handed out, and damaged."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import yaml

from quizproof.probes.packs.course_file import CourseModel, read_course
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.pack_build import Built
from quizproof.probes.packs.pack_check import check_pack
from quizproof.probes.packs.pack_show import show_pack
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import SettledBy
from tests.planted_language import language_folder
from tests.probes.course_folder import HW09, build_course, course_folder
from tests.probes.course_language import LAYERS, SIZE, course_language

HUB = {
    name: place.hub
    for name, place in read_course(HW09).parts.items()
    if isinstance(place, CourseModel) and place.hub is not None
}
READERS = {"reader_1", "reader_2", "reader_3"}
LANGUAGE = {"english", "chinese", "triples", "corpus", "sentences", "reference_matrix"} | READERS


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return course_language(tmp_path_factory.mktemp("course") / "ours")


@pytest.fixture
def folder(handed_out: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(handed_out, tmp_path / "ours"))


def parts(built: Built) -> set[str]:
    return set(Pack(built.manifest.parent).parts)


def test_all_that_a_course_holds_is_found(folder: Path) -> None:
    built = build_course(folder)
    assert built.problems == ()
    assert parts(built) == LANGUAGE
    assert check_pack(folder).problems == ()
    pack = Pack(folder)
    assert pack.loaded("english").layers == 3
    reading = pack.loaded("reader_3").reading(2, pack.loaded("triples").triples[2])
    assert reading.hidden_states.shape == (LAYERS + 1, len(reading.tokens), SIZE)
    assert not reading.hidden_states.requires_grad


def test_language_beside_the_pictures(folder: Path) -> None:
    course_folder(folder)
    built = build_course(folder)
    assert parts(built) == {"classifier", "pictures", *LANGUAGE}


def test_triples_may_lie_with_the_readers(folder: Path) -> None:
    (folder / "triples.json").rename(folder / "hw9_bert" / "triples.json")
    assert "triples" in parts(build_course(folder))


def test_a_text_alone_is_a_pack_and_nothing_is_none(tmp_path: Path) -> None:
    with pytest.raises(QuizproofError, match="put the course's pictures here"):
        build_course(tmp_path)
    (tmp_path / "sentences.txt").write_text("蘋果", encoding="utf-8")
    assert parts(build_course(tmp_path)) == {"sentences"}


def test_a_folder_of_which_nothing_can_be_measured_is_no_pack(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text("no JSON")
    with pytest.raises(QuizproofError, match=r"nothing that can be measured: .*corpus.jsonl:1:1:"):
        build_course(tmp_path)
    assert not (tmp_path / "pack.yaml").exists()
    (tmp_path / "corpus.jsonl").unlink()
    (tmp_path / "bert-base-cased").mkdir()
    with pytest.raises(QuizproofError, match="bert-base-cased: an empty folder"):
        build_course(tmp_path)


def test_the_hub_is_named_for_what_is_not_there(folder: Path) -> None:
    shutil.rmtree(folder / "bert-base-chinese")
    assert "chinese" not in parts(build_course(folder))
    (folder / "pack.yaml").unlink()
    built = build_course(folder, hub=True)
    pack = Pack(folder)
    assert pack.part("chinese").entry.hub == HUB["chinese"]
    assert pack.part("english").entry.local is not None
    assert built.problems == ()  # nothing is fetched by building


def unlink(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def write(name: str, content: bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return change


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def save(name: str, content: object) -> Callable[[Path], None]:
    return lambda folder: torch.save(content, folder / "hw9_bert" / "output" / name)


class Code:
    """Unpickled by plain pickle, it would end the program."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return exit, (1,)


def states(*shape: int, value: float = 0.0) -> tuple[torch.Tensor, ...]:
    return tuple(torch.full(shape, value) for _ in range(LAYERS + 1))


@pytest.mark.parametrize(
    ("damage", "lost", "said"),
    [
        (write("triples.json", b"[{]"), "triples", "triples.json:1:3: no JSON"),
        (write("sentences.txt", b"\xff"), "sentences", "sentences.txt:1: no UTF-8"),
        (
            write("corpus.jsonl", b'\n{"text": "a", "pos": ["X"]}'),
            "corpus",
            "corpus.jsonl:2: words",
        ),
        (write("reference_matrix.csv", b"1,2"), "reference_matrix", "no square matrix"),
        (write("reference_matrix.csv", b"1,0\n0,1"), "reference_matrix", "2 rows for 3 sentences"),
        (unlink("bert-base-cased/model.safetensors"), "english", "has no model.safetensors"),
        (unlink("bert-base-cased/config.json"), "english", "no model that can be loaded"),
        (write("bert-base-chinese/model.safetensors", b"no"), "chinese", "is damaged"),
        (lambda f: _empty(f / "hw9_bert/tokenizer2"), "reader_2", "tokenizer2: an empty folder"),
        (unlink("hw9_bert/output/model2_q3"), "reader_2", "model2_q3: not there, though others"),
        (unlink("hw9_bert/tokenizer1/vocab.txt"), "reader_1", "holds no"),
        (write("hw9_bert/output/model1_q1", b"no"), "reader_1", "damaged or no checkpoint"),
        (save("model1_q2", Code()), "reader_1", "nothing of it was run"),
        (save("model1_q2", {"a": torch.ones(1)}), "reader_1", "holds no tuple of tensors"),
        (save("model1_q2", ()), "reader_1", "no tuple of hidden states of one shape"),
        (
            save("model1_q2", states(1, 5, SIZE)),
            "reader_1",
            "hidden states of 5 tokens, the",
        ),
        (save("model1_q2", states(5, SIZE)), "reader_1", "not of (1, tokens, dimensions)"),
        (save("model1_q2", states(1, 18, SIZE, value=torch.nan)), "reader_1", "NaN or infinity"),
    ],
)
def test_what_is_malformed_costs_its_part(
    folder: Path, damage: Callable[[Path], None], lost: str, said: str
) -> None:
    damage(folder)
    built = build_course(folder)
    assert parts(built) == LANGUAGE - {lost}
    [line] = built.problems
    assert said in line
    assert "\n" not in line
    assert check_pack(folder).problems == ()  # of what is left


def test_hidden_states_are_read_without_triples_too(folder: Path) -> None:
    (folder / "triples.json").unlink()
    save("model1_q2", {"a": torch.ones(1)})(folder)
    assert "model1_q2 holds no tuple of tensors" in build_course(folder).problems[0]


def test_a_damaged_pack_is_told_by_check(folder: Path) -> None:
    build_course(folder)
    (folder / "corpus.jsonl").write_text("changed")
    (folder / "hw9_bert" / "output" / "model3_q1").unlink()
    (folder / "bert-base-cased" / "added_tokens.json").write_text("{}")
    lines = check_pack(folder).problems
    assert len(lines) == 3
    for line, said in zip(
        sorted(lines),
        ("added_tokens.json is not in the manifest", "corpus.jsonl has SHA-256", "no file"),
        strict=True,
    ):
        assert said in line


def test_a_link_out_of_the_pack_is_not_taken(folder: Path, tmp_path: Path) -> None:
    shutil.rmtree(folder / "bert-base-cased")
    (folder / "bert-base-cased").symlink_to(language_folder(tmp_path / "elsewhere"))
    built = build_course(folder)
    assert "english" not in parts(built)
    assert "lies outside the pack" in built.problems[0]


def test_copies_of_the_weights_for_other_programs_are_let_be(folder: Path) -> None:
    for name in ("tf_model.h5", "README.md", ".gitattributes", ".git/config.json"):
        (folder / "bert-base-cased" / name).parent.mkdir(exist_ok=True)
        (folder / "bert-base-cased" / name).write_text("not read")
    build_course(folder)
    pack = Pack(folder)
    assert sorted(pack.part("english").entry.local.files) == [
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
        "vocab.txt",
    ]
    pack.loaded("english")


def test_what_is_there_is_shown_as_a_quiz_takes_it(folder: Path) -> None:
    shutil.rmtree(folder / "bert-base-chinese")
    build_course(folder, hub=True)
    lines = show_pack(folder)
    text = "\n".join(lines)
    for said in (
        "english (masked-lm): bert-base-cased/",
        "chinese (masked-lm): google-bert/bert-base-chinese of the Hugging Face hub, at c30a6ed22",
        "reader_2 (reader): saved hidden states of 3 triples (hw9_bert/output/model2_q1, …)",
        "triples (triples): triples.json",
        "reference_matrix (matrix): reference_matrix.csv",
    ):
        assert said in text
    shown = yaml.safe_load("\n".join(lines[lines.index("settled_by:") :]))
    settled_by = SettledBy.model_validate(shown["settled_by"])
    pack = Pack(folder)
    assert settled_by.parts == {name: [pack.identity(part)] for name, part in pack.parts.items()}
    assert settled_by.parts["chinese"] == [f"{HUB['chinese'].repo}@{HUB['chinese'].revision}"]


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes there")
def test_pipes_are_waited_for_nowhere(tmp_path: Path) -> None:
    places = (
        "checkpoint.pth",
        "food/1_0.png",
        "corpus.jsonl",
        "triples.json",
        "sentences.txt",
        "reference_matrix.csv",
        "bert-base-cased/config.json",
        "hw9_bert/output/model1_q1",
        "hw9_bert/tokenizer1/vocab.txt",
    )
    for place in places:
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(tmp_path / place)
    code = "import sys; from quizproof.reports.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "pack", "build", str(tmp_path)]
    ran = subprocess.run(command, timeout=60, capture_output=True, text=True)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert "bert-base-cased: no file of a model" in ran.stderr
    assert "tokenizer1: no file of a model" in ran.stderr

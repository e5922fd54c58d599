"""Writing, training, checking: everything that the pack has for questions about language."""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, TypeVar

import torch

from quizproof.probes.embedded.language import english_grammar
from quizproof.probes.embedded.language.apples import reference_matrix, ten_sentences
from quizproof.probes.embedded.language.checkpoints import write_model
from quizproof.probes.embedded.language.corpus import corpus, lines
from quizproof.probes.embedded.language.examples import of_puzzles, of_sentences
from quizproof.probes.embedded.language.held_out_figures import (
    exact_match,
    masked_accuracy,
    pronoun_accuracy,
)
from quizproof.probes.embedded.language.puzzles import ASKED, Puzzle, distinct_puzzles
from quizproof.probes.embedded.language.training import Stage, new_model, train_masked, train_reader
from quizproof.probes.embedded.language.vocabulary import write_tokenizer
from quizproof.probes.language.grammar import chinese
from quizproof.probes.language.grammar.sentences import QUIZ_CHINESE, distinct
from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.models.language_models import LanguageModel
from quizproof.probes.models.transformers_import import transformers
from quizproof.probes.packs.files import Folder
from quizproof.probes.packs.manifest import HeldOutFigure
from quizproof.probes.packs.manifest_file import named_file, named_folder, write_parts
from quizproof.questions.spec import Text

_T = TypeVar("_T")
Told = Callable[[str], None]
FOLDER: Final = "language"  # of the pack
CORPUS_WORDS: Final = 3000


@dataclass(frozen=True)
class Size:
    """Amounts that are written, trained and counted. A step is a batch."""

    sentences: int = 25_000
    puzzles: int = 5_000
    english: tuple[Stage, ...] = (Stage(3, 5000, 3e-3), Stage(12, 1000, 1.5e-3))
    chinese: tuple[Stage, ...] = (Stage(3, 1200, 3e-3), Stage(12, 250, 1.5e-3))
    batch: int = 64
    reader_steps: tuple[int, int, int] = (1500, 60, 0)
    reader_batch: int = 32
    counted: int = 1000


@dataclass(frozen=True)
class _Prefixed:
    """Tells lines that say what they are about."""

    prefix: str
    log: Told

    def __call__(self, line: str) -> None:
        self.log(self.prefix + line)


@dataclass(frozen=True)
class _Seeds:
    """One for each thing drawn. What is held out is so whatever the seed."""

    seed: int

    def of(self, thing: str) -> int:
        things = ("sentences", "puzzles", "training", "corpus", "triples", "apples", "counted")
        return self.seed * len(things) + things.index(thing)


def build(out: Path, seed: int = 0, size: Size = Size(), log: Told = print) -> None:
    """Write the language part of the pack in ``out``, in two processes beside this one.

    ``told`` is handed a line now and then, in those processes too: it must be picklable.
    """
    started = time.monotonic()
    seeds = _Seeds(seed)
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(2, get_context("spawn"), _settle) as pool:
        chinese = pool.submit(_chinese, folder, seeds, size, log)
        english = pool.submit(_english, folder, seeds, size, log)
        figures = [*english.result(), *chinese.result()]
    write_parts(out, language_parts(out), figures)
    for figure in figures:
        baseline = "" if figure.baseline is None else f", {figure.baseline:.1%} by guessing"
        log(f"{figure.about.en}: {figure.right:.1%} of {figure.count} right{baseline}")
    log(f"wrote {out} after {(time.monotonic() - started) / 60:.1f} minutes")


def language_parts(pack: Path) -> dict[str, dict[str, Any]]:
    """The parts that ``build`` wrote to the folder ``pack``, as a manifest names them."""

    def model(name: str) -> Folder:
        return named_folder(pack, f"{FOLDER}/{name}")

    def text(kind: str, name: str) -> dict[str, Any]:
        return {"kind": kind, **named_file(pack, f"{FOLDER}/{name}").model_dump(exclude_unset=True)}

    return {
        **{name: {"kind": "masked-lm", "local": model(name)} for name in ("english", "chinese")},
        **{f"reader_{n}": {"kind": "reader", "local": model(f"reader{n}")} for n in (1, 2, 3)},
        "triples": text("triples", "triples.json"),
        "corpus": text("corpus", "corpus.jsonl"),
        "sentences": text("sentences", "apples.json"),
        "reference_matrix": text("matrix", "reference_matrix.csv"),
    }


def _settle() -> None:
    # One thread adds up in the same order however many cores there are.
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers().utils.logging.disable_progress_bar()


def _english(out: Path, seeds: _Seeds, size: Size, log: Told) -> list[HeldOutFigure]:
    figures = _english_model(out / "english", seeds, size, _Prefixed("English: ", log))
    figures += _readers(out, seeds, size, _Prefixed("Reader: ", log))
    _write_english_texts(out, seeds)
    return figures


def _chinese(out: Path, seeds: _Seeds, size: Size, log: Told) -> list[HeldOutFigure]:
    folder = out / "chinese"
    figures = _chinese_model(folder, seeds, size, _Prefixed("Chinese: ", log))
    _write_apples(out, folder, seeds)
    return figures


def _english_model(folder: Path, seeds: _Seeds, size: Size, log: Told) -> list[HeldOutFigure]:
    sentences = _some(distinct(english_grammar.write, seeds.of("sentences"), False), size.sentences)
    puzzles = _some(distinct_puzzles(seeds.of("puzzles"), False), size.puzzles)
    asked = " ".join(f"{puzzle.question} {puzzle.context}" for puzzle in puzzles)
    written = {word for sentence in sentences for word in sentence.words}
    tokenizer = write_tokenizer(written | set(re.findall(r"\w+|[.,?]", asked)), folder)
    examples = of_sentences(tokenizer, sentences) + of_puzzles(tokenizer, puzzles)
    model = train_masked(
        tokenizer,
        examples,
        stages=size.english,
        batch_size=size.batch,
        seed=seeds.of("training"),
        log=log,
    )
    write_model(model, folder)
    return _language_figures("English", folder, english_grammar.write, seeds, size)


def _chinese_model(folder: Path, seeds: _Seeds, size: Size, log: Told) -> list[HeldOutFigure]:
    sentences = _some(distinct(chinese.write, seeds.of("sentences"), False), size.sentences)
    written = "".join(sentence.text for sentence in sentences) + "".join(QUIZ_CHINESE)
    tokenizer = write_tokenizer(written, folder)
    examples = of_sentences(tokenizer, sentences)
    model = train_masked(
        tokenizer,
        examples,
        stages=size.chinese,
        batch_size=size.batch,
        seed=seeds.of("training"),
        log=log,
    )
    write_model(model, folder)
    return _language_figures("Chinese", folder, chinese.write, seeds, size)


def _language_figures(
    language: str, folder: Path, write: Any, seeds: _Seeds, size: Size
) -> list[HeldOutFigure]:
    model = _loaded(folder)
    unseen = _some(distinct(write, seeds.of("counted"), True), size.counted)
    chinese = {"English": "英文", "Chinese": "中文"}[language]
    masked = masked_accuracy(model.net, model.tokenizer, unseen, seeds.of("counted"))
    pronouns = pronoun_accuracy(model.net, model.tokenizer, unseen)
    return [
        HeldOutFigure(
            about=Text(
                en=f"{language} model: masked token", zh_hant=f"{chinese}模型：被遮蔽的 token"
            ),
            right=masked["accuracy"],
            baseline=masked["baseline"],
            count=int(masked["count"]),
        ),
        HeldOutFigure(
            about=Text(
                en=f"{language} model: masked pronoun, where the sentence settles it",
                zh_hant=f"{chinese}模型：被遮蔽的代名詞（句中已可確定者）",
            ),
            right=pronouns["settled_accuracy"],
            baseline=pronouns["baseline"],
            count=int(pronouns["settled_count"]),
        ),
    ]


def _readers(out: Path, seeds: _Seeds, size: Size, log: Told) -> list[HeldOutFigure]:
    english = _loaded(out / "english")
    tokenizer = english.tokenizer
    puzzles = _some(distinct_puzzles(seeds.of("puzzles"), False), size.puzzles)
    examples = of_puzzles(tokenizer, puzzles)
    unseen = _some(distinct_puzzles(seeds.of("counted"), True), size.counted)
    figures = []
    for number, steps in enumerate(size.reader_steps, start=1):
        log(f"number {number}, {steps} steps")
        model, folder = _new_reader(english.net, seeds), out / f"reader{number}"
        if steps:
            train_reader(
                model,
                tokenizer,
                examples,
                steps=steps,
                batch_size=size.reader_batch,
                seed=seeds.of("training") + number,
                log=log,
            )
        folder.mkdir(exist_ok=True)
        for file in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
            (folder / file).write_bytes((out / "english" / file).read_bytes())
        write_model(model, folder)
        figures.append(
            HeldOutFigure(
                about=Text(
                    en=f"reader {number} ({steps} steps of fine-tuning): exact match",
                    zh_hant=f"閱讀模型 {number}（微調 {steps} 步）：答案完全相同",
                ),
                right=exact_match(_loaded(folder).net, tokenizer, unseen),
                count=len(unseen),
            )
        )
    return figures


def _loaded(folder: Path) -> LanguageModel:
    """Load what was written to ``folder``, as a pack's user gets it."""
    return load_language_model(folder, folder.name, torch.device("cpu"))


def _new_reader(language: Any, seeds: _Seeds) -> Any:
    """The English model with a head that finds answers, its weights random."""
    reader = new_model("BertForQuestionAnswering", language.config, seeds.of("training"))
    reader.bert.load_state_dict(language.bert.state_dict())
    return reader


def _write_english_texts(out: Path, seeds: _Seeds) -> None:
    sentences = corpus(seeds.of("corpus"), CORPUS_WORDS)
    (out / "corpus.jsonl").write_text("\n".join(lines(sentences)) + "\n", encoding="utf-8")
    triples = [next(distinct_puzzles(seeds.of("triples"), True, asked)) for asked in ASKED]
    _write_json(out / "triples.json", [_triple(puzzle) for puzzle in triples])


def _write_apples(out: Path, folder: Path, seeds: _Seeds) -> None:
    apples = ten_sentences(seeds.of("apples"))
    _write_json(out / "apples.json", [asdict(one) for one in apples])
    model = _loaded(folder)
    matrix = reference_matrix(model.net, model.tokenizer, apples, seeds.of("apples"))
    with (out / "reference_matrix.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [f"{value:.6f}" for value in row] for row in matrix
        )


def _triple(puzzle: Puzzle) -> dict[str, str]:
    return {"context": puzzle.context, "question": puzzle.question, "answer": puzzle.answer}


def _some(source: Iterator[_T], count: int) -> list[_T]:
    return list(islice(source, count))


def _write_json(path: Path, content: Any) -> None:
    path.write_text(
        json.dumps(content, ensure_ascii=False, indent=1) + "\n",
        encoding="utf-8",
    )

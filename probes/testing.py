"""Tests of probes: what one measures in a world that is planted, and which options then hold.

>>> from quizproof.probes import Draw, Measure, probe
>>> from quizproof.probes.testing import draws_of
>>> @probe("docs.letters", measures=(Measure("letters", "", 0, 99, "of the word"),))
... def letters(bench: Bench, *, word: str) -> Iterator[Draw]:
...     yield Draw({"letters": len(word)})
>>> [draw] = draws_of(letters, word="cat")
>>> draw.values
{'letters': 3}

``planted_pack`` makes a pack of pictures with exact regions, and ``world`` a bench on a pack, with
models of one's own in the place of its models. Every option of a question should hold in some
world: ``options_that_hold`` says which do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml
from PIL import Image

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.declaration import DECLARED, Draw, Probe, ProbeFunction
from quizproof.probes.engine.collect import check_draw, collect, unrounded
from quizproof.probes.engine.measured import judged
from quizproof.probes.packs.manifest import MANIFEST
from quizproof.probes.packs.pack import EMBEDDED, Pack, sha256
from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import read_question
from quizproof.questions.spec import Question

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["draws_of", "options_that_hold", "planted_pack", "world"]


def world(
    pack: Path | Pack | None = None, *, quiz: Path | None = None, seed: int = 0, **models: Any
) -> Bench:
    """A bench on ``pack`` (the embedded one), with ``models`` in the place of its own.

    Files that parameters name are looked for in the pack, and in the folder of the ``quiz``.
    """
    opened = pack if isinstance(pack, Pack) else Pack(pack or EMBEDDED)
    return Bench(opened, seed, quiz=quiz, loaded=models)


def draws_of(
    probe: str | ProbeFunction, bench: Bench | None = None, *, draws: int = 1, **parameters: Any
) -> list[Draw]:
    """The first ``draws`` of ``probe`` in the world ``bench``; an exact one has one.

    ``probe`` is a name, or the function that is declared. Raises what the probe raises, and
    QuizproofError for wrong ``parameters``, and for a draw that is not what it declares.
    """
    declared = _declared(probe)
    measures = declared.measures(parameters)
    given = declared.complete(parameters)
    run = (bench or world()).run(declared, given)
    found = [unrounded(draw, measures) for draw in islice(run, draws)]
    for draw in found:
        check_draw(draw, measures, declared, sampled=declared.draws_anew(given))
    return found


def options_that_hold(
    question: Path | Question, bench: Bench | None = None, **parameters: Any
) -> set[str]:
    """The options of ``question`` that hold in the world ``bench``.

    ``question`` is its file, or what ``load_quiz`` gave; ``parameters`` are put in the place of its
    probe's. Raises QuizproofError, and what the probe raises.
    """
    if isinstance(question, Path):
        question, _ = read_question(question.parent, question.stem)
    if question.probe is None:
        raise QuizproofError(f"{question.id} names no probe")
    given = {**question.probe.parameters, **parameters}
    call = question.probe.model_copy(update={"parameters": given})
    question = question.model_copy(update={"probe": call})
    probe = _declared(call.name)
    measured = judged(question, probe, collect(question, probe, bench or world()))
    if measured is None:
        raise QuizproofError(f"probe {probe.name} ended before its draws decided")
    return {option for option, finding in measured.findings.items() if finding.holds}


def planted_pack(
    folder: Path,
    pictures: Sequence[NDArray[np.float32]],
    regions: Sequence[Mapping[str, NDArray[np.bool_]]] = (),
    labels: Sequence[int] | None = None,
) -> Pack:
    """A pack of ``pictures``, each (H, W, 3) in 0–1, with ``regions`` as exact masks."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for number, picture in enumerate(pictures):
        name = f"{number}.png"
        Image.fromarray((picture * 255).round().astype(np.uint8)).save(folder / name)
        entry: dict[str, Any] = {
            "file": name,
            "sha256": sha256(folder / name),
            "label": labels[number] if labels else 0,
            "regions": {},
        }
        for region, mask in (regions[number] if number < len(regions) else {}).items():
            mask_name = f"{number}_{region}.png"
            Image.fromarray(mask).save(folder / mask_name)
            entry["regions"][region] = {"mask": mask_name, "sha256": sha256(folder / mask_name)}
        entries.append(entry)
    shown = {"pictures": {"kind": "pictures", "pictures": entries}} if entries else {}
    manifest = {"name": "planted", "parts": shown}
    (folder / MANIFEST).write_text(yaml.safe_dump(manifest), encoding="utf-8")
    return Pack(folder)


def _declared(probe: str | ProbeFunction) -> Probe:
    if isinstance(probe, str):
        known = {**catalogue(), **DECLARED}
        if probe in known:
            return known[probe]
    else:
        for each in DECLARED.values():
            if each.run is probe:
                return each
    raise QuizproofError(f"{probe} is declared nowhere; import its module first")

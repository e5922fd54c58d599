"""Workbench of a probe: the models, the pictures, the texts, and the seeds of its draws."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from quizproof.probes.models.passes import Passes
from quizproof.probes.packs.named_files import held_file
from quizproof.probes.packs.pack import MissingError, Pack

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from quizproof.probes.models.classifiers import Classifier
    from quizproof.probes.models.language_models import LanguageModel
    from quizproof.probes.models.reading_comprehension import Reader
    from quizproof.probes.packs.pictures import Mask

T = TypeVar("T")
N = TypeVar("N", bound="np.generic")

_ALWAYS = 0  # the seed of all that is random and yet no draw
_ROOM = 64 << 20  # bytes for what of single draws is remembered


@dataclass
class Bench:
    """A pack's models, pictures and texts, each loaded when it is first asked for.

    With ``randomized``, the models are the pack's with random weights in place of their own: that
    is the number of the network, from 0, which has the same weights in every run. The seed is that
    of draws alone, so that what rests on no draw comes out the same whatever the seed.
    """

    pack: Pack
    seed: int
    randomized: int | None = None
    quiz: Path | None = None  # the folder of the quiz that asks, for files beside it
    models: dict[str, Any] = field(default_factory=dict)  # by role: Classifier, LanguageModel
    given: dict[str, str] = field(default_factory=dict)  # SHA-256 of the files of parameters
    _memory: dict[Hashable, tuple[Any, Passes]] = field(default_factory=dict)
    _shared: Passes = field(default_factory=Passes)
    _room: int = _ROOM

    @property
    def classifier(self) -> Classifier:
        """The pack's classifier. Raises MissingError, and what loading it raises."""
        from quizproof.probes.models.classifiers import (
            default_device,
            load_classifier,
            random_classifier,
        )

        if "classifier" not in self.models:
            self.models["classifier"] = (
                load_classifier(self.pack, default_device())
                if self.randomized is None
                else random_classifier(self.pack, self.randomized, default_device())
            )
        model: Classifier = self.models["classifier"]
        return model

    def language(self, role: str) -> LanguageModel:
        """The model of role ``english`` or ``chinese``. Raises MissingError, LanguageModelError."""
        from quizproof.probes.models.classifiers import default_device
        from quizproof.probes.models.language_parts import load_role

        if role not in self.models:
            self.models[role] = load_role(self.pack, role, default_device(), self.randomized)
        found: LanguageModel = self.models[role]
        return found

    def reader(self, number: int) -> Reader:
        """Reading comprehension model ``number``, from 1. Raises MissingError, QuizproofError.

        MissingError, too, where it is to be randomized and is saved states alone.
        """
        from quizproof.probes.models.classifiers import default_device
        from quizproof.probes.models.language_parts import load_reader

        role = f"readers {number}"
        if role not in self.models:
            self.models[role] = load_reader(self.pack, number, default_device(), self.randomized)
        found: Reader = self.models[role]
        return found

    def file(self, name: str) -> Path:
        """The file that a parameter of type ``File`` names. Raises MissingError."""
        found, self.given[name] = held_file(name, self.pack.folder, self.quiz)
        return found

    def draw_seed(self, draw: int) -> int:
        """The seed of draw number ``draw``, below 2³²: the same for every question of a run.

        So questions that look at the same random thing share its passes.
        """
        return _seed(self.seed, draw)

    @property
    def fixed_seed(self) -> int:
        """The seed of what an exact probe makes up at random: the same in every run."""
        return _seed(_ALWAYS, 0)

    def picture(self, number: int) -> Tensor:
        """Picture ``number`` as the classifier takes it: (3, H, W), values 0–1."""
        import torch

        from quizproof.probes.packs.pictures import read_picture

        role = self.pack.picture(number)
        array = self.once(
            ("picture", number),
            lambda: read_picture(self.pack.path(role.file, role.sha256), self.classifier.size),
        )
        return torch.from_numpy(array).permute(2, 0, 1).contiguous().to(self.classifier.device)

    def label(self, number: int) -> int:
        """The true class of picture ``number``, an index into the classifier's classes."""
        label = self.pack.picture(number).label
        if label >= len(self.classifier.classes):
            raise MissingError(f"picture {number} has label {label}, which is no class")
        return label

    def region(self, number: int, name: str) -> Mask:
        """Region ``name`` of picture ``number``, (H, W), never empty. Raises MissingError."""
        from quizproof.probes.packs.pictures import region_mask

        return self.once(
            ("region", number, name),
            lambda: region_mask(self.pack, number, name, self.classifier.size),
        )

    def once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """``compute()``, or what it gave when ``key`` was last asked for: no pass twice.

        What rests on a remembered value rests on the passes that it took.
        """
        if key in self._memory:
            value, passes = self._memory[key]
            self._shared += passes
        else:
            before = self.rested_on()
            value = compute()
            self._memory[key] = value, self.rested_on() - before
        found: T = value
        return found

    def of_draw(self, key: Hashable, compute: Callable[[], NDArray[N]]) -> NDArray[N]:
        """An array of one draw, remembered as by ``once`` as long as there is room.

        Every question begins with the first draws: those are remembered, and however many more one
        of them takes, they take no more memory.
        """
        if key in self._memory or self._room > 0:
            known = key in self._memory
            found = self.once(key, compute)
            self._room -= 0 if known else found.nbytes
            return found
        return compute()

    def count_anew(self) -> None:
        """Let what was counted for one question count for the next one, too."""
        for model in self.models.values():
            model.passes.counted.clear()

    @property
    def made(self) -> Passes:
        """The passes that were made so far; another thread may ask."""
        return sum((model.passes for model in list(self.models.values())), start=Passes())

    def rested_on(self) -> Passes:
        """The passes that all that was asked for so far rests on, shared ones each time."""
        return self._shared + self.made


def _seed(seed: int, draw: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{draw}".encode()).digest()[:4], "big")

"""Workbench of a probe: the parts of the pack that it takes, and the seeds of its draws."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from quizproof.probes.declaration import Draw, Probe
from quizproof.probes.models.passes import Passes
from quizproof.probes.packs.named_files import held_file
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.parts_taken import names_of
from quizproof.probes.part_types import kind_of
from quizproof.probes.phase import phase

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")
N = TypeVar("N", bound="np.generic")

_ALWAYS = 0  # the seed of all that is random and yet no draw
_ROOM = 64 << 20  # bytes for what of single draws is remembered


@dataclass
class Bench:
    """A pack's parts, each loaded when it is first asked for.

    With ``randomized``, the models are the pack's with random weights in place of their own: that
    is the number of the network, from 0, which has the same weights in every run. The seed is that
    of draws alone, so that what rests on no draw comes out the same whatever the seed.
    """

    pack: Pack
    seed: int
    randomized: int | None = None
    quiz: Path | None = None  # the folder of the quiz that asks, for files beside it
    loaded: dict[str, Any] = field(default_factory=dict)  # parts by name, and others put there
    given: dict[str, str] = field(default_factory=dict)  # SHA-256 of the files of parameters
    _memory: dict[Hashable, tuple[Any, Passes]] = field(default_factory=dict)
    _shared: Passes = field(default_factory=Passes)
    _room: int = _ROOM

    @property
    def kinds(self) -> Mapping[str, str]:
        """The kind of each part, by its name: of the pack's, and of those put here."""
        here = ((name, kind_of(part)) for name, part in self.loaded.items())
        return {**self.pack.manifest.kinds, **{name: kind for name, kind in here if kind}}

    def part(self, name: str) -> Any:
        """What a probe works with of the part called ``name``.

        Raises MissingError, and what loading it raises.
        """
        if name not in self.loaded:
            with phase(f"loading {name}"):
                self.loaded[name] = self.pack.loaded(name, self.randomized)
        return self.loaded[name]

    def parts_of(self, probe: Probe, parameters: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """The names of the parts that a call takes, by the parameter. Raises MissingError."""
        return names_of(self.kinds, self.pack.manifest.name, probe, parameters)

    def run(self, probe: Probe, parameters: Mapping[str, Any]) -> Iterator[Draw]:
        """The draws of ``probe``, which is handed the parts that ``parameters`` name.

        These are complete. Raises MissingError, and what loading a part raises.
        """
        given = dict(parameters)
        for name, those in self.parts_of(probe, parameters).items():
            parts = [self.part(one) for one in those]
            given[name] = parts if probe.parts[name].many else parts[0] if parts else None
        return probe.run(self, **given)

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

    @property
    def weight_bytes(self) -> float:
        """The bytes of all weights of its models; infinite where one does not say."""
        return sum(getattr(part, "weight_bytes", math.inf) for part in self.models)

    def forget(self) -> None:
        """Let go of all that was remembered, of models too, and keep their weights."""
        self._memory.clear()
        self._room = _ROOM
        for part in self.models:
            part.forget()

    def count_anew(self) -> None:
        """Let what was counted for one question count for the next one, too."""
        for part in self.models:
            part.passes.counted.clear()

    @property
    def made(self) -> Passes:
        """The passes that were made so far; another thread may ask."""
        return sum((part.passes for part in self.models), start=Passes())

    @property
    def models(self) -> list[Any]:
        """The loaded parts that are models, whose passes are counted."""
        return [part for part in list(self.loaded.values()) if hasattr(part, "passes")]

    def rested_on(self) -> Passes:
        """The passes that all that was asked for so far rests on, shared ones each time."""
        return self._shared + self.made


def _seed(seed: int, draw: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{draw}".encode()).digest()[:4], "big")

"""Key of evidence: everything that it depends on, and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quizproof.probes.declaration import Probe
from quizproof.probes.engine.evidence.code import Sources
from quizproof.probes.kinds.kind import Part
from quizproof.probes.models.precision import PRECISION
from quizproof.probes.packs.named_files import named_file
from quizproof.probes.packs.network import Network
from quizproof.probes.packs.pack import Pack, sha256
from quizproof.probes.packs.parts_taken import parts_taken
from quizproof.probes.packs.picture_set import PictureSet
from quizproof.probes.packs.pictures import picture_of
from quizproof.probes.packs.settling import pictures_rested_on
from quizproof.probes.versions import versions_of

# of the libraries whose numbers a draw is made of
_LIBRARIES = (
    "torch", "torchvision", "transformers", "tokenizers", "captum", "lime", "scikit-image",
)  # fmt: skip
CALLABLE = "callable:"
_NUMBERS = ("numpy", "scipy", "scikit-learn", "pillow")


@dataclass(frozen=True)
class MadeWith:
    """The code and the libraries that evidence was made with."""

    libraries: Mapping[str, str]  # version by name
    # of code, by the probe's name, in earlier files by its package's; None: of what is installed
    digests: Mapping[str, str] | None = None
    files: Mapping[str, str] = field(default_factory=dict)  # digests of files that probes are given
    unlisted: tuple[str, ...] = ()  # models of a hub that were not compared with a list
    _sources: Sources = field(default_factory=Sources, compare=False, repr=False)

    def code(self, probe: Probe) -> str:
        """The digest of a probe's code as it was when it was first asked for."""
        if self.digests is None:
            return self._sources.digest(probe)
        package = probe.run.__module__.partition(".")[0]
        return self.digests.get(probe.name, self.digests.get(package, ""))

    def network(self, part: Part[Any]) -> str | None:
        """The digest of the code that an installed package ships of a network.

        None where it is none of an installed package, or an earlier version's file does not say.
        """
        module = code_of_network(part).removeprefix(CALLABLE).partition(":")[0]
        if not module:
            return None
        if self.digests is None:
            return self._sources.of_module(module)
        return self.digests.get(code_of_network(part))

    def file(self, name: str, pack: Path, quiz: Path | None) -> str:
        """The SHA-256 of a file that a parameter names. Raises MissingError."""
        if self.digests is None:
            return sha256(named_file(name, pack, quiz))
        return self.files.get(name, "")


def code_of_network(part: Part[Any]) -> str:
    """What an evidence file calls the code of a network that an installed package ships; or ""."""
    if not isinstance(part.entry, Network) or part.entry.architecture.callable is None:
        return ""
    return f"{CALLABLE}{part.entry.architecture.callable}"


def this_machine() -> MadeWith:
    """Return what evidence that is made here and now is made with."""
    return MadeWith(versions_of((*_LIBRARIES, *_NUMBERS)))


def evidence_key(
    probe: Probe,
    parameters: Mapping[str, Any],
    pack: Pack,
    *,
    randomized: int | None,
    seed: int,
    made_with: MadeWith,
    quiz: Path | None = None,
) -> str:
    """The SHA-256, in hexadecimal, of all that draws of ``probe`` depend on.

    That is the code it runs, and that of a network that an installed package ships, the libraries'
    versions, the parameters with their defaults, the seed, the number of the ``randomized`` network
    where it is not the pack's own weights, the precision, and the digests of the parts of the pack
    it looks at and of the files that its parameters name, in the pack or the folder ``quiz``. Not
    the device: what it is says the evidence, and draws on another differ by rounding alone. Raises
    MissingError for a file or a part that is missing.
    """
    taken = parts_taken(pack, probe, parameters)
    networks = {
        part.name: code
        for parts in taken.values()
        for part in parts
        if (code := made_with.network(part)) is not None
    }
    rests_on = {
        "probe": probe.name,
        "code": made_with.code(probe),
        "libraries": dict(made_with.libraries),
        "parameters": {name: value for name, value in parameters.items() if name not in taken},
        "parts": {
            name: [[part.name, _rests_on(pack, part, parameters)] for part in parts]
            for name, parts in taken.items()
        },
        "randomized": randomized,
        "seed": seed,
        "precision": PRECISION,
    }
    if networks:
        rests_on["networks"] = networks
    if named := probe.files(parameters):
        rests_on["files"] = {name: made_with.file(name, pack.folder, quiz) for name in named}
    text = json.dumps(rests_on, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _rests_on(pack: Pack, part: Part[Any], parameters: Mapping[str, Any]) -> Any:
    found = part.entry.rests_on()
    if isinstance(part.entry, PictureSet):
        numbers = pictures_rested_on(parameters, len(part.entry.pictures))
        for number in numbers:
            picture_of(part, number)
        return {str(number): found[str(number)] for number in numbers}
    if found == part.entry.identity():
        return pack.identity(part)
    return found

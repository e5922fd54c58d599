"""What evidence is known by: everything that it depends on, and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from quizproof.probes.models.precision import PRECISION
from quizproof.probes.packs.language_roles import LANGUAGE_ROLES
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.settling import pictures_rested_on
from quizproof.probes.probe import Probe

# of the libraries whose numbers a draw is made of
_LIBRARIES = ("torch", "torchvision", "transformers", "tokenizers", "lime", "scikit-image")
_NUMBERS = ("numpy", "scipy", "scikit-learn", "pillow")


@dataclass(frozen=True)
class MadeWith:
    """The code and the libraries that evidence was made with."""

    libraries: Mapping[str, str]  # version by name
    digests: Mapping[str, str] | None = None  # of code, by package; None: of what is installed

    def code(self, probe: Probe) -> str:
        package = package_of(probe)
        return code_digest(package) if self.digests is None else self.digests.get(package, "")


def this_machine() -> MadeWith:
    """What evidence that is made here and now is made with."""
    return MadeWith(_versions())


def package_of(probe: Probe) -> str:
    """The package whose code a probe is."""
    return probe.run.__module__.partition(".")[0]


def evidence_key(
    probe: Probe,
    parameters: Mapping[str, Any],
    pack: Pack,
    *,
    randomized: int | None,
    seed: int,
    made_with: MadeWith,
) -> str:
    """The SHA-256, in hexadecimal, of all that draws of ``probe`` depend on.

    That is the code it runs, the libraries' versions, the parameters with their defaults, the seed,
    the number of the ``randomized`` network where it is not the pack's own weights, the precision,
    and the digests of the parts of the pack it looks at. Not the device: what it is says the
    evidence, and the same draws on another differ by rounding alone.
    """
    rests_on = {
        "probe": probe.name,
        "code": made_with.code(probe),
        "libraries": dict(made_with.libraries),
        "parameters": dict(parameters),
        "parts": {role: _part(pack, role, parameters) for role in probe.roles},
        "randomized": randomized,
        "seed": seed,
        "precision": PRECISION,
    }
    text = json.dumps(rests_on, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


@cache
def code_digest(package: str) -> str:
    """The SHA-256 over the code of an installed package's ``probes`` and ``questions``.

    A change of the code is a change of the evidence even where the version stayed.
    """
    digest = hashlib.sha256()
    for path in sorted(_code(package)):
        digest.update(path.as_posix().rpartition(package)[2].encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _code(package: str) -> Iterator[Path]:
    spec = find_spec(package)
    for place in (spec.submodule_search_locations or []) if spec else []:
        root = Path(place)
        if package == "quizproof":
            # what is told of a measurement is no part of it
            yield from (root / "probes").rglob("*.py")
            yield from (root / "probes" / "methods").glob("*.json")  # figures it goes by
            yield root / "questions" / "rules.py"
        else:
            yield from root.rglob("*.py")
    if spec and spec.origin and not spec.submodule_search_locations:
        yield Path(spec.origin)


@cache
def _versions() -> dict[str, str]:
    found = {}
    for name in (*_LIBRARIES, *_NUMBERS):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _part(pack: Pack, role: str, parameters: Mapping[str, Any]) -> Any:
    if role in LANGUAGE_ROLES:
        return pack.identities(role)
    if role == "classifier":
        return pack.classifier.model_dump()
    rested_on = pictures_rested_on(parameters, len(pack.manifest.pictures))
    return {str(number): pack.picture(number).model_dump() for number in rested_on}

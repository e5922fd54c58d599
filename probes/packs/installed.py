"""Whose code a module is, decided without running any of it.

A pack may name a callable of an installed package, and code of a pack is never run. Python would
import it all the same where the folder above a pack can be imported from: in a notebook that stands
there, under ``python -m``, with that folder in PYTHONPATH.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import Distribution, PackageNotFoundError, distributions, requires
from importlib.metadata import distribution as metadata_of
from importlib.util import find_spec
from pathlib import Path

from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import PACK_FILE


class NotInstalledError(QuizproofError):
    """A module that is no installed distribution's, or lies in a pack."""


@dataclass(frozen=True)
class Shipped:
    """A module's file, and the distribution that ships it."""

    file: Path
    distribution: str  # with its version


def shipped(module: str, pack: Path) -> Shipped:
    """Who ships ``module``; nothing of it is imported, nor of the packages that it lies in.

    Raises NotInstalledError where it lies in ``pack`` or any other, or belongs to no distribution
    that is installed, and ModuleNotFoundError where there is none.
    """
    found: Shipped | None = None
    for spec in _specs(module):
        if not spec.has_location or spec.origin is None:
            found = None  # a folder without code
            continue
        file = Path(spec.origin)
        if _in_a_pack(file, pack):
            raise NotInstalledError(f"{module} is code in the pack, which is never run; install it")
        owner = next((d for d in distributions() if _ships(d, file, spec.name)), None)
        if owner is None or _in_a_pack(Path(str(owner.locate_file(""))), pack):
            raise NotInstalledError(
                f"{module} is at {file}, which no installed distribution lists; install it with pip"
            )
        found = Shipped(file, f"{owner.metadata['Name']} {owner.version}")
    if found is None:
        raise NotInstalledError(f"{module} is a folder without code; name a module of a package")
    return found


def installed_file(distribution: str, name: str, pack: Path) -> Path:
    """Where the file ``name`` of an installed distribution lies; nothing of it is imported.

    It is named as the distribution's RECORD lists it: ``package/data/table.csv``. Raises
    NotInstalledError where none of that name is installed, or it lists no such file, and for a
    distribution that lies in ``pack`` or any other.
    """
    try:
        owner = metadata_of(distribution)
    except PackageNotFoundError:
        raise NotInstalledError(
            f"no distribution {distribution} is installed; {pip_command(distribution)}"
        ) from None
    site = Path(str(owner.locate_file(""))).resolve()
    record = owner.read_text("RECORD") or ""
    places = [(site, site / name)] if f"\n{name}," in f"\n{record}" else []
    for package, root in _editable(owner, site, record):
        top = "/".join(filter(None, package.split(".")))
        if not top or name.startswith(f"{top}/"):
            places.append((root, root / name.removeprefix(top).lstrip("/")))
    for root, place in places:
        if place.is_file() and place.resolve().is_relative_to(root.resolve()):
            if _in_a_pack(place, pack) or _in_a_pack(site, pack):
                raise NotInstalledError(f"{place} lies in a pack; name it as a file of that pack")
            return place
    raise NotInstalledError(
        f"{distribution} {owner.version} lists no file {name}; name one of its RECORD"
    )


def pip_command(distribution: str) -> str:
    """The command that installs ``distribution``: by an extra of this program that brings it."""
    wanted = _normalised(distribution)
    try:
        needs = requires("quizproof") or []
    except PackageNotFoundError:
        needs = []
    for need in needs:
        said = re.match(r"""([\w.-]+).*\bextra == ['"]([\w.-]+)['"]""", need)
        if said is not None and _normalised(said[1]) == wanted:
            return f"pip install 'quizproof[{said[2]}]'"
    return f"pip install {distribution}"


def _normalised(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _specs(module: str) -> Iterator[ModuleSpec]:
    """Yield where ``module`` and the packages it lies in would be imported from, outermost first.

    Raises ModuleNotFoundError.
    """
    steps = module.split(".")
    spec: ModuleSpec | None = None
    for length in range(1, len(steps) + 1):
        name = ".".join(steps[:length])
        try:
            if length == 1:
                spec = find_spec(name)  # imports nothing where there is no dot
            else:
                places = spec.submodule_search_locations if spec is not None else None
                spec = PathFinder.find_spec(name, list(places)) if places is not None else None
        except ValueError:  # somebody put it into sys.modules by hand
            spec = None
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        yield spec


def _in_a_pack(place: Path, pack: Path) -> bool:
    """Tell what lies in ``pack``, or anywhere below another pack's manifest."""
    ways = {place.absolute(), place.resolve()}
    folders = {pack.absolute(), pack.resolve()}
    return any(way.is_relative_to(folder) for way in ways for folder in folders) or any(
        (folder / PACK_FILE).exists() for way in ways for folder in (way, *way.parents)
    )


def _ships(distribution: Distribution, file: Path, module: str) -> bool:
    """Tell by its RECORD, or by what an editable one puts on Python's path."""
    place = file.parent.resolve() / file.name  # as it is listed, though it may be a link
    site = Path(str(distribution.locate_file(""))).resolve()
    record = distribution.read_text("RECORD")
    if place.is_relative_to(site):
        name = place.relative_to(site).as_posix()
        if record is not None and f"\n{name}," in f"\n{record}":
            return True
        # what is older than RECORD, or comes with the system
        if record is None and name in {one.as_posix() for one in distribution.files or ()}:
            return True
    return record is not None and any(
        _lies_at(root, place, module) for root in _editable(distribution, site, record)
    )


def _editable(distribution: Distribution, site: Path, record: str) -> Iterator[tuple[str, Path]]:
    """Yield what an editable distribution lists: a package's name with its place, or "" and a
    folder of packages.
    """
    try:
        told = json.loads(distribution.read_text("direct_url.json") or "{}")
        if not told.get("dir_info", {}).get("editable"):
            return
    except (ValueError, AttributeError):
        return
    for line in record.splitlines():
        name = line.partition(",")[0]
        try:
            if name.endswith(".pth"):
                for root in (site / name).read_text(encoding="utf-8").splitlines():
                    if (site / root).is_dir() and root.strip():
                        yield "", site / root
            elif name.startswith("__editable__") and name.endswith("_finder.py"):
                yield from _mapped((site / name).read_text(encoding="utf-8"))
        except (OSError, ValueError, SyntaxError):
            continue


def _mapped(source: str) -> Iterator[tuple[str, Path]]:
    """Yield the MAPPING that setuptools writes into an editable distribution's finder."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            target, value = node.target, node.value
        else:
            continue
        if isinstance(target, ast.Name) and target.id == "MAPPING":
            for name, place in ast.literal_eval(value).items():
                yield str(name), Path(str(place))


def _lies_at(root: tuple[str, Path], place: Path, module: str) -> bool:
    name, folder = root
    if name and module != name and not module.startswith(f"{name}."):
        return False
    inside = module[len(name) :].strip(".")
    expected = folder.joinpath(*filter(None, inside.split(".")))
    without = place.with_name(place.name.partition(".")[0])  # of its suffix, or an extension's
    listed = place.parent if without.name == "__init__" else without
    return listed in (expected.resolve(), expected.parent.resolve() / expected.name)

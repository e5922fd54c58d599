"""The code that a probe's numbers are made by: its module and all that this imports, to the end.

Imports are read from the source, those inside functions too; nothing is run. What is followed is
this program's own code, that of the probe's distribution, and whatever is no installed distribution
at all, such as a helper module beside it. Of other distributions the version counts. An import that
the source does not spell out, such as that of a name made at run time, is found where it was made.
"""

from __future__ import annotations

import hashlib
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import packages_distributions
from pathlib import Path

from quizproof import probes, questions
from quizproof.probes.beside import MODULE, files_of
from quizproof.probes.catalogue import OWN
from quizproof.probes.declaration import Probe
from quizproof.probes.kinds.every import every_kind
from quizproof.probes.packs.held import file_version
from quizproof.probes.versions import version_of

_BENCH = f"{OWN}.probes.bench"  # hands probes what they measure
# packages that hand out what lies in all rooms, when it is asked for
_DOORS = (OWN, f"{OWN}.probes")
# that are called otherwise than what is imported: to read all that is installed takes a second
_DISTRIBUTIONS = {
    "PIL": "pillow",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
}
# of the interpreter, and of this program, which `closure` follows by itself
_NOBODYS = ("__main__", "sitecustomize", "usercustomize", OWN)
# the start of a statement that imports, of which the rest may stand on several lines in parentheses
_IMPORT = re.compile(
    r"(?:^|[;:])[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]*(\([^)]*\)|[^\n;#]*)"
    r"|import[ \t]+([^\n;#]+))",
    re.MULTILINE,
)
_NO_NAME = re.compile(r"#[^\n]*|[()\\]")
_NAME = re.compile(r"([.\w]+)(?:\s+as\s+\w+)?")


@dataclass(frozen=True)
class _Module:
    """A module's file with those of the packages it lies in, and what all of these import."""

    files: Mapping[str, Path] = field(default_factory=dict)  # by the module's name
    imports: tuple[str, ...] = ()  # that can be found; what of a package is named may be a module
    library: str | None = None  # of which it is a part, where it is none of our own


@dataclass(frozen=True)
class _Source:
    """A file, of which there may be newer ones: its SHA-256, and its imports as it writes them."""

    digest: bytes
    imports: tuple[str, ...]


@dataclass
class Sources:
    """The code of probes, each looked up once; a file is read again only where it changed."""

    _modules: dict[tuple[str, frozenset[str]], _Module] = field(default_factory=dict)
    _of_probes: dict[tuple[str, ...], str] = field(default_factory=dict)  # by where it begins

    def digest(self, probe: Probe) -> str:
        """The SHA-256 of the code that draws of ``probe`` are made by.

        That is its own and what hands it its parts, with figures in JSON beside a module of that
        name, and the versions of other distributions that these import.
        """
        begin = _beginnings(probe)
        if begin not in self._of_probes:
            self._of_probes[begin] = self._digest_of(*self.closure(probe))
        return self._of_probes[begin]

    def of_module(self, module: str) -> str:
        """The SHA-256 of an installed module's code, as of a probe's."""
        return self._digest_of(*self._closure(module, module))

    def _digest_of(self, files: Mapping[str, Path], libraries: set[str]) -> str:
        digest = hashlib.sha256()
        for name, path in sorted(files.items()):
            digest.update(f"{name}\0".encode() + _read(path, file_version(path)).digest)
            if (figures := path.with_suffix(".json")).exists():
                digest.update(_read(figures, file_version(figures)).digest)
        for library in sorted(libraries):
            digest.update(f"{library}\0{_version(library)}\0".encode())
        return digest.hexdigest()

    def closure(self, probe: Probe) -> tuple[dict[str, Path], set[str]]:
        """The files of ``probe`` by the modules' names, and libraries by the imported names."""
        return self._closure(probe.run.__module__, *_beginnings(probe))

    def _closure(self, whose: str, *begin: str) -> tuple[dict[str, Path], set[str]]:
        own = frozenset({OWN, *_of_its_distribution(whose.partition(".")[0])})
        files: dict[str, Path] = {}
        libraries: set[str] = set()
        known: set[str] = set()
        waiting = list(begin)
        while waiting:
            if (name := waiting.pop()) in known:
                continue
            known.add(name)
            module = self._module(name, own)
            files |= module.files
            waiting += module.imports
            if module.library is not None:
                libraries.add(module.library)
        return files, libraries

    def _module(self, name: str, own: frozenset[str]) -> _Module:
        # what is another's library for one probe is another probe's own
        if (name, own) not in self._modules:
            self._modules[name, own] = self._found(name, own)
        return self._modules[name, own]

    def _found(self, name: str, own: frozenset[str]) -> _Module:
        if name.startswith(MODULE):
            return _beside(name)
        top = name.partition(".")[0]
        files: dict[str, Path] = {}
        imports: list[str] = []
        steps = name.split(".")
        for each in (".".join(steps[:length]) for length in range(1, len(steps) + 1)):
            if (place := _place(each)) is None:
                break
            if top not in own and installed(place):
                return _Module(library=top)
            if place.is_file():
                files[each] = place
                if each in _DOORS:
                    continue
                package = each if place.name == "__init__.py" else each.rpartition(".")[0]
                source = _read(place, file_version(place))
                imports += (_absolute(named, package) for named in source.imports)
        return _Module(files, tuple(dict.fromkeys(imports)))


def _beside(name: str) -> _Module:
    """The code beside a quiz, whose modules import each other by their files' names."""
    files = files_of(name)
    own = {file.removesuffix(".py") for file in files}
    named = (n for path in files.values() for n in _read(path, file_version(path)).imports)
    outside = (n for n in named if n.partition(".")[0] not in own)
    return _Module({f"{name}/{file}": path for file, path in files.items()}, tuple(outside))


def _beginnings(probe: Probe) -> tuple[str, ...]:
    """The modules that a probe's code begins with: its own, and what loads the parts it takes.

    Probes of one module may take parts of different kinds.
    """
    taken = {kind for parameter in probe.parts.values() for kind in parameter.kinds}
    kinds = [kind for name, kind in sorted(every_kind().items()) if name in taken]
    loaders = (kind.elsewhere or kind.load.__module__ for kind in kinds)
    return (_BENCH, probe.run.__module__, *loaders)


def unseen_modules(probes: Iterable[Probe]) -> list[str]:
    """Modules in this process that are no library's, and that no source of ``probes`` spells out.

    Their code is part of no key. ``probes``: all that were imported here of one distribution.
    """
    sources = Sources()
    known: set[Path] = set()
    own: set[str] = set()
    for probe in probes:
        files, _ = sources.closure(probe)
        known |= {path.resolve() for path in files.values()}
        own |= _of_its_distribution(probe.run.__module__.partition(".")[0])
    found = []
    for name, module in list(sys.modules.items()):
        top, file = name.partition(".")[0], getattr(module, "__file__", None)
        if not file or top in sys.stdlib_module_names or top in _NOBODYS:
            continue
        place = Path(file)
        if not place.is_absolute():  # no import gives one: code made it, as torch its `torch.ops`
            continue
        if installed(place):
            others = top not in own
        else:
            others = any(place.is_relative_to(folder) for folder in _stdlib())
        if not others and place.resolve() not in known:
            found.append(name)
    return sorted(found)


@lru_cache(maxsize=1024)
def _read(path: Path, version: tuple[int, ...]) -> _Source:
    """Read a file; ``version`` is another one when it has changed."""
    content = path.read_bytes()
    imports = tuple(_imports(content.decode("utf-8", errors="replace")))
    return _Source(hashlib.sha256(content).digest(), imports)


def _imports(source: str) -> Iterator[str]:
    for match in _IMPORT.finditer(source):
        origin, names, plain = match.groups()
        if plain is not None:
            yield from _names(plain)
        else:
            joined = origin if origin.endswith(".") else f"{origin}."
            yield origin
            yield from (f"{joined}{name}" for name in _names(names))


def code_of_all() -> str:
    """The SHA-256 of this program's own code below ``probes`` and ``questions``."""
    digest = hashlib.sha256()
    rooms = [Path(questions.__path__[0]), Path(probes.__path__[0])]
    for path in sorted(p for room in rooms for p in room.rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _names(listed: str) -> Iterator[str]:
    for part in _NO_NAME.sub(" ", listed).split(","):
        if match := _NAME.fullmatch(part.strip()):
            yield match[1]


def _absolute(origin: str, package: str) -> str:
    name = origin.lstrip(".")
    up = len(origin) - len(name)
    if up == 0:
        return name
    base = ".".join(package.split(".")[: len(package.split(".")) - up + 1])
    return f"{base}.{name}" if name else base


def _place(module: str) -> Path | None:
    """The file of a module, or the folder of a package without one; None where there is neither."""
    spec = _spec(module, tuple(sys.path))
    if spec is None:
        return None
    if spec.origin not in (None, "built-in", "frozen"):
        return Path(str(spec.origin))
    folders = list(spec.submodule_search_locations or [])
    return Path(folders[0]) if folders else None


@cache
def _spec(module: str, path: tuple[str, ...]) -> ModuleSpec | None:
    """As an import would find it, of which none is made. ``path`` is where that looks."""
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names:
        return None
    parent = module.rpartition(".")[0]
    if not parent:
        loaded = getattr(sys.modules.get(module), "__spec__", None)
        return loaded or PathFinder.find_spec(module)
    package = _spec(parent, path)
    if package is None or not package.submodule_search_locations:
        return None
    return PathFinder.find_spec(module, list(package.submodule_search_locations))


@cache
def _site() -> tuple[Path, ...]:
    return tuple({Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")})


@cache
def _stdlib() -> tuple[Path, ...]:
    return tuple({Path(sysconfig.get_path(kind)) for kind in ("stdlib", "platstdlib")})


def installed(place: Path) -> bool:
    """Return whether a file lies where distributions are installed."""
    parts = {"site-packages", "dist-packages"}  # of another environment on the path, too
    return not parts.isdisjoint(place.parts) or any(place.is_relative_to(s) for s in _site())


@cache
def _distributions() -> Mapping[str, list[str]]:
    """The distributions that install each top-level name; all of them are read for it, once."""
    return packages_distributions()


@cache
def _of_its_distribution(top: str) -> frozenset[str]:
    """The names that the distribution of package ``top`` installs, itself among them."""
    if top == OWN or top.startswith(MODULE):
        return frozenset({top})
    by_name = _distributions()
    its = set(by_name.get(top, ()))
    return frozenset({top, *(name for name, of in by_name.items() if its.intersection(of))})


@cache
def _version(library: str) -> str:
    if (found := version_of(_DISTRIBUTIONS.get(library, library))) is not None:
        return found
    of = _distributions().get(library, [])
    return version_of(of[0]) or "" if of else ""

"""A quiz's own probes: those that ``probes.py`` in its folder declares.

It runs where this user trusts what lies there (``trust.py``), and nowhere else. It is read in a
process of its own, as another distribution is, and measures in one. What it may import of the
folder are the modules beside it that were shown with it, read as they were then: the name that
it goes by here has the digest of them all, and so has the key of its evidence.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final

from quizproof.probes.declaration import DECLARED, Probe
from quizproof.probes.strangers import declared_when, probes_of, tell_of
from quizproof.questions.files import read_bounded
from quizproof.questions.problems import QuizproofError

PROBES_FILE: Final = "probes.py"
MODULE: Final = "quizproof_beside_"  # what it is imported as, before its digest
_MOST_BYTES: Final = 1_000_000
_MOST_FILES: Final = 64
_TESTS: Final = ("test_", "conftest")
_CODE: Final = (
    "import sys; sys.path[:] = {path!r}; "
    "from quizproof.probes.beside import tell_beside; tell_beside({folder!r}, {digest!r})"
)
# what asks the network, by the name of the audit event
_NETWORK: Final = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")


_FOLDERS: Final[dict[str, Path]] = {}  # of the code that is known here, by what it is imported as


@dataclass(frozen=True)
class BesideCode:
    """``probes.py`` and the modules beside it, as they were read."""

    folder: Path
    files: Mapping[str, bytes]  # by name

    @property
    def digest(self) -> str:
        """The SHA-256 of their names and contents."""
        digests = {name: sha256_of(content) for name, content in sorted(self.files.items())}
        return sha256_of(json.dumps(digests).encode())

    @property
    def probe_names(self) -> list[str]:
        """The probes that it declares by names written out, read without running it."""
        found: list[str] = []
        for content in self.files.values():
            with suppress(SyntaxError, ValueError, RecursionError):
                found += filter(None, map(_declared_name, ast.walk(ast.parse(content))))
        return sorted(set(found))


@dataclass(frozen=True)
class Beside:
    """The probes of a quiz's own, as data: what they declare, and where their code lies."""

    folder: Path | None  # None: an evidence file knows them
    digest: str
    declared: str  # JSON, a list

    @property
    def owner(self) -> str:
        """Who the process is for that measures them."""
        return f"{PROBES_FILE} of {self.folder}"


def code_beside(folder: Path) -> BesideCode | None:
    """The code in the quiz's ``folder``; None where there is no ``probes.py``.

    Raises InputError for what is no file or too large, and QuizproofError for a module that is
    called as an installed one.
    """
    if not (folder / PROBES_FILE).exists():
        return None
    names = sorted(path.name for path in folder.glob("*.py") if not path.name.startswith(_TESTS))
    if len(names) > _MOST_FILES:
        raise QuizproofError(
            f"{folder} holds more than {_MOST_FILES} modules; put them into a package of their own"
        )
    for name in names:
        if name != PROBES_FILE and _is_elsewhere(name.removesuffix(".py"), folder):
            raise QuizproofError(
                f"{folder / name} is called as a module that is installed; rename it"
            )
    return BesideCode(folder, {name: read_bounded(folder / name, _MOST_BYTES) for name in names})


def declared_beside(code: BesideCode) -> Beside | str:
    """What trusted ``code`` declares, or why nothing does. It runs in a process of its own."""
    said = declared_when(
        _CODE.format(path=sys.path, folder=str(code.folder.resolve()), digest=code.digest)
    )
    if isinstance(said, str):
        return said
    return Beside(code.folder.resolve(), code.digest, json.dumps(said))


@lru_cache(64)
def probes_beside(beside: Beside) -> Mapping[str, Probe]:
    """The probes of ``beside`` by name, which run in processes of their own."""
    if beside.folder is not None:
        _FOLDERS[f"{MODULE}{beside.digest}"] = beside.folder
    return {probe.name: probe for probe in probes_of(json.loads(beside.declared))}


def declarations(beside: Beside, names: Sequence[str]) -> list[Any]:
    """What the probes called ``names`` declare, as an evidence file holds it."""
    return [each for each in json.loads(beside.declared) if each["name"] in names]


def tell_beside(folder: str, digest: str) -> None:
    """Import the code in ``folder`` and write what it declares: the other process's part."""
    tell_of(lambda: load_beside(Path(folder), digest))


def load_beside(folder: Path, digest: str) -> None:
    """Import ``probes.py`` of ``folder`` into this process.

    Raises QuizproofError for another content than that of ``digest``, and what it raises.
    """
    name = f"{MODULE}{digest}"
    if name in sys.modules:
        return
    code = code_beside(folder)
    if code is None or code.digest != digest:
        raise QuizproofError(f"{folder / PROBES_FILE} was changed meanwhile; run it again")
    _FOLDERS[name] = folder
    finder = _Finder(code)
    sys.meta_path.insert(0, finder)
    sys.addaudithook(_no_network)
    spec = finder.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    for probe in DECLARED.values():
        if probe.run.__module__ in finder.modules:
            probe.run.__module__ = name  # what its evidence is known by


def files_of(module: str) -> Mapping[str, Path]:
    """The files of the code that is imported as ``module``, by name, as they lie there now."""
    folder = _FOLDERS.get(module)
    code = None if folder is None else code_beside(folder)
    return {} if code is None else {name: code.folder / name for name in code.files}


def sha256_of(content: bytes) -> str:
    """The SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class _Finder(MetaPathFinder):
    """Finds the modules of ``code`` as they were read, and no other file of its folder."""

    def __init__(self, code: BesideCode) -> None:
        self._folder = code.folder
        self._sources = {name.removesuffix(".py"): text for name, text in code.files.items()}
        self._own = f"{MODULE}{code.digest}"
        self.modules = {self._own, *self._sources}

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        name = PROBES_FILE.removesuffix(".py") if fullname == self._own else fullname
        if name not in self._sources:
            return None
        place = str(self._folder / f"{name}.py")
        loader = _Loader(self._sources[name], place)
        return spec_from_loader(fullname, loader, origin=place)


class _Loader(InspectLoader):
    def __init__(self, source: bytes, place: str) -> None:
        self._source, self._place = source, place

    def get_source(self, fullname: str) -> str:
        return self._source.decode("utf-8")

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self._place, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = self._place
        super().exec_module(module)


def _no_network(event: str, arguments: tuple[object, ...]) -> None:
    if event in _NETWORK and (event != "socket.connect" or isinstance(arguments[1], tuple)):
        raise QuizproofError(
            f"{PROBES_FILE} asks the network, whose answer no evidence can be known by; "
            "put what it needs into a file, and name that in a parameter of type File"
        )


def _declared_name(node: ast.AST) -> str | None:
    """The name of a probe where ``node`` declares one."""
    if not isinstance(node, ast.FunctionDef):
        return None
    for call in node.decorator_list:
        match call:
            case ast.Call(
                func=ast.Name(id="probe" | "function_probe")
                | ast.Attribute(attr="probe" | "function_probe"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                return name
    return None


@cache
def _is_elsewhere(module: str, folder: Path) -> bool:
    if module in sys.stdlib_module_names:
        return True
    found = PathFinder.find_spec(module)
    if found is None or found.origin is None:
        return False
    return not Path(found.origin).resolve().is_relative_to(folder.resolve())

"""Every kind that there is: the program's own, found by looking into this folder, and others'.

Another distribution names kinds by its entry points in the group ``quizproof.kinds``, each a
``Kind`` called as the entry point is. None of its code runs to read a manifest: an entry of such a
kind is held as it is written, with the files that it names, and is read as its kind has it where
the distribution's probes run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules
from typing import Any, Final, Literal

from pydantic import ConfigDict, ValidationError, create_model

from quizproof.probes import kinds
from quizproof.probes.kinds.kind import Entry, Kind, Named, Part
from quizproof.probes.packs.files import File, Folder, HubModel, identity_of
from quizproof.questions.problems import QuizproofError, one_line

ENTRY_POINTS: Final = "quizproof.kinds"


@cache
def every_kind() -> Mapping[str, Kind]:
    """Return the kinds by name. Of one name, the program's own is the kind."""
    found = {entry.name: _elsewhere(entry) for entry in entry_points(group=ENTRY_POINTS)}
    # by name, not by an import: what a kind loads with reads manifests, which name kinds
    for module in iter_modules(kinds.__path__, f"{kinds.__name__}."):
        kind = getattr(import_module(module.name), "KIND", None)
        if kind is not None:
            found[kind.name] = kind
    return found


class ForeignEntry(Entry):
    """Entry of a kind whose model is another distribution's."""

    model_config = ConfigDict(extra="allow")

    def named(self) -> Iterator[Named]:
        yield from _named_in(self.model_extra)

    def identity(self) -> str:
        return identity_of(self.model_dump(mode="json"))


def _elsewhere(entry: EntryPoint) -> Kind:
    def load(part: Part[Any], randomized: int | None) -> Any:
        kind = entry.load()
        if not isinstance(kind, Kind):
            raise QuizproofError(f"{entry.value} is no kind of parts; mend or uninstall it")
        try:
            read = kind.entry.model_validate(part.entry.model_dump())
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise QuizproofError(
                one_line(f"part {part.name}: {where}: {first['msg']}; mend pack.yaml")
            ) from None
        return kind.load(replace(part, entry=read), randomized)

    fields: dict[str, Any] = {"kind": (Literal[entry.name], ...)}  # no type that is known before
    model = create_model("ForeignEntry", __base__=ForeignEntry, **fields)
    return Kind(name=entry.name, entry=model, load=load, elsewhere=entry.module)


def _named_in(said: Any) -> Iterator[Named]:
    """Yield what is written as a file, a folder or a model of a hub is."""
    if isinstance(said, Mapping):
        for model, keys in ((File, {"file"}), (Folder, {"folder"}), (HubModel, {"repo"})):
            if keys <= said.keys():
                try:
                    yield model.model_validate(said)
                except ValidationError:  # none of ours: nothing can be read by it
                    continue
        for each in said.values():
            yield from _named_in(each)
    elif isinstance(said, list):
        for each in said:
            yield from _named_in(each)

"""Reading a YAML file from a stranger into a model, with the place of every mistake.

Only plain data: no tags, no anchors or aliases (an alias in an alias grows without bound), no
duplicate keys, no file above ``MAX_BYTES``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from quizproof.questions.files import read_bounded
from quizproof.questions.problems import FEW, InputError, Problem, few, shortened

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
_TOO_DEEP = ("nested too deeply", f"keep to {MAX_DEPTH} levels")

Step: TypeAlias = str | int
Path_: TypeAlias = tuple[Step, ...]
Place: TypeAlias = tuple[int, int]  # line and column, from 1

M = TypeVar("M")


class Document:
    """The data of a YAML file, and where each key and item stands."""

    def __init__(self, path: Path, data: Any, places: Mapping[Path_, Place]) -> None:
        self.path = path
        self.data = data
        self._places = places

    def changed(self, data: Any, moved: Callable[[Path_], Path_] = lambda steps: steps) -> Document:
        """This file with other ``data``; ``moved`` tells where what stands in it has gone."""
        return Document(self.path, data, {moved(steps): at for steps, at in self._places.items()})

    def place(self, *steps: Step) -> Place:
        """Line and column of the deepest part of ``steps`` that the file has."""
        for length in range(len(steps), -1, -1):
            if (place := self._places.get(steps[:length])) is not None:
                return place
        return (1, 1)

    def problem(self, steps: Path_, what: str, mend: str, column: int = 0) -> Problem:
        """A problem at ``steps``; ``column`` counts on from the start of the value there."""
        line, start = self.place(*steps)
        return Problem(str(self.path), line, start + column, what, mend)


def read_document(path: Path) -> Document:
    """The data in ``path``. Raises InputError with every problem of its form."""
    content = read_bounded(path, MAX_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            [Problem(str(path), 0, 0, f"not UTF-8 (byte {error.start})", "save it as UTF-8")]
        ) from None
    problems: list[Problem] = []
    places: dict[Path_, Place] = {}
    depth = 0
    try:
        for event in yaml.parse(text, Loader=Loader):
            _refuse_event(event, path)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:  # here, since composing recurses without a bound of its own
                raise InputError([_at(path, event.start_mark, *_TOO_DEEP)])
        root = yaml.compose(text, Loader=Loader)
        data = _plain(root, (), str(path), places, problems) if root is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        what = getattr(error, "problem", None) or "not YAML"
        raise InputError(
            [Problem(str(path), line, column, f"not YAML: {what}", "mend the syntax here")]
        ) from None
    if problems:
        raise InputError(few(problems))
    return Document(path, data, places)


def read_model(
    path: Path, adapter: TypeAdapter[M], change: Callable[[Document], Document] | None = None
) -> tuple[M, Document]:
    """The file at ``path``, as ``change`` leaves it, as the model behind ``adapter``.

    Raises InputError with all of its problems at once.
    """
    document = read_document(path)
    if change is not None:
        document = change(document)
    try:
        model = adapter.validate_python(document.data)
    except ValidationError as error:
        wrong = error.errors(include_url=False)
        told = [_problem_of(each, document) for each in wrong[: FEW + 1]]
        raise InputError(few(told, len(wrong))) from None
    return model, document


def _at(path: Path, mark: Any, what: str, mend: str) -> Problem:
    return Problem(str(path), mark.line + 1, mark.column + 1, what, mend)


def _refuse_event(event: Any, path: Path) -> None:
    if anchor := getattr(event, "anchor", None):
        what = f"an anchor or alias ({shortened(anchor)})"
        raise InputError(
            [_at(path, event.start_mark, what, "write the value out where it is used")]
        )
    if (tag := getattr(event, "tag", None)) and tag not in _SCALARS:
        raise InputError(
            [
                _at(
                    path,
                    event.start_mark,
                    f"the tag {shortened(tag)}",
                    "write plain data without tags",
                )
            ]
        )


def _plain(
    node: Any, steps: Path_, path: str, places: dict[Path_, Place], problems: list[Problem]
) -> Any:
    mark = node.start_mark
    places.setdefault(steps, (mark.line + 1, mark.column + 1))

    def complain(what: str, mend: str, at: Any = mark) -> None:
        problems.append(Problem(path, at.line + 1, at.column + 1, what, mend))

    if isinstance(node, yaml.SequenceNode):
        return [
            _plain(item, (*steps, index), path, places, problems)
            for index, item in enumerate(node.value)
        ]
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                complain("a key that is not a word", "use a plain word as key", key.start_mark)
            elif key.value in mapping:
                what = f"the key '{shortened(key.value)}' stands twice"
                complain(what, "keep one", key.start_mark)
            else:
                mapping[key.value] = _plain(value, (*steps, key.value), path, places, problems)
        return mapping
    try:
        return _SCALARS[node.tag](node.value)
    except ValueError:
        kind = node.tag.rpartition(":")[2]
        complain(
            f"'{shortened(node.value)}' is not a {kind}",
            "write a number in digits, or put it in quotes where a text is wanted",
        )
    return None


def _integer(text: str) -> int:
    if len(text) > 30:
        raise ValueError(text)
    return int(text.replace("_", ""), 0) if not text.lstrip("+-").isdigit() else int(text)


_TAG = "tag:yaml.org,2002:"
_SCALARS: Mapping[str, Any] = {
    f"{_TAG}str": str,
    f"{_TAG}int": _integer,
    f"{_TAG}float": lambda text: float(text.replace("_", "").replace(".inf", "inf")),
    f"{_TAG}bool": lambda text: text.lower() in ("true", "yes", "on"),
    f"{_TAG}null": lambda text: None,
    f"{_TAG}merge": str,
    f"{_TAG}value": str,
    # a date is what YAML makes of an unquoted 2021-05-09: nothing here is one
    f"{_TAG}timestamp": str,
}


def _problem_of(error: Any, document: Document) -> Problem:
    steps = _steps_of(document.data, error["loc"])
    last = shortened(str(error["loc"][-1])) if error["loc"] else "the file"
    match error["type"]:
        case "extra_forbidden":
            return document.problem(steps, f"unknown key '{last}'", _nearest(last, error, document))
        case "missing":
            return document.problem(steps, f"the key '{last}' is missing", "add it")
        case "union_tag_not_found":
            return document.problem(steps, "the key 'kind' is missing", "add it")
        case "union_tag_invalid":
            tag, known = (
                str(error["ctx"]["tag"]),
                re.findall("'(.*?)'", error["ctx"]["expected_tags"]),
            )
            what = f"no kind is called '{shortened(tag)}'"
            return document.problem((*steps, "kind"), what, _meant(tag, known))
    name = shortened(str(steps[-1])) if steps else "the file"
    message = error["msg"][:1].lower() + error["msg"][1:]
    given = repr(error["input"]) if not isinstance(error["input"], dict | list) else ""
    given = f" (here {given[:60]})" if given else ""
    bare = error["type"] == "text" and isinstance(error["input"], bool | int | float)
    mend = "put it in quotes" if bare else "write what is asked for"
    return document.problem(steps, f"'{name}': {message}{given}", mend)


def _steps_of(data: Any, loc: Path_) -> Path_:
    """The steps of ``loc`` that lead into ``data``.

    pydantic puts the name of a union's member among them, which the file does not have.
    """
    steps: list[Step] = []
    entered = True
    for step in loc:
        # where a kind chooses the member, its name comes first, though a key may be called so, too
        if entered and isinstance(data, dict) and data.get("kind") == step:
            entered = False
            continue
        inside = isinstance(data, dict) and step in data
        if inside or (isinstance(data, list) and isinstance(step, int) and step < len(data)):
            data = data[step]
            steps.append(step)
            entered = True
    return tuple(steps)


def _nearest(name: str, error: Any, document: Document) -> str:
    known = _known_keys(error)
    if name in known:
        if name == "by" and "items" in error["loc"]:
            return "move it: it belongs to the question, beside items"
        return "remove it: it belongs elsewhere"
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean '{close[0]}'?" if close else "remove it or see the schema"


def _meant(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean '{close[0]}'?" if close else f"the kinds are {', '.join(known)}"


def _known_keys(error: Any) -> list[str]:
    """Every key of our models: the model that said no is not named in pydantic's error."""
    keys: set[str] = set()
    pending: list[type[BaseModel]] = list(BaseModel.__subclasses__())
    while pending:
        model = pending.pop()
        pending.extend(model.__subclasses__())
        if model.__module__.startswith("quizproof."):
            keys |= {field.alias or key for key, field in model.model_fields.items()}
    return sorted(keys)

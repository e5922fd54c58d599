"""``course.yaml`` of a quiz's folder: how the folder that its course hands out is laid out.

Each part says where its files lie in that folder: none has to be there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, model_validator

from quizproof.probes.packs.files import FileName, HubModel
from quizproof.probes.packs.network import Architecture, Input
from quizproof.questions.spec import Model
from quizproof.questions.yaml_file import read_model

COURSE_FILE: Final = "course.yaml"


def _inside(place: str) -> str:
    if {"", ".", ".."} & set(place.split("/")) or "\\" in place or ":" in place:
        raise ValueError("a path in the course's folder is meant, such as texts/corpus.jsonl")
    return place


def _listed(places: Any) -> Any:
    return [places] if isinstance(places, str) else places


Place: TypeAlias = Annotated[FileName, AfterValidator(_inside)]
# a pack's names of parts are longer by the number that follows a reader's
CoursePartName: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,44}$")]


class CourseClassifier(Model):
    """A classifier's weights, and what they are of; the course's network is as wide as they are."""

    kind: Literal["classifier"]
    file: Place
    architecture: Architecture
    input: Input
    classes: Annotated[list[str], Field(min_length=2, max_length=10_000)]


class CoursePictures(Model):
    """A folder of pictures called ``<class>_<number>.jpg``, the class the classifier's from 0.

    ``regions`` is the file of the quiz's folder that has the regions on them.
    """

    kind: Literal["pictures"]
    folder: Place
    regions: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,100}\.yaml$")] | None = None


class CourseModel(Model):
    """A language model in a folder as ``save_pretrained`` writes it, or the hub's in its place."""

    kind: Literal["masked-lm", "causal-lm", "seq2seq-lm", "encoder", "reader"]
    folder: Place
    hub: HubModel | None = None


class SavedReaders(Model):
    """Readers by the hidden states that they left, each a part whose name ends with its number.

    ``{n}`` stands for the number of a reader, 1 to 9, ``{k}`` for that of a triple, from 1.
    """

    kind: Literal["saved-readers"]
    tokenizer: Place
    hidden_states: Place

    @model_validator(mode="after")
    def _numbered(self) -> SavedReaders:
        folder, _, name = self.hidden_states.rpartition("/")
        if not folder or "{" in folder or sorted(_FIELD.findall(name)) != ["{k}", "{n}"]:
            raise ValueError("hidden_states are files with {n} and {k} in their names, in a folder")
        if _FIELD.findall(self.tokenizer) != ["{n}"]:
            raise ValueError("a tokenizer is a folder with {n} in its name")
        return self


_FIELD: Final = re.compile(r"\{.*?\}")


class CourseText(Model):
    """A file; where several are named, the first that is there."""

    kind: Literal["triples", "sentences", "corpus", "matrix", "table", "file"]
    file: Annotated[
        list[Place],
        BeforeValidator(_listed, json_schema_input_type=Place | list[Place]),
        Field(min_length=1, max_length=100),
    ]


CoursePart: TypeAlias = Annotated[
    CourseClassifier | CoursePictures | CourseModel | SavedReaders | CourseText,
    Field(discriminator="kind"),
]


class Course(Model):
    """``course.yaml``: the parts that a course hands out, in order."""

    parts: Annotated[dict[CoursePartName, CoursePart], Field(min_length=1, max_length=1000)]

    @property
    def classifiers(self) -> Mapping[str, CourseClassifier]:
        return {n: part for n, part in self.parts.items() if isinstance(part, CourseClassifier)}

    @property
    def pictures(self) -> Mapping[str, CoursePictures]:
        return {n: part for n, part in self.parts.items() if isinstance(part, CoursePictures)}

    @model_validator(mode="after")
    def _pictures_have_classes(self) -> Course:
        if self.pictures and not self.classifiers:
            raise ValueError("pictures have their classes of a classifier, and none is named")
        return self

    @model_validator(mode="after")
    def _numbered_names_are_free(self) -> Course:
        for name, part in self.parts.items():
            if isinstance(part, SavedReaders):
                for other in self.parts:
                    if re.fullmatch(rf"{name}_[1-9]", other):
                        raise ValueError(f"{other} is the name of one of {name}'s readers")
        return self


_ADAPTER = TypeAdapter(Course)


def read_course(quiz: Path) -> Course:
    """The layout that the folder ``quiz`` has. Raises InputError with every problem."""
    return read_model(quiz / COURSE_FILE, _ADAPTER)[0]

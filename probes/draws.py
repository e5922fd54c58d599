"""Draws that probes yield: numbers and words that are judged, and what is shown beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from quizproof.questions.rules import Interval, Value
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture: TypeAlias = NDArray[np.float32]

Words: TypeAlias = str | Text  # a plain string is shown as it is

SHOWN_DRAWS = 3  # of which the maps are kept


def english(words: Words) -> str:
    """Return ``words`` as JSON, text and lint have them."""
    return in_language(words, "en")


def in_language(words: Words, language: str) -> str:
    """Return ``words`` for a reader of ``language``; a plain string is the same for all."""
    return words if isinstance(words, str) else words.in_(language)


@dataclass(frozen=True)
class Map:
    """A map over a picture, to look at in the report; no verdict rests on it.

    >>> import numpy as np
    >>> title = Text(en="edges", zh_hant="邊緣")
    >>> Map(title, np.zeros((128, 128), np.float32), picture=1, regions=("food",)).values.shape
    (128, 128)

    Args:
        title: what is seen, as a plain string or in several languages.
        values: (H, W) in any unit, drawn from its least to its most; or (H, W, 3) from 0 to 1, a
            picture. NaN is drawn as no value.
        picture: the number of the pack's picture, from 0, that it is shown beside.
        regions: names of that picture's regions, to be outlined.
        signed: whether 0 is the middle of the colour scale.
        legend: what is meant by colours of a picture, by colour as ``#1f6fb2``.
        part: the name of the pack's part that ``picture`` is of, where the probe takes several;
            the first of them where none is named.
    """

    title: Words
    values: Picture
    picture: int | None = None
    regions: tuple[str, ...] = ()
    signed: bool = False
    legend: Mapping[str, Words] = field(default_factory=dict)
    part: str = ""


@dataclass(frozen=True)
class Matrix:
    """Numbers by row and column, to look at in the report; no verdict rests on them.

    >>> import numpy as np
    >>> shown = Matrix("heads", np.eye(2), ("1", "2"), ("a", "b"), "layer", "head")
    >>> shown.values.shape == (len(shown.rows), len(shown.columns))
    True

    Args:
        title: what is seen, as a plain string or in several languages.
        values: (rows, columns) in any unit; NaN where there is nothing.
        rows: a label for each row.
        columns: a label for each column.
        row_name: what the rows are, such as layers; empty for nothing to say.
        column_name: the same of the columns.
        signed: whether 0 is the middle of the colour scale.
        marked: row and column, from 0, of the cells that the question asks about.
    """

    title: Words
    values: Picture
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_name: Words = ""
    column_name: Words = ""
    signed: bool = False
    marked: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Scatter:
    """Points in a plane, to look at in the report; no verdict rests on them.

    >>> import numpy as np
    >>> tokens = np.array([[0, 1], [2, 0]], np.float32)
    >>> groups = {"answer": Text(en="answer", zh_hant="答案")}
    >>> shown = Scatter("tokens", tokens, ("answer", "rest"), ("cat", "the"), captions=groups)
    >>> len(shown.points) == len(shown.groups) == len(shown.labels)
    True

    Args:
        title: what is seen, as a plain string or in several languages.
        points: (N, 2), both axes in one unit.
        groups: the name of each point's group, which has a colour and a shape.
        labels: a few letters beside each point, such as a token.
        variance: the share of it, from 0 to 1, that each axis keeps.
        captions: by the name of a group, what is shown of it; the name itself where it has none.
    """

    title: Words
    points: Picture
    groups: tuple[str, ...]
    labels: tuple[str, ...]
    variance: tuple[float, float] | None = None
    captions: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True)
class Unsure:
    """Numbers of an exact probe's draw that are known within bounds alone, and why that is so.

    An option that would hold at one place within them and fail at another is left open.

    >>> why = Text(en="the two halves disagree", zh_hant="兩半不一致")
    >>> Draw({"x": 0.3}, unsure=Unsure({"x": (0.2, 0.4)}, why)).values["x"]
    0.3

    Args:
        within: by measured name, the least and the most that it may be, in its unit; the draw's
            value lies between.
        why: the reason, for the report.
    """

    within: Mapping[str, Interval]
    why: Text


@dataclass(frozen=True)
class Draw:
    """One measurement. The first draw's maps, series, matrices and scatters are in the report.

    Of the first ``SHOWN_DRAWS`` draws it has the maps; those of others need not be made.

    >>> caption = Text(en="similarity by layer", zh_hant="各層的相似度")
    >>> one = Draw({"x": 0.5}, series={"similarity": (0.9, 0.5)}, captions={"similarity": caption})
    >>> one.values["x"], one.series["similarity"]
    (0.5, (0.9, 0.5))

    Args:
        values: every number and word that the probe declares, by measured name, in its unit.
        maps: what is seen over pictures.
        series: curves, by name: a value for each place. One named ``trend of `` another is drawn
            on that one's picture.
        series_start: the place of each series' first value: 0 for the embedding output.
        series_name: what the places are, such as layers; empty for nothing to say.
        series_unit: the unit of all the series' values; empty where they have several, or none.
        captions: by the name of a series, what is shown of it; the name itself where it has none.
        matrices: tables that are drawn in colours.
        scatters: planes of points.
        unsure: what an exact probe knows within bounds alone.
    """

    values: Mapping[str, Value]
    maps: tuple[Map, ...] = ()
    series: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    series_start: int = 1
    series_name: Words = ""
    series_unit: Words = ""
    matrices: tuple[Matrix, ...] = ()
    scatters: tuple[Scatter, ...] = ()
    unsure: Unsure | None = None
    captions: Mapping[str, Words] = field(default_factory=dict)

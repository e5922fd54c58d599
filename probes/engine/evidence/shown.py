"""What draws show beside their values, as evidence keeps it: plain JSON, and arrays by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from numpy.typing import NDArray

from quizproof.probes.probe import Draw, Map, Matrix, Scatter, Unsure, Words
from quizproof.questions.spec import Text

Arrays = Mapping[str, NDArray[Any]]
Keep = Callable[[Any], str]  # puts an array away and gives its name


def shown_of(draw: Draw, keep: Keep) -> dict[str, Any]:
    """Return all of a draw but its values."""
    return {
        "series": {name: [float(v) for v in s] for name, s in draw.series.items()},
        "series_start": draw.series_start,
        "series_name": _kept(draw.series_name),
        "series_unit": _kept(draw.series_unit),
        "captions": _kept_by_name(draw.captions),
        "maps": maps_of(draw, keep),
        "matrices": [
            {
                "title": _kept(shown.title),
                "values": keep(shown.values),
                "rows": shown.rows,
                "columns": shown.columns,
                "row_name": _kept(shown.row_name),
                "column_name": _kept(shown.column_name),
                "signed": shown.signed,
                "marked": shown.marked,
            }
            for shown in draw.matrices
        ],
        "scatters": [
            {
                "title": _kept(shown.title),
                "points": keep(shown.points),
                "groups": shown.groups,
                "labels": shown.labels,
                "variance": shown.variance,
                "captions": _kept_by_name(shown.captions),
            }
            for shown in draw.scatters
        ],
        "unsure": None
        if draw.unsure is None
        else {
            "within": {name: [low, high] for name, (low, high) in draw.unsure.within.items()},
            "why": _kept(draw.unsure.why),
        },
    }


def maps_of(draw: Draw, keep: Keep) -> list[dict[str, Any]]:
    """Return the maps of a draw alone."""
    return [
        {
            "title": _kept(shown.title),
            "values": keep(shown.values),
            "picture": shown.picture,
            "regions": shown.regions,
            "signed": shown.signed,
            "legend": _kept_by_name(shown.legend),
            "part": shown.part,
        }
        for shown in draw.maps
    ]


def read_shown(head: Mapping[str, Any], arrays: Arrays) -> dict[str, Any]:
    """Return what ``shown_of`` kept, as a Draw takes it; raises nearly anything for another."""
    return {
        "maps": read_maps(head["maps"], arrays),
        "series": {str(n): tuple(map(float, series)) for n, series in head["series"].items()},
        "series_start": int(head["series_start"]),
        "series_name": _words(head.get("series_name", "")),
        "series_unit": _words(head.get("series_unit", "")),
        "captions": _words_by_name(head.get("captions", {})),
        "matrices": tuple(
            Matrix(
                _words(m["title"]),
                arrays[m["values"]],
                rows=tuple(map(str, m["rows"])),
                columns=tuple(map(str, m["columns"])),
                row_name=_words(m["row_name"]),
                column_name=_words(m["column_name"]),
                signed=bool(m["signed"]),
                marked=tuple((int(row), int(column)) for row, column in m.get("marked", ())),
            )
            for m in head["matrices"]
        ),
        "scatters": tuple(
            Scatter(
                _words(s["title"]),
                arrays[s["points"]],
                groups=tuple(map(str, s["groups"])),
                labels=tuple(map(str, s["labels"])),
                variance=None
                if s["variance"] is None
                else (float(s["variance"][0]), float(s["variance"][1])),
                captions=_words_by_name(s.get("captions", {})),
            )
            for s in head["scatters"]
        ),
        "unsure": _unsure(head.get("unsure")),
    }


def read_maps(maps: Any, arrays: Arrays) -> tuple[Map, ...]:
    """Return what ``maps_of`` kept."""
    return tuple(
        Map(
            _words(m["title"]),
            arrays[m["values"]],
            picture=None if m["picture"] is None else int(m["picture"]),
            regions=tuple(map(str, m["regions"])),
            signed=bool(m["signed"]),
            legend=_words_by_name(m.get("legend", {})),
            part=str(m.get("part", "")),
        )
        for m in maps
    )


def _kept(words: Words) -> str | dict[str, Any]:
    """Return a plain string as it is, and a text by language."""
    return words if isinstance(words, str) else words.model_dump(by_alias=True)


def _kept_by_name(captions: Mapping[str, Words]) -> dict[str, str | dict[str, Any]]:
    return {name: _kept(words) for name, words in captions.items()}


def _words(found: Any) -> Words:
    return found if isinstance(found, str) else Text.model_validate(found)


def _words_by_name(found: Any) -> dict[str, Words]:
    return {str(name): _words(words) for name, words in found.items()}


def _unsure(found: Any) -> Unsure | None:
    if found is None:
        return None
    within = {str(name): (float(low), float(high)) for name, (low, high) in found["within"].items()}
    return Unsure(within, Text.model_validate(found["why"]))

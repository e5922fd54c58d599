from __future__ import annotations

import hashlib
import io
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.probes.engine.evidence.record import (
    FORMAT,
    Evidence,
    EvidenceError,
    from_bytes,
    to_bytes,
)
from quizproof.probes.probe import Draw, Map, Matrix, Scatter, Unsure
from quizproof.questions.spec import Text


def said(words: str) -> Text:
    return Text(en=words, zh_hant="中" + words)


SHOWN = {
    "maps": (
        Map(
            said("saliency"),
            np.ones((4, 5), np.float32),
            3,
            ("food",),
            signed=True,
            legend={"#1f6fb2": said("for"), "#e08214": "against"},
            part="photos_2",
        ),
    ),
    "series": {"by layer": (0.5, 0.25)},
    "series_start": 0,
    "series_name": said("layer"),
    "series_unit": "share",
    "captions": {"by layer": said("by layer"), "other": "plain"},
    "matrices": (
        Matrix(
            said("m"),
            np.eye(2, dtype=np.float32),
            ("a", "b"),
            ("1", "2"),
            row_name=said("r"),
            column_name="c",
            signed=True,
            marked=((0, 1), (1, 0)),
        ),
    ),
    "unsure": Unsure({"x": (-0.5, 0.25)}, Text(en="why", zh_hant="為何")),
    "scatters": (
        Scatter(
            "s",
            np.eye(2, dtype=np.float32),
            groups=("g", "h"),
            labels=("x", "蘋"),
            variance=(0.5, 0.25),
            captions={"g": said("group")},
        ),
    ),
}


def evidence(values: Any = ({"x": 0.1, "kind": "ReLU"},), **more: Any) -> Evidence:
    count = len(values)
    passes = tuple(range(count))
    first, *others = values
    shown = {name: more.pop(name) for name in (*SHOWN,) if name in more}
    draws = (Draw(first, **shown), *map(Draw, others))
    return Evidence(draws, passes, passes, 1.5, "a model", "cpu", **more)


def plain(made: Evidence) -> list[Any]:
    """All of it, arrays as lists."""
    first = made.draws[0]
    shown = [*first.maps, *first.matrices, *first.scatters]
    arrays = [getattr(s, "values", getattr(s, "points", None)) for s in shown]
    rest = [{k: v for k, v in vars(s).items() if not isinstance(v, np.ndarray)} for s in shown]
    kept = ("forward", "backward", "seconds", "model", "device", "of")
    fields = [getattr(made, name) for name in kept]
    fields += [draw.values for draw in made.draws]
    fields += [first.series, first.series_start, first.series_name, first.series_unit]
    fields += [first.captions, first.unsure]
    return [fields, rest, [np.asarray(a).tolist() for a in arrays]]


numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
draws = st.lists(
    st.dictionaries(st.text(max_size=8), numbers | st.text(max_size=8), max_size=4), min_size=1
)


@given(draws, st.text(max_size=20))
def test_what_is_written_is_what_is_read(values: list[dict[str, Any]], model: str) -> None:
    made = evidence(values, of=model, **SHOWN)
    assert plain(from_bytes(to_bytes(made))) == plain(made)


def test_the_maps_of_the_draws_that_come_next_are_kept_too() -> None:
    made = evidence([{"x": 0.1}, {"x": 0.2}, {"x": 0.3}], maps=SHOWN["maps"])
    second = Draw({"x": 0.2}, (Map("later", np.full((2, 3), 7, np.float32), 3),))
    found = from_bytes(to_bytes(replace(made, draws=(made.draws[0], second, made.draws[2]))))
    assert [draw.values["x"] for draw in found.draws] == [0.1, 0.2, 0.3]
    assert [[m.title for m in draw.maps] for draw in found.draws[1:]] == [["later"], []]
    assert (found.draws[1].maps[0].values == 7).all()


def older(content: bytes) -> bytes:
    """The entry as it was written when all words were plain strings in English."""
    with np.load(io.BytesIO(content[len(FORMAT) + 65 :])) as arrays:
        kept = dict(arrays)
    head = json.loads(kept["head"].tobytes(), object_hook=lambda found: found.get("en", found))
    del head["captions"], head["scatters"][0]["captions"], head["later_maps"]
    del head["series_name"], head["series_unit"], head["matrices"][0]["marked"]
    del head["maps"][0]["legend"], head["maps"][0]["part"]
    head["unsure"]["why"] = {"en": "why", "zh_hant": "為何"}
    kept["head"] = np.frombuffer(json.dumps(head).encode(), np.uint8)
    return forged(**kept)


def test_an_older_entry_has_plain_words() -> None:
    [draw] = from_bytes(older(to_bytes(evidence(**SHOWN)))).draws
    [map_], [matrix], [scatter] = draw.maps, draw.matrices, draw.scatters
    assert (map_.title, matrix.title, matrix.row_name) == ("saliency", "m", "r")
    assert draw.captions == scatter.captions == {}
    assert draw.unsure == SHOWN["unsure"]


@pytest.mark.parametrize("title", [3, None, {"en": ""}, ["saliency"]])
def test_a_title_that_is_no_words_is_refused(title: Any) -> None:
    with np.load(io.BytesIO(to_bytes(evidence(**SHOWN))[len(FORMAT) + 65 :])) as arrays:
        kept = dict(arrays)
    head = json.loads(kept["head"].tobytes())
    head["maps"][0]["title"] = title
    kept["head"] = np.frombuffer(json.dumps(head).encode(), np.uint8)
    with pytest.raises(EvidenceError):
        from_bytes(forged(**kept))


def test_numpys_numbers_become_plain_ones() -> None:
    made = evidence([{"x": np.float64(0.5)}], series={"s": (np.float32(0.25),)})
    found = from_bytes(to_bytes(made))
    assert [draw.values for draw in found.draws] == [{"x": 0.5}]
    assert type(found.draws[0].values["x"]) is float


@given(st.data())
def test_any_byte_that_changes_is_noticed(data: st.DataObject) -> None:
    content = to_bytes(evidence(**SHOWN))
    place = data.draw(st.integers(0, len(content) - 1))
    bit = data.draw(st.integers(0, 7))
    if place == len(FORMAT) + 64:
        return  # the line break between digest and content says nothing
    changed = content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]
    with pytest.raises(EvidenceError):
        from_bytes(changed)


@given(st.integers(0, 5000))
def test_a_file_cut_short_is_noticed(length: int) -> None:
    content = to_bytes(evidence(**SHOWN))
    with pytest.raises(EvidenceError):
        from_bytes(content[: min(length, len(content) - 1)])


@pytest.mark.parametrize(
    "values", [({"x": math.nan},), ({"x": math.inf},), ({"x": None},), ({"x": [1.0]},)]
)
def test_draws_that_no_probe_may_give_are_refused(values: Any) -> None:
    with pytest.raises(EvidenceError):
        from_bytes(to_bytes(evidence(values)))


def test_no_draw_at_all_is_refused() -> None:
    body = to_bytes(evidence())[len(FORMAT) + 65 :]
    with np.load(io.BytesIO(body)) as arrays:
        head = json.loads(arrays["head"].tobytes())
    without = json.dumps({**head, "values": [], "forward": [], "backward": []})
    with pytest.raises(EvidenceError):
        from_bytes(forged(np.frombuffer(without.encode(), np.uint8)))


def test_a_pickle_inside_is_not_opened() -> None:
    with pytest.raises(EvidenceError):
        from_bytes(forged(np.array([{"an": "object"}], dtype=object)))


def test_nothing_of_a_pickle_inside_is_run(tmp_path: Path) -> None:
    """Not even where it stands in for an array that is read, beside a head that is right."""
    ran = tmp_path / "ran"
    shown = {"maps": (Map("m", np.ones((2, 2), np.float32)),)}
    with np.load(io.BytesIO(to_bytes(evidence(**shown))[len(FORMAT) + 65 :])) as arrays:
        head = arrays["head"]
    assert from_bytes(forged(head, a0=np.ones((2, 2), np.float32))).draws[0].maps
    for content in (
        forged(head, a0=np.array([Running(ran)], dtype=object)),
        forged(np.array([Running(ran)], dtype=object)),
    ):
        with pytest.raises(EvidenceError):
            from_bytes(content)
        assert not ran.exists()


class Running:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.mkdir, (self.folder,)


def forged(head: Any, **others: Any) -> bytes:
    """An entry with ``head`` and other arrays, and the digest that belongs to it."""
    stream = io.BytesIO()
    np.savez(stream, head=head, **others)
    digest = hashlib.sha256(stream.getvalue()).hexdigest().encode()
    return FORMAT + digest + b"\n" + stream.getvalue()

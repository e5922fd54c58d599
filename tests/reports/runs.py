"""Runs built by hand, for tests of what is told of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.measured import Drawn, Measured, Measurement
from quizproof.probes.engine.results import Illustration, QuestionResult, Run, State
from quizproof.probes.probe import Draw, Map
from quizproof.questions.problems import one_line
from quizproof.questions.spec import Question, Quiz, SettledBy, Text
from quizproof.reports.packs_table import Cell, PackRow

SCRIPT = "<script>document.title = 'run'</script>"
HOSTILE = f"{SCRIPT}]]>&amp;\"'\u202eabc<img src=x onerror=alert(1)>{{{{7*7}}}}"

_QUESTION: TypeAdapter[Question] = TypeAdapter(Question)
_SIDE = 48


def text(en: str, zh_hant: str | None = None) -> dict[str, str]:
    return {"en": en, "zh-Hant": zh_hant or f"中：{en}"}


def choice(
    id: str = "q01",
    kind: str = "single",
    rules: Sequence[str] = ("x > y", "x <= y"),
    expected: list[str] | None = None,
    **more: Any,
) -> Question:
    """A question to choose in, an option for each of ``rules``."""
    options = {
        letter: {"text": text(f"Option {letter}"), "rule": rule}
        for letter, rule in zip("abcdefgh", rules, strict=False)
    }
    return _question(
        id, **{"kind": kind, "options": options, "expected": expected or ["a"], **more}
    )


def blanks(id: str = "q22") -> Question:
    return _question(
        id,
        kind="blanks",
        blanks={
            "1": {"measure": "likeliest", "expected": ["him", "her"]},
            "2": {"measure": "fall", "tolerance": 0.01, "expected_number": 0.73},
            "3": {"measure": "unasked"},
        },
    )


def dropdowns(id: str = "q29") -> Question:
    return _question(
        id,
        kind="dropdowns",
        parts={
            part: {
                "options": {
                    "a": {"text": text(f"{part}a"), "rule": "x > y"},
                    "b": {"text": text(f"{part}b"), "rule": "x < y"},
                },
                "expected": "a",
            }
            for part in ("10", "2")
        },
    )


def _question(id: str, **fields: Any) -> Question:
    fields = {
        "id": id,
        "points": 0.3,
        "about": "model",
        "prompt": text(f"What of {id}?", f"{id} 如何？"),
        "probe": {"name": "planted.probe", "with": {"picture": 1, "layer": "cnn.6"}},
        **fields,
    }
    return _QUESTION.validate_python(fields, strict=False)


def measured(
    margins: dict[str, tuple[bool | None, float, float, float]] | None = None,
    measurements: dict[str, Measurement] | None = None,
    **more: Any,
) -> Measured:
    """Findings as option: (holds, low, estimate, high)."""
    margins = margins or {"a": (True, 0.1, 0.2, 0.3), "b": (False, -0.3, -0.2, -0.1)}
    measurements = measurements or {
        "x": Measurement(0.6, 0.5, 0.7, "share of pixels"),
        "y": Measurement(0.4, 0.3, 0.5, "share of pixels"),
    }
    more = {"draws": 17, "doubt": None, "model": "a planted model", **more}
    findings = {o: Finding(holds, margin) for o, (holds, *margin) in margins.items()}  # type: ignore[arg-type]
    shown = {f.name: more.pop(f.name) for f in fields_of(Draw) if f.name in more}
    return Measured(
        findings,
        measurements,
        shown=Draw({}, **shown),
        forward=1024,
        backward=512,
        seconds=0.5,
        **more,
    )


def result(
    state: State = State.CONFIRMED, question: Question | None = None, **more: Any
) -> QuestionResult:
    """A result in ``state``; of one that could be measured unless ``measurement`` is None."""
    fields: dict[str, Any] = {
        "question": question or choice(),
        "number": 1,
        "state": state,
        "reason": f"why it is {state}",
        "expected": ("a",),
        "measured": ("a",),
        "measurement": measured(),
        "confidence": 0.99,
        "tolerance": None,
        "seconds": 0.75,
        **more,
    }
    if isinstance(fields["reason"], str):
        # as the program's own messages come; a surrogate is no word pydantic would take
        words = fields["reason"]
        fields["reason"] = Text.model_construct({"en": words})
    return QuestionResult(**fields)


def run(*results: QuestionResult, **more: Any) -> Run:
    """A run of ``results``, all there was to ask unless ``asked`` says otherwise."""
    title = Text.model_validate(text("A planted quiz", "一份測驗"))
    questions = tuple(r.question for r in results)
    fields: dict[str, Any] = {
        "quiz": Quiz("planted", title, questions, SettledBy(), "0" * 64),
        "pack_name": "planted pack",
        "pack_digest": "1" * 64,
        "pack_embedded": True,
        "versions": {"quizproof": "0.1.0", "torch": "2.6"},
        "seed": 0,
        "device": "cpu",
        "results": results,
        "asked": len(results),
        **more,
    }
    return Run(**fields)


def illustration(
    title: str = "Saliency", *, signed: bool = False, colour: bool = False, shift: float = 0.0
) -> Illustration:
    """A picture with a disc, a map with its mass on it, and the disc and a bar outlined."""
    y, x = np.mgrid[0:_SIDE, 0:_SIDE] / _SIDE
    picture = np.stack([x, y, 1 - x], axis=2).astype(np.float32)
    disc = (x - 0.5) ** 2 + (y - 0.5) ** 2 < 0.1
    bar = y > 0.85
    values = np.exp(-8 * ((x - 0.5 - shift) ** 2 + (y - 0.5) ** 2)) - (0.5 if signed else 0)
    values[0, 0] = math.nan
    shown = picture[::-1] if colour else values.astype(np.float32)
    names = {"food": Text(en="food", zh_hant="食物")}
    map_ = Map(title, shown, 1, ("food", "bar"), signed)
    return Illustration(map_, picture, {"food": disc, "bar": bar}, names)


def every_state() -> Run:
    """A run with every state and kind of question, and with something hostile wherever it can."""
    category = {"layer": Measurement("Conv2d", None, None, "")}
    exact = {"confidence": None, "tolerance": 1e-6}
    hostile = choice(
        "q08",
        options={
            "a": {"text": text(HOSTILE), "rule": "x > y"},
            "b": {"text": text("word" * 60, "字" * 200), "rule": "x < y"},
        },
        prompt=text(f"Prompt {HOSTILE}", f"題目 {HOSTILE}"),
        because=HOSTILE,
        probe={"name": HOSTILE, "with": {HOSTILE: HOSTILE}},
    )
    results = [
        result(
            State.CONFIRMED,
            choice("q01", rules=("x > y", "food_x > bar_x"), about="method"),
            measurement=measured(
                measurements={
                    name: Measurement(0.6, 0.5, 0.7, "share of pixels")
                    for name in ("x", "y", "food_x", "bar_x")
                },
                drawn=tuple(
                    Drawn(
                        model,
                        tuple(
                            {"x": 0.6 + k / 100, "y": 0.4, "food_x": 0.7, "bar_x": 0.8}
                            for k in range(8)
                        ),
                    )
                    for model in ("a planted model", "the same with random weights")
                ),
            ),
            illustrations=(
                illustration(),
                illustration("Signed", signed=True, shift=0.1),
                replace(illustration(shift=0.2), draw=2),
            ),
        ),
        result(
            State.CONTRADICTED,
            choice("q02", rules=("layer == 'Conv2d'", "layer == 'ReLU'"), expected=["b"]),
            expected=("b",),
            measurement=measured(
                {
                    "a": (True, math.inf, math.inf, math.inf),
                    "b": (False, -math.inf, -math.inf, -math.inf),
                },
                category,
                draws=1,
            ),
            **exact,
        ),
        result(
            State.UNDECIDED,
            choice("q03", estimate="share"),
            measured=None,
            measurement=measured(
                {"a": (None, -math.inf, math.nan, math.inf), "b": (None, -0.1, 0.05, 0.2)},
                doubt=Text(en="8 draws decide nothing", zh_hant="八次抽樣無法判定"),
            ),
        ),
        result(
            State.STAND_IN_AGREES,
            choice("q04", "multiple", ("x > 0.5", "y > 0.1", "x / y > 9"), ["a", "b"]),
            expected=("a", "b"),
            measured=("a", "b"),
            measurement=measured(
                {
                    "a": (True, 0.1, 0.2, 0.3),
                    "b": (True, 0.01, 0.2, 0.4),
                    "c": (False, -9.0, -7.5, -6.0),
                },
                series={
                    "capital": tuple(math.sin(k / 9) for k in range(700)),
                    "gap": (1.0, math.nan, 3.0, 2.0),
                },
            ),
            illustrations=(illustration("Overlay", colour=True),),
        ),
        result(
            State.STAND_IN_DIFFERS,
            blanks(),
            number=5,
            expected=("him", 0.73),
            measured=("her", 0.5),
            measurement=measured(
                {"1": (False, -math.inf, -math.inf, -math.inf), "2": (False, -0.22, -0.22, -0.22)},
                {
                    "likeliest": Measurement("her", None, None, ""),
                    "fall": Measurement(0.5, 0.49, 0.51, "probability"),
                    "unasked": Measurement(math.inf, None, math.nan, HOSTILE),
                },
            ),
            **exact,
        ),
        result(
            State.KEY_INVALID,
            choice("q06", "multiple", ("x > y", "x <= y", "x > 2"), ["a"], choose=2),
            reason="choose 2, but 1 is expected",
        ),
        result(
            State.MISSING,
            dropdowns(),
            number=7,
            expected=("10a", "2b"),
            measured=None,
            measurement=None,
            confidence=None,
            reason="picture 7 has no region tray",
        ),
        result(
            State.FAILED,
            hostile,
            number=8,
            measured=None,
            measurement=None,
            confidence=None,
            reason=f"{HOSTILE}\nmore \udcff",
        ),
    ]
    return run(
        *results,
        asked=10,
        pack_name=HOSTILE,
        device=HOSTILE,
        versions={HOSTILE: HOSTILE},
        notes=(HOSTILE,),
    )


def pack_rows() -> list[PackRow]:
    """Packs that agree, differ, were interrupted, and could not be read."""

    def cells(*found: tuple[State, str, str]) -> list[Cell]:
        return [Cell(n, f"q{n}", *each) for n, each in enumerate(found, 9)]

    agrees = (State.STAND_IN_AGREES, "a", "a")
    return [
        PackRow("ann", 0, cells(agrees, (State.CONFIRMED, "b", "b")), 2),
        PackRow("ben", 1, cells(agrees, (State.CONTRADICTED, "b", "c")), 2),
        PackRow("cid", 1, cells((State.UNDECIDED, "a", ""), (State.CONTRADICTED, "b", "c")), 2),
        PackRow("dora", 130, cells(agrees), 2),
        PackRow(HOSTILE, 2, problem=one_line(f"models/x: {HOSTILE}")),
    ]

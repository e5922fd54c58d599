"""Each wrong parameter is told once, in plain words, where it stands."""

from __future__ import annotations

from typing import Any

import pytest

from quizproof.probes.catalogue import catalogue

OCCLUSION: dict[str, Any] = {
    "name": "occlusion",
    "output": "logit",
    "window": [16, 16],
    "stride": [8, 8],
    "fill": "mean",
}
CAM: dict[str, Any] = {
    "name": "grad_cam",
    "output": "logit",
    "layer": "cnn.6",
    "rectified": True,
    "stretched": "bilinear",
}
FILL = '"black" | "white" | "mean" or number from 0 to 1 or {blur: number above 0 to 1000}'


def wrong(probe: str, **given: Any) -> list[tuple[tuple[str | int, ...], str]]:
    every = {p.name: p.default for p in catalogue()[probe].asked if p.default is not p.empty}
    found = catalogue()[probe].wrong({**every, **given})
    return [
        (steps, f"{what.replace(f' of probe {probe}', '')}; {mend}") for steps, what, mend in found
    ]


def of_method(method: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    return wrong(
        "attribution.regions",
        picture=0,
        regions=["food"],
        mass="positive",
        scale="as_computed",
        method=method,
    )


@pytest.mark.parametrize(
    ("method", "steps", "said"),
    [
        ({**OCCLUSION, "fill": 7}, ("fill",), f"parameter method.fill is 7; it may be: {FILL}"),
        ({**OCCLUSION, "fill": "x"}, ("fill",), f"parameter method.fill is 'x'; it may be: {FILL}"),
        (
            {**OCCLUSION, "fill": {"blur": -1}},
            ("fill", "blur"),
            "parameter method.fill.blur is -1; it may be: number above 0 to 1000",
        ),
        (
            {**OCCLUSION, "fill": {"blurr": 1}},
            ("fill", "blurr"),
            "parameter method.fill has no blurr; did you mean blur?",
        ),
        (
            {**OCCLUSION, "window": [0, 16]},
            ("window", 0),
            "parameter method.window.0 is 0; it may be: whole number from 1 to 10000",
        ),
        (
            {**OCCLUSION, "window": [16]},
            ("window",),
            "parameter method.window is [16]; it may be: list of 2: whole number from 1 to 10000",
        ),
        (
            {("rectifed" if k == "rectified" else k): v for k, v in CAM.items()},
            ("rectifed",),
            "parameter method has no rectifed; did you mean rectified?",
        ),
        (
            {k: v for k, v in CAM.items() if k != "rectified"},
            ("rectified",),
            "parameter method.rectified is missing; add it: true or false",
        ),
        (
            {**CAM, "name": "grad_cm"},
            ("name",),
            "parameter method.name is 'grad_cm'; did you mean grad_cam?",
        ),
        (
            {**CAM, "layer": False},
            ("layer",),
            "parameter method.layer is false; "
            "quote it: YAML takes yes, no, on and off for true and false",
        ),
    ],
)
def test_a_setting_of_a_method(method: dict[str, Any], steps: tuple[Any, ...], said: str) -> None:
    assert of_method(method) == [(("method", *steps), said)]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"temperature": "1e-30"}, "'1e-30'; write 1.0e-30: YAML takes 1e-30 for text"),
        ({"temperature": "1.5e3"}, "'1.5e3'; write 1.5e+3: YAML takes 1.5e3 for text"),
        ({"temperature": "2"}, "'2'; write 2 without quotes"),
        ({"temperature": 0}, "0; it may be: number above 0 to 1000000"),
        ({"temperature": float("inf")}, ".inf; it may be: number above 0 to 1000000"),
        ({"top_k": 0}, "0; it may be: whole number from 1 to 1000000"),
    ],
)
def test_a_number(given: dict[str, Any], said: str) -> None:
    [(steps, told)] = wrong("next_token.distribution", prompt="The cat", **given)
    [name] = given
    assert (steps, told) == ((name,), f"parameter {name} is {said}")


def test_a_list_a_text_and_a_name() -> None:
    assert wrong("heads.induction", heads=["L0H0"], tokens=8, repeats=2) == [
        (("heads", 0), "parameter heads.0 is 'L0H0'; it may be: a head, such as L2H1")
    ]
    [(_, twice)] = wrong("heads.induction", heads=["L1H1", "L1H1"], tokens=8, repeats=2)
    assert twice.startswith("parameter heads: L1H1 stands in it twice; ")
    assert wrong("tokens.split", texts={"a": ""}) == [
        (("texts", "a"), "parameter texts.a is empty; it may be: text that is not empty")
    ]
    [(_, name)] = wrong("tokens.split", texts={"a b": "x"})
    assert name.startswith("parameter texts.a b is called 'a b'; take a word of letters")


def test_an_unknown_parameter_that_is_near_nothing() -> None:
    [(steps, said)] = wrong("tokens.split", texts={"a": "x"}, zzz=1)
    assert steps == ("zzz",)
    assert said == "probe tokens.split has no parameter zzz; it has model, texts"

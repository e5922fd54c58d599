"""On which side of a picture the figure that an attribution map makes sticks out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from quizproof.probes.methods.attribution_settings import SAMPLED, Method
from quizproof.probes.models.view import View
from quizproof.probes.parameters import Index, Name, Region
from quizproof.probes.picture.attribution_likeness import Mass
from quizproof.probes.probe import Draw, Map, Measure, Sampled, probe
from quizproof.probes.units import SHARE
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench
    from quizproof.probes.packs.pictures import Mask

    Numbers: TypeAlias = NDArray[np.float64]

_SIDES = {"left": "左", "right": "右", "top": "上", "bottom": "下"}


@probe(
    "attribution.side",
    finding=Text(
        en=(
            "The largest part that the map’s figure has beside its body holds a share of {handle} "
            "of the figure; 0 means that there is none. The next largest part holds {rival}. The "
            "centre of the largest lies {right} of the picture’s side to the right of the middle "
            "and {bottom} below it; below 0 is to the left, or above. Figure and background are "
            "set apart by η = {parted}, where chance gives {chance} at most."
        ),
        zh_hant=(
            "圖形主體以外最大的部分占圖形的 {handle}；0 表示未找到這樣的部分。次大的部分占 "
            "{rival}。最大部分的中心在圖片中央右方 {right}、下方 {bottom}（以圖片邊長為單位；負值表"
            "示左方或上方）。圖形與背景的分離度為 η = {parted}，隨機所致至多為 {chance}。"
        ),
    ),
    measures=(
        *(
            Measure(
                side,
                Text(en="share of the picture's side", zh_hant="圖片邊長的比例"),
                -0.5,
                0.5,
                Text(
                    en=(
                        "distance of the handle's centre from the picture's middle towards "
                        f"the {side}, "
                        "at the level where it is least; below 0 on the other side"
                    ),
                    zh_hant=(
                        f"把手中心自圖片中央向{chinese}偏多少，取最小的一個門檻；小於 0 表示在"
                        "另一側"
                    ),
                ),
            )
            for side, chinese in _SIDES.items()
        ),
        Measure(
            "handle",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of the figure's mass that is the handle, at the level where this is "
                    "least"
                ),
                zh_hant="圖形的總量中屬於把手的比例，取比例最小的一個門檻",
            ),
        ),
        Measure(
            "rival",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of the figure's mass in the largest part beside body and handle, at the "
                    "level where this is most"
                ),
                zh_hant="圖形主體與把手以外最大部分所占的比例，取比例最大的一個門檻",
            ),
        ),
        Measure(
            "parted",
            Text(en="η of Otsu", zh_hant="Otsu 的 η"),
            0,
            1,
            Text(
                en="variance between figure and background ÷ variance of the whole map",
                zh_hant="圖形與背景之間的變異 ÷ 整張圖的變異",
            ),
        ),
        Measure(
            "chance",
            Text(en="η of Otsu", zh_hant="Otsu 的 η"),
            0,
            1,
            Text(
                en="value of η that 99 of 100 maps without a figure do not exceed",
                zh_hant="沒有圖形的圖，100 張中有 99 張的 η 不超過此值",
            ),
        ),
        Measure(
            "on_part",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of the handle found in the map that lies on the picture's thing and off "
                    "its body"
                ),
                zh_hant="圖中找到的把手，落在物體上而不在其主體上的比例",
            ),
        ),
    ),
    stochastic=Sampled("method", SAMPLED),
    tolerance=0.002,
    example="""
        kind: single
        points: 1
        about: model
        prompt: On which side does the saliency map of picture 1 show a handle?
        probe:
          name: attribution.side
          with:
            picture: 1
            whole: jug
            body: body
            method: {name: saliency, output: cross_entropy, colours: largest_size}
            mass: absolute
        options:
          a: {text: On the right, rule: parted > chance and right > 0}
          b: {text: It shows none there, rule: parted <= chance or right <= 0}
        expected: [b]
    """,
)
def attribution_side(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    whole: Region,
    body: Region,
    method: Method,
    target: Name | None = None,
    mass: Mass,
) -> Iterator[Draw]:
    """Handle of the figure in an attribution map: where it is, and how sure it is one.

    ``method``, ``target`` and ``mass`` are as in attribution.regions; the map is shown from 0 to 1.
    The handle is found in the map alone, at three levels between ground and figure; see
    ``methods.protrusion``. Where one of them shows none, all about it is 0 and chance 1. The
    regions ``whole`` and ``body`` only tell whether what was found lies where they differ. An
    error where they do not.
    """
    from quizproof.probes.methods.attribution import displayed_attribution
    from quizproof.probes.methods.localisation import EmptyRegionError

    view = View(bench, model, photos)
    part = view.region(picture, whole) & ~view.region(picture, body)
    if not part.any():
        raise EmptyRegionError(
            f"region {body} of picture {picture} covers all of {whole}, and no part is left that "
            "could stick out; mend the regions"
        )
    number = view.target(picture, target)
    for draw in count() if method["name"] in SAMPLED else (None,):
        shown = displayed_attribution(view, picture, number, method, mass, draw)
        values, marked = _handle(shown, part, bench.fixed_seed)
        yield Draw(values, maps=_maps(shown, marked, picture, (whole, body), method["name"]))


def _handle(shown: Numbers, part: Mask, seed: int) -> tuple[dict[str, float], Numbers]:
    """What is measured of a map, and by how many levels each pixel is the handle's."""
    import numpy as np

    from quizproof.probes.methods import protrusion

    seen = protrusion.figure(shown)
    found = [protrusion.handle(seen, level) for level in protrusion.LEVELS] if seen else []
    handles = [handle for handle in found if handle]
    marked = np.zeros(shown.shape)
    values = dict.fromkeys((*_SIDES, "handle", "rival", "parted", "on_part"), 0.0)
    values["chance"] = 1.0  # what is not there is not above it
    if seen and len(handles) == len(protrusion.LEVELS):
        generator = np.random.default_rng(seed)
        marked = np.mean([handle.mask for handle in handles], axis=0)
        values |= {
            "left": min(-handle.right for handle in handles),
            "right": min(handle.right for handle in handles),
            "top": min(-handle.down for handle in handles),
            "bottom": min(handle.down for handle in handles),
            "handle": min(handle.share for handle in handles),
            "rival": max(handle.rival for handle in handles),
            "parted": seen.parted,
            "chance": protrusion.chance(shown, generator),
            "on_part": float(marked[part].sum() / marked.sum()),
        }
    return values, marked


def _maps(
    shown: Numbers, marked: Numbers, picture: int, regions: tuple[str, ...], method: str
) -> tuple[Map, Map]:
    named = method.replace("_", " ")
    return (
        Map(
            Text(en=named, zh_hant=f"{named} map"),
            shown.astype("float32"),
            picture=picture,
            regions=regions,
        ),
        Map(
            Text(en="handle, by how many of three levels", zh_hant="把手，依三層中有幾層認出"),
            marked.astype("float32"),
            picture=picture,
        ),
    )

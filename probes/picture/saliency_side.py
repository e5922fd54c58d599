"""On which side of a picture the figure that its saliency map makes sticks out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.parameters import Index, Region
from quizproof.probes.probe import Draw, Map, Measure, probe
from quizproof.probes.units import SHARE
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

_SIDES = {"left": "左", "right": "右", "top": "上", "bottom": "下"}


@probe(
    "saliency.side",
    finding=Text(
        en=(
            "The largest part that the map’s figure has beside its body is centred "
            "{right} of the picture’s side to the right of the middle and {bottom} below "
            "it; below 0 is to the left, or above. It holds a share of {handle} of the "
            "figure (0: no such part was found), the next largest part {rival}. Figure "
            "and ground differ by η = {parted}, and by chance {chance} at most."
        ),
        zh_hant=(
            "圖中圖形主體以外最大的部分，其中心在圖片中央右方 {right}、下方 {bottom}（以"
            "邊長為單位；負值表示左方或上方）。它占圖形的 {handle}（0 表示沒有這樣的部分），"
            "次大的部分占 {rival}。圖形與背景的分離度為 η = {parted}，隨機所致至多為 "
            "{chance}。"
        ),
    ),
    measures=(
        *(
            Measure(
                side,
                Text(en="of the picture's side", zh_hant="圖片邊長的比例"),
                -0.5,
                0.5,
                Text(
                    en=(
                        f"how far towards the {side} from the picture's middle the handle's "
                        "centre is, at the level where it is least"
                    ),
                    zh_hant=f"把手中心自圖片中央向{chinese}偏多少；取最小的一層",
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
                en="of the figure's mass: the handle, where it is least",
                zh_hant="圖形質量中屬於把手的比例；取最小的一層",
            ),
        ),
        Measure(
            "rival",
            SHARE,
            0,
            1,
            Text(
                en="the next largest part beyond the body, where it is most",
                zh_hant="壺身之外第二大的部分；取最大的一層",
            ),
        ),
        Measure(
            "parted",
            Text(en="η of Otsu", zh_hant="Otsu 的 η"),
            0,
            1,
            Text(
                en="variance between figure and ground ÷ all variance",
                zh_hant="圖形與背景之間的變異 ÷ 全部變異",
            ),
        ),
        Measure(
            "chance",
            Text(en="η of Otsu", zh_hant="Otsu 的 η"),
            0,
            1,
            Text(
                en="what 99 of 100 maps without a figure do not exceed",
                zh_hant="沒有圖形的圖，100 張中有 99 張不超過的值",
            ),
        ),
        Measure(
            "on_part",
            SHARE,
            0,
            1,
            Text(
                en="of the handle that was found: on the whole, off the body",
                zh_hant="找到的把手中，在壺上而不在壺身的比例",
            ),
        ),
    ),
    tolerance=0.002,
)
def saliency_side(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    whole: Region,
    body: Region,
) -> Iterator[Draw]:
    """Handle of the figure in the saliency map of ``picture``: where it is, how sure it is one.

    It is found in the map alone, at three levels between ground and figure; see
    ``methods.protrusion``. Where one of them shows none, all about it is 0 and chance 1. The
    regions ``whole`` and ``body`` only tell whether what was found lies where they differ. An
    error where they do not.
    """
    import numpy as np

    from quizproof.probes.methods import protrusion
    from quizproof.probes.methods.localisation import EmptyRegionError
    from quizproof.probes.methods.saliency import shown_saliency

    view = View(bench, model, photos)
    shown = shown_saliency(view, picture)
    part = view.region(picture, whole) & ~view.region(picture, body)
    if not part.any():
        raise EmptyRegionError(
            f"region {body} of picture {picture} covers all of {whole}, and no part is left that "
            "could stick out; mend the regions"
        )
    seen = protrusion.figure(shown)
    found = [protrusion.handle(seen, level) for level in protrusion.LEVELS] if seen else []
    handles = [handle for handle in found if handle]
    marked = np.zeros(shown.shape)
    values = dict.fromkeys((*_SIDES, "handle", "rival", "parted", "on_part"), 0.0)
    values["chance"] = 1.0  # what is not there is not above it
    if seen and len(handles) == len(protrusion.LEVELS):
        generator = np.random.default_rng(bench.fixed_seed)
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
    maps = (
        Map(
            Text(en="saliency", zh_hant="saliency map"),
            shown.astype(np.float32),
            picture=picture,
            regions=(whole, body),
        ),
        Map(
            Text(
                en="handle, by how many of three levels",
                zh_hant="把手，依三層中有幾層認出",
            ),
            marked.astype(np.float32),
            picture=picture,
        ),
    )
    yield Draw(values, maps=maps)

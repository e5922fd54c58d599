"""Chinese for what probes measure of maps and displays, by the English that a probe says it in."""

from __future__ import annotations

_SOLIDS = {
    "cube": "立方體",
    "sphere": "圓球體",
    "cylinder": "圓柱體",
    "pyramid": "角錐體",
    "tetrahedron": "四面體",
}
_SIDES = {"left": "左", "right": "右", "top": "上", "bottom": "下"}

MORE_UNITS = {
    "(a − b) ∕ (a + b)": "(a − b) ∕ (a + b)",
    "grey levels": "灰階",
    "of the picture's side": "圖片邊長的比例",
    "of the shares": "個比例",
    "superpixels": "個 superpixel",
    "η of Otsu": "Otsu 的 η",
}

MORE_MEASURES = {
    **{
        f"at how many of them the hot pixels look like a {name} more than like the others": (
            f"在其中幾個比例下，最亮的像素最像{chinese}"
        )
        for name, chinese in _SOLIDS.items()
    },
    **{
        f"the outline of the hot pixels with that of a {name} in its best pose, mean": (
            f"最亮像素的輪廓與{chinese}最佳姿態的輪廓；平均"
        )
        for name, chinese in _SOLIDS.items()
    },
    **{
        f"how far towards the {name} from the picture's middle the handle's centre is, "
        "at the level where it is least": f"把手中心自圖片中央向{chinese}偏多少；取最小的一層"
        for name, chinese in _SIDES.items()
    },
    "by which a spot stands out at most, with min-max": "做 min-max 時，最突出的亮點高出多少",
    "by which the brightest spot stands out from its surroundings, with few steps": (
        "steps 少時，最亮的亮點比周圍高出多少"
    ),
    "by which two halves of SmoothGrad differ in it": "SmoothGrad 兩半之間的差異",
    "edge strength on the food's outline against elsewhere, with min-max": (
        "做 min-max 時，食物輪廓上的邊緣強度與其他地方相比"
    ),
    "frequency up to which a filter's activation near the input has 90 % of its power": (
        "靠近輸入端的 filter activation 有 90 % 功率所在的頻率上限"
    ),
    "in how many light and dark are swapped": "有幾張圖片明暗對調",
    "in how many no pixel differs by more than `levels`": "有幾張圖片沒有任何像素相差超過 `levels`",
    "in how many no spot stands out by `levels` any more, or most of the picture is as bright": (
        "有幾張圖片不再有亮點高出 `levels`，或圖片大部分一樣亮"
    ),
    "in how many spots are to be seen where they were, only dimmer or brighter": (
        "有幾張圖片亮點仍在原處，只是較暗或較亮"
    ),
    "in how many spots are where they were, and the outline of the food is clearer": (
        "有幾張圖片亮點仍在原處，且食物的輪廓更清楚"
    ),
    "in how many the brightest spots are in other places": "有幾張圖片最亮的點在其他地方",
    "in how many with min-max no spot stands out either": "有幾張圖片做了 min-max 也沒有突出的亮點",
    "in the rest of `whole` beside that part": "`whole` 除該部分外、緊鄰處的密度",
    "in the rest of `whole`; in all its parts where no rest is left": (
        "`whole` 其餘部分的密度；沒有其餘部分時為所有部分"
    ),
    "of SmoothGrad's mass on it, mean of pictures": "SmoothGrad 落在食物上的質量；圖片平均",
    "of its saliency map and the others' SmoothGrad, mean": (
        "該圖的 saliency map 與其他圖的 SmoothGrad 的相似度；平均"
    ),
    "of its saliency map and the others' SmoothGrad, the largest": (
        "該圖的 saliency map 與其他圖的 SmoothGrad 的相似度；最大值"
    ),
    "of places, between a layer near the input and one near the output": (
        "靠近輸入端與靠近輸出端的 layer 之間，位置的相關"
    ),
    "of places, between two halves of a layer's filters": "同一 layer 兩半 filter 之間，位置的相關",
    "of saliency's mass on the food, mean of pictures": "saliency 落在食物上的質量；圖片平均",
    "of the brightest places with, those bright without": "做時最亮的位置中，不做時仍亮的比例",
    "of the displays with few and with more steps": "steps 少與多時所顯示的圖的相關",
    "of the figure's mass: the handle, where it is least": "圖形質量中屬於把手的比例；取最小的一層",
    "of the handle that was found: on the whole, off the body": (
        "找到的把手中，在壺上而不在壺身的比例"
    ),
    "of the pixel that differs most; median": "相差最多的像素；中位數",
    "of the saliency map and SmoothGrad of that picture": (
        "該圖的 saliency map 與 SmoothGrad 的相似度"
    ),
    "of these: the picture with noise of its own added": "其中是加了 noise 的原圖的比例",
    "outside `whole` and its outline": "`whole` 及其輪廓之外的密度",
    "painted green, with at least ``lying`` of their pixels in the region": (
        "塗成綠色、且至少 ``lying`` 的像素在該區域內"
    ),
    "painted green, with at least ``touching`` of their pixels in the region": (
        "塗成綠色、且至少 ``touching`` 的像素在該區域內"
    ),
    "painted red, with at least ``lying`` of their pixels in the region": (
        "塗成紅色、且至少 ``lying`` 的像素在該區域內"
    ),
    "painted red, with at least ``touching`` of their pixels in the region": (
        "塗成紅色、且至少 ``touching`` 的像素在該區域內"
    ),
    "share of mass ÷ share of area on the outline of `whole`": (
        "`whole` 輪廓上的質量占比 ÷ 面積占比"
    ),
    "that the method showed the model, each once": "此方法給 model 看過的圖片，各算一次",
    "the less of two: SmoothGrad's halves; saliency and its copies": (
        "兩者中較小的：SmoothGrad 的兩半；saliency 與其略加 noise 的版本"
    ),
    "what maps of these values and this grain, their places at random, exceed one time in 3,000": (
        "數值與紋理相同、位置隨機的圖，在 3,000 次中只有一次會超過的值"
    ),
    "the next largest part beyond the body, where it is most": (
        "壺身之外第二大的部分；取最大的一層"
    ),
    "the same in that part, without the outline": "該部分（不含輪廓）的同一個量",
    "the same near the output": "靠近輸出端的同一個量",
    "the same with more steps": "steps 多時的同一個量",
    "variance between figure and ground ÷ all variance": "圖形與背景之間的變異 ÷ 全部變異",
    "what 99 of 100 maps without a figure do not exceed": (
        "沒有圖形的圖，100 張中有 99 張不超過的值"
    ),
    "what that exceeds in one of a hundred shifts of one half": (
        "把其中一半平移，100 次中只有 1 次超過的值"
    ),
    "with few steps, and with as many half a step further": "steps 少時，與再移半步的同樣步數",
}

"""Words of this project's packs and probes in Chinese, for readers of it.

Keys are the English words; # stands for any number. Words that are not here are shown as they are.
"""

from __future__ import annotations

import re

from quizproof.questions.spec import Text
from quizproof.reports.known_measures import MORE_MEASURES, MORE_UNITS

REGIONS = {
    "food": "食物",
    "jug": "壺",
    "body": "壺身",
    "handle": "把手",
    "milk": "牛奶",
    "contour": "輪廓",
    "background": "背景",
    "cake": "蛋糕",
    "plate": "盤子",
    "telephone": "電話",
    "steak": "肉排",
    "grain": "穀物",
    "tray": "鐵盤",
    "piece": "肉塊",
    "outline": "輪廓",
    "bowl": "整碗湯",
    "rim": "碗緣",
    "soup": "湯",
    "spring_onion": "蔥花",
}

UNITS = {
    "share": "比例",
    "share ∕ share": "比例 ∕ 比例",
    "share of full brightness": "全亮度的比例",
    "Pearson's r": "Pearson 相關係數 r",
    "Spearman's ρ": "Spearman 等級相關係數 ρ",
    "(1 − r) ∕ 2": "(1 − r) ∕ 2",
    "intersection ∕ union": "交集 ∕ 聯集",
    "lengths": "線段長度",
    "cycles ∕ side": "週期 ∕ 邊長",
    "factors of ten": "10 的次方數",
    "standard deviations": "個標準差",
    "factors of ten ∕ factor of ten": "10 的次方數 ∕ 10 的次方",
    "Gini": "Gini 係數",
    "half the body's extent": "主體範圍的一半",
    "pictures": "張",
    "pixels": "像素",
    "logit": "logit",
    "probability": "機率",
    "(answer − best other) ∕ (answer + best other)": "(答案 − 最佳的其他) ∕ (答案 + 最佳的其他)",
    "(inside − outside) ∕ (inside + outside)": "(內 − 外) ∕ (內 + 外)",
    "(part − outside) ∕ (part + outside)": "(部分 − 外) ∕ (部分 + 外)",
    "largest step of pairs that mean the same": "意義相同之句對的最大相鄰變化",
    "layer": "層",
    "colour scale": "色階",
    "1 − cosine similarity": "1 − 餘弦相似度",
    "distance ∕ length of the vectors": "距離 ∕ 向量長度",
    "share of attention": "attention 的比例",
    "(referent − other) ∕ (referent + other)": "(所指對象 − 其他名詞) ∕ (所指對象 + 其他名詞)",
}

TITLES = {
    "saliency": "saliency map",
    "saliency, raw": "saliency map，未經 normalize",
    "saliency, normalised": "saliency map，經 normalize",
    "hot pixels, without stray ones": "去除零星點後的紅點",
    "SmoothGrad": "SmoothGrad",
    "SmoothGrad with min-max, as displayed": "顯示出的 SmoothGrad，經 min-max",
    "SmoothGrad without min-max, as displayed": "顯示出的 SmoothGrad，未經 min-max",
    "activation of filter # of cnn.#": "第 # 個 filter 的 activation（cnn.#）",
    "visualisation of filter # of cnn.#": "第 # 個 filter 的 visualization（cnn.#）",
    "sample # of #": "第 # 個 sample，共 # 個",
    "size of the gradients averaged over the path": "沿路徑平均之梯度的大小",
    "the paper's integrated gradients, with the factor picture − baseline": (
        "論文的 integrated gradients，乘上（圖片 − baseline）"
    ),
    "integrated gradients, # steps, as displayed": "顯示出的 integrated gradients，# steps",
    "the picture LIME paints": "LIME 所繪的圖",
    "true effect of every superpixel": "每個 superpixel 的真實影響",
    "LIME's overlay": "LIME 的疊圖",
    "weight of every superpixel": "每個 superpixel 的權重",
    "probability of the likeliest tokens at the word asked about": (
        "所問的字被蓋掉處，機率最高之各 token 的機率"
    ),
    "token": "token",
    "words masked": "蓋掉的字數",
    # reading comprehension
    "reader #, triple #, layer #": "模型 #，問題 #，第 # 層",
    "question": "問題",
    "context": "文章",
    "answer": "答案",
    "relevant part": "文章中與問題有關的部分",
    "question answering head": "問答輸出層",
    "head": "head",
    "hidden states": "hidden states",
    "gap between the relevant part and the rest": "有關部分與其餘部分的差距",
    "the same, triple #": "同上，問題 #",
    "distance of the answer against the other words, reader #": ("答案相對於其他字的距離，模型 #"),
    # similarity of a character's vectors
    "cosine similarity": "餘弦相似度",
    "−(Euclidean distance)": "−（歐氏距離）",
    "reference": "參考矩陣",
    "cosine similarity of 蘋, layer #": "「蘋」的餘弦相似度，第 # 層",
    "cosine similarity of 果, layer #": "「果」的餘弦相似度，第 # 層",
    "cosine similarity of 蘋果, layer #": "「蘋果」的餘弦相似度，第 # 層",
    "Euclidean distance of 蘋, layer #": "「蘋」的歐氏距離，第 # 層",
    "Euclidean distance of 果, layer #": "「果」的歐氏距離，第 # 層",
    "Euclidean distance of 蘋果, layer #": "「蘋果」的歐氏距離，第 # 層",
    "1 − cosine similarity of 果": "「果」的 1 − 餘弦相似度",
    "relative Euclidean distance of 果": "「果」的相對歐氏距離",
    "sentence": "句子",
    "what differs": "不同之處",
    "pair of sentences": "句對",
    "NOUN among the neighbours by cosine": "最近的字中名詞的比例（餘弦）",
    "NOUN among the neighbours by inner product": "最近的字中名詞的比例（內積）",
    "parts of speech of the nearest words by cosine": "最近的字的詞性（餘弦）",
    "parts of speech of the nearest words by inner product": "最近的字的詞性（內積）",
    "part of speech": "詞性",
    "attention from pronoun to referent, by head": "各 head 從代名詞到所指對象的 attention",
    "the referent's lead, by head": "各 head 中所指對象的領先幅度",
    "tokens that attend most to the full stop token": "最注意句號的比例",
    "tokens that attend most to the full stop token, head #": ("第 # 個 head：最注意句號的比例"),
    "tokens that attend most to the previous token": "最注意前一個 token 的比例",
    "tokens that attend most to the previous token, head #": (
        "第 # 個 head：最注意前一個 token 的比例"
    ),
    "tokens that attend most to the same token": "最注意相同的 token 的比例",
    "tokens that attend most to the same token, head #": (
        "第 # 個 head：最注意相同的 token 的比例"
    ),
    "tokens that attend most to the next token": "最注意下一個 token 的比例",
    "tokens that attend most to the next token, head #": (
        "第 # 個 head：最注意下一個 token 的比例"
    ),
    "tokens that attend most to the special token": "最注意 special token 的比例",
    "tokens that attend most to the special token, head #": (
        "第 # 個 head：最注意 special token 的比例"
    ),
}

MEASURES = {
    # filters
    "mean spatial frequency of the activations near the input": (
        "靠近輸入端之 activation 的平均空間頻率"
    ),
    "mean spatial frequency of the activations near the output": (
        "靠近輸出端之 activation 的平均空間頻率"
    ),
    "of places, between activations near the input and near the output": (
        "靠近輸入端與靠近輸出端之 activation 位置的相關"
    ),
    "of the activation's change: on the left half, when the picture's left third changes": (
        "圖片左側三分之一改變時，activation 的變化落在左半邊的比例"
    ),
    "activation's change, for another filter": "換成另一個 filter 時 activation 的變化",
    "activation's change, with other later layers": "換掉後面各層時 activation 的變化",
    "activation's change, with another class head": "換掉分類層時 activation 的變化",
    "rise of a filter's summed activation from the picture to the filter's visualisation, relative "
    "to the sizes of both; the least of the filters": (
        "filter 的 activation 總和從原圖到其 visualization 的上升，"
        "相對於兩者的大小；取各 filter 的最小值"
    ),
    "visualisation's, for another filter": "換成另一個 filter 時 visualization 的變化",
    "visualisation's, with other later layers": "換掉後面各層時 visualization 的變化",
    "visualisation's, with another class head": "換掉分類層時 visualization 的變化",
    "Σ |weight|, painted or not": "Σ |權重|，不論有無上色",
    "share of the filter's activation in the region ÷ its share of the picture's area": (
        "該區域佔 filter activation 的比例 ÷ 佔圖片面積的比例"
    ),
    # integrated gradients
    "that one call gives": "呼叫一次所得的數量",
    "relative difference of what a second call gives: 0 where nothing is random": (
        "再呼叫一次所得結果的相對差異：沒有隨機成分時為 0"
    ),
    "how far the farthest sample lies from the straight line between baseline and picture": (
        "最遠的 sample 離 baseline 與圖片連線的距離"
    ),
    "the longest stretch from baseline over the samples, in their order, to the picture": (
        "從 baseline 依序經過各 sample 到圖片，最長的一段"
    ),
    "how far the farthest sample is from the baseline": "最遠的 sample 離 baseline 的距離",
    "by which the first sample is the picture, shifted": "第一個 sample 相當於圖片平移多少",
    "relative difference of the first sample and the picture so shifted": (
        "第一個 sample 與如此平移之圖片的相對差異"
    ),
    "share of the attribution's mass in the region ÷ its share of the picture's area": (
        "該區域佔歸因總量的比例 ÷ 佔圖片面積的比例"
    ),
    "rank correlation, with few and most steps": "steps 少與最多時的等級相關",
    "share of the brightest 5 % with few steps that are among those with most": (
        "steps 少時最亮的 5 % 中，steps 最多時也最亮的比例"
    ),
    "share of the brightest 5 % with more steps that are among those with most": (
        "steps 較多時最亮的 5 % 中，steps 最多時也最亮的比例"
    ),
    "brightest 5 % less the median, with few steps": "steps 少時，最亮的 5 % 減去中位數",
    "the same with most steps": "同上，steps 最多時",
    # LIME
    "of green pixels: the true effect is > 0": "綠色像素中，真實影響 > 0 的比例",
    "of green pixels: the true effect is < 0": "綠色像素中，真實影響 < 0 的比例",
    "of red pixels: the true effect is > 0": "紅色像素中，真實影響 > 0 的比例",
    "of red pixels: the true effect is < 0": "紅色像素中，真實影響 < 0 的比例",
    "mean true effect, of the largest |effect|": "平均的真實影響，相對於最大的 |影響|",
    "of the region's pixels painted green": "該區域中塗成綠色的像素比例",
    "of the region's pixels painted red": "該區域中塗成紅色的像素比例",
    "of the picture's pixels painted green": "整張圖片中塗成綠色的像素比例",
    "of the picture's pixels painted red": "整張圖片中塗成紅色的像素比例",
    "of all painted |weight|: the positive weight in the region": (
        "該區域的正權重，佔所有上色 |權重| 的比例"
    ),
    "of all painted |weight|: the negative weight in the region": (
        "該區域的負權重，佔所有上色 |權重| 的比例"
    ),
    "of the picture's area": "佔圖片面積的比例",
    # nearest words, pronouns, heads
    "of the neighbours: the masked word's part of speech less the commonest other one, 0 "
    "where it is no commoner than in the corpus; the least of that layer and all after it": (
        "最近的字中，與被蓋字同詞性的比例減去其他最常見詞性的比例；若不比語料庫中常見則為 0；"
        "該層及之後各層的最小值"
    ),
    "from which on the masked word's part of speech is the commonest in every layer; "
    "one more than there are where it is not in the last": (
        "從該層起每一層都以被蓋字的詞性最常出現；最後一層不是時為層數加一"
    ),
    "the first at which it is the commonest; one more than there are where it never is": (
        "該詞性最常出現的第一層；從未如此時為層數加一"
    ),
    "from which on it is the commonest in every layer, by that other metric": (
        "以另一種度量，從該層起每一層都以該詞性最常出現"
    ),
    "of the corpus's word pieces: that part of speech": "語料庫的 word piece 中該詞性的比例",
    "of the corpus's words: without a token of their own": (
        "語料庫的字中，沒有自己的 token 的比例"
    ),
    "attention from the pronoun to its referent against that to other nouns in the same "
    "place, or to any token where a head spreads it evenly, if that is more": (
        "代名詞對所指對象的 attention，對照同一位置的其他名詞所得，"
        "或平均分散時每個 token 所得（取大者）"
    ),
    "from the pronoun to other nouns in the referent's place, or to any token where a head "
    "spreads it evenly, if that is more": (
        "代名詞對同一位置的其他名詞的 attention，或平均分散時每個 token 所得（取大者）"
    ),
    "from the pronoun to its referent": "從代名詞到所指對象的 attention",
    "of the tokens that have such a token: those that attend to it most; the most of all layers": (
        "有這種 token 的 token 中，最注意它者的比例；取各層的最大值"
    ),
    # the network
    "type of the module at that layer": "該層模組的類型",
    # masked prediction
    "the likeliest token where the word alone is masked": "只蓋掉該字時，該處機率最高的 token",
    "by which the likeliest token is ahead of the second": "機率最高的 token 領先第二名多少",
    "of the token asked for, the word alone masked": "所問 token 的機率，只蓋掉該字時",
    "of the token asked for, the other word masked too": "所問 token 的機率，另一字也蓋掉時",
    "of the token asked for, where the other word is masked too; below 0 for a rise": (
        "另一字也蓋掉時，所問 token 的機率減少多少；小於 0 表示上升"
    ),
    # reading comprehension
    "of the question with the relevant part of the context, less that with the rest, "
    "at the stage's last layer": (
        "問題與文章中有關部分的相似度，減去與其餘部分的相似度；取該階段的最後一層"
    ),
    "by which the stage's layers widen that gap": "該階段各層使上述差距增加多少",
    "by which the stage is ahead of any other in widening the gap, or the gap at its end "
    "where that is less; from the least to the most of the triples": (
        "該階段使差距增加的量領先其他階段多少，或該階段末的差距（取較小者）；由各題的最小值到最大值"
    ),
    "what tells the answer: the question-answering head, or the hidden states alone": (
        "由何者得知答案：問答輸出層，或只有 hidden states"
    ),
    "of the probability of the head's span, or of the distance from the context's middle "
    "in the last layer: above 0 where the question is answered right": (
        "輸出層所選片段之機率，或最後一層離文章中心之距離；答對時大於 0"
    ),
    "likelihood of what the reader does on the triples, were it fine-tuned, against were it not; "
    "give or take what would have to be exceeded": (
        "若微調過與若未微調，閱讀模型在各題上表現的可能性之比；加減判定所需超過的量"
    ),
    "by which the last layers, more than the middle ones, set the answer apart from the other "
    "spans of the context": "最後幾層比中間幾層多使答案與文章其他片段分離多少",
    # saliency
    "share of the saliency map's hottest places in that picture that are SmoothGrad's too": (
        "該圖片 saliency map 最強的位置中，也是 SmoothGrad 最強位置的比例"
    ),
    "share of saliency's mass on the food, mean of pictures": (
        "saliency 總量落在食物上的比例，各圖片平均"
    ),
    "share of SmoothGrad's mass on it, mean of pictures": (
        "SmoothGrad 總量落在食物上的比例，各圖片平均"
    ),
    "the map with finite differences of the derivative of loss by parameters": (
        "saliency map 與「loss 對參數偏微分」之有限差分的相關"
    ),
    "the map with finite differences of the derivative of loss by input": (
        "saliency map 與「loss 對輸入偏微分」之有限差分的相關"
    ),
    "the map with finite differences of the derivative of parameters by loss": (
        "saliency map 與「參數對 loss 偏微分」之有限差分的相關"
    ),
    "the map with finite differences of the derivative of input by loss": (
        "saliency map 與「輸入對 loss 偏微分」之有限差分的相關"
    ),
    "the map with finite differences of the derivative of input by label": (
        "saliency map 與「輸入對 label 偏微分」之有限差分的相關"
    ),
    "how the normalised map's largest value follows when the gradient is scaled": (
        "梯度縮放時，normalize 後的最大值隨之改變的程度"
    ),
    "largest values of the pictures' raw maps": "各圖片 normalize 前最大值的離散程度",
    "and of their normalised maps": "各圖片 normalize 後最大值的離散程度",
    "unevenness within a raw map, mean over pictures": "normalize 前圖內的不均勻程度，各圖片平均",
    "unevenness within a normalised map, mean": "normalize 後圖內的不均勻程度，各圖片平均",
    "mean saliency in the region against that in the rest of the picture": (
        "該區域的平均 saliency，對照圖片其餘部分"
    ),
    "mean saliency on the part against that outside the whole": (
        "該部分的平均 saliency，對照整個物體之外"
    ),
    "how far right of the body's middle the part's saliency has its centre": (
        "該部分 saliency 的重心在主體中央右方多遠"
    ),
    "how far below the body's middle the part's saliency has its centre": (
        "該部分 saliency 的重心在主體中央下方多遠"
    ),
    "the outline of the hot pixels with that of a cube in its best pose": (
        "紅點的輪廓與最相合姿態之立方體輪廓的重疊"
    ),
    "the outline of the hot pixels with that of a sphere in its best pose": (
        "紅點的輪廓與最相合姿態之球體輪廓的重疊"
    ),
    "the outline of the hot pixels with that of a cylinder in its best pose": (
        "紅點的輪廓與最相合姿態之圓柱體輪廓的重疊"
    ),
    "the outline of the hot pixels with that of a pyramid in its best pose": (
        "紅點的輪廓與最相合姿態之角錐體輪廓的重疊"
    ),
    "the outline of the hot pixels with that of a tetrahedron in its best pose": (
        "紅點的輪廓與最相合姿態之四面體輪廓的重疊"
    ),
    # SmoothGrad
    "1 − Σ min ∕ Σ max of the two displays' brightness: 0 where they are the same": (
        "1 − 兩種顯示亮度的 Σ min ∕ Σ max：相同時為 0"
    ),
    "brightest 5 % less the median, displayed with min-max": (
        "經 min-max 顯示時，最亮的 5 % 減去中位數"
    ),
    "brightest 5 % less the median, displayed without": (
        "未經 min-max 顯示時，最亮的 5 % 減去中位數"
    ),
    "share of the brightest 5 % with min-max that are among those without": (
        "經 min-max 時最亮的 5 % 中，未經時也最亮的比例"
    ),
    "rank correlation of the two displays": "兩種顯示的等級相關",
    "edge strength on the food's outline ÷ (on it + elsewhere), with min-max": (
        "食物輪廓上的邊緣強度 ÷（輪廓上 + 其他處），經 min-max"
    ),
    "the same without": "同上，未經 min-max",
    "share of the map's mass in the region ÷ its share of the picture's area": (
        "該區域佔熱圖總量的比例 ÷ 佔圖片面積的比例"
    ),
    "the same outside all these regions": "同上，所有這些區域之外",
    "of the result from the noise of one copy × the change of the output it makes": (
        "結果與「單一副本的 noise × 其造成的輸出變化」的距離"
    ),
    "of the result from the saliency map of one copy, the nearest of them": (
        "結果與最接近之單一副本 saliency map 的距離"
    ),
    "of the result from the mean over copies of noise × change of the output": (
        "結果與「noise × 輸出變化」在各副本之平均的距離"
    ),
    "of the result from the mean over copies of their saliency maps": (
        "結果與各副本 saliency map 之平均的距離"
    ),
    # similarity of a character's vectors
    "the longest rise of cosine similarity, from any layer to a later one": (
        "餘弦相似度從任一層到其後某層的最大上升"
    ),
    "the longest fall of cosine similarity, from any layer to a later one": (
        "餘弦相似度從任一層到其後某層的最大下降"
    ),
    "the longest fall of cosine similarity that a rise as long follows": (
        "餘弦相似度先降後升之中，較短一段的最大值"
    ),
    "the longest rise of cosine similarity that a fall as long follows": (
        "餘弦相似度先升後降之中，較短一段的最大值"
    ),
    "the largest change of cosine similarity from a layer to the next, of any pair of "
    "sentences in which the word means the same": (
        "該字詞意義相同的各對句子中，餘弦相似度相鄰兩層間的最大變化"
    ),
    "the longest rise of −(Euclidean distance), from any layer to a later one": (
        "−（歐氏距離）從任一層到其後某層的最大上升"
    ),
    "the longest fall of −(Euclidean distance), from any layer to a later one": (
        "−（歐氏距離）從任一層到其後某層的最大下降"
    ),
    "the longest fall of −(Euclidean distance) that a rise as long follows": (
        "−（歐氏距離）先降後升之中，較短一段的最大值"
    ),
    "the longest rise of −(Euclidean distance) that a fall as long follows": (
        "−（歐氏距離）先升後降之中，較短一段的最大值"
    ),
    "the largest change of −(Euclidean distance) from a layer to the next, of any pair of "
    "sentences in which the word means the same": (
        "該字詞意義相同的各對句子中，−（歐氏距離）相鄰兩層間的最大變化"
    ),
    "largest difference from the reference of the word's cosine similarities, "
    "at the layer where it is least": "該字詞的餘弦相似度與參考矩陣的最大差異，取差異最小的一層",
    "largest difference from the reference of the word's Euclidean distances, "
    "at the layer where it is least": "該字詞的歐氏距離與參考矩陣的最大差異，取差異最小的一層",
    "by which the digits the reference is printed to can move a colour": (
        "參考矩陣印出的位數所能造成的色階差異"
    ),
    "of the matrix that is nearest to the reference": "最接近參考矩陣的那一個所在的層",
    "of 果 in two sentences of different meaning; the largest of all pairs": (
        "只有意思不同的兩個句子中「果」的差異；取各對的最大值"
    ),
    "of 果 in two sentences of different length; the largest of all pairs": (
        "只有長度不同的兩個句子中「果」的差異；取各對的最大值"
    ),
    "of 果 in two sentences of different position; the largest of all pairs": (
        "只有位置不同的兩個句子中「果」的差異；取各對的最大值"
    ),
    "of 果 in two sentences of different occurrences; the largest of all pairs": (
        "只有出現次數不同的兩個句子中「果」的差異；取各對的最大值"
    ),
    "of 果 in one sentence read alone, and in a batch; the largest": (
        "同一個句子單獨讀取與成批讀取時「果」的差異；取最大值"
    ),
}

KNOWN = {**REGIONS, **UNITS, **TITLES, **MEASURES, **MORE_UNITS, **MORE_MEASURES}

_NUMBER = r"\d+(?:\.\d+)?"


def known(english: str) -> Text | None:
    """``english`` in both languages, if it is known as it is or but for its numbers."""
    chinese = KNOWN.get(english) or KNOWN.get(re.sub(_NUMBER, "#", english))
    if chinese is None:
        return None
    for number in re.findall(_NUMBER, english) if english not in KNOWN else ():
        chinese = chinese.replace("#", number, 1)
    return Text(en=english, zh_hant=chinese)

"""The one line that says why a verdict is what it is, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quizproof.questions.languages import language_name
from quizproof.questions.spec import Text


def listed(names: Sequence[str]) -> Text:
    """Names in a row: "a", "a and b", "a, b and c"."""
    if len(names) < 2:
        return _both("".join(names) or "?")
    *most, last = names
    return Text(en=f"{', '.join(most)} and {last}", zh_hant=f"{'、'.join(most)} 與 {last}")


def enumerated(names: Sequence[str]) -> Text:
    """Names beside one another: "a, b"."""
    return Text(en=", ".join(names), zh_hant="、".join(names))


def joined(parts: Sequence[Text]) -> Text:
    """Clauses one after another."""
    return Text(
        en="; ".join(part.en for part in parts), zh_hant="；".join(part.zh_hant for part in parts)
    )


def first_draw_differs(
    draws: int, held: Mapping[str, int], first: Mapping[str, bool], opposed: Sequence[str]
) -> Text:
    """That the first draw says otherwise than the share of draws, which is sure of ``opposed``."""
    said = [option for option, holds in first.items() if holds]
    above = [option for option in opposed if not first[option]]
    only = "" if above else "only "
    those = [f"{held[option]} of {draws} draws say {option}" for option in above or opposed]
    zh = [
        f"{draws} 次抽樣中{'' if above else '只'}有 {held[option]} 次得出 {option}"
        for option in above or opposed
    ]
    return Text(
        en="the first draw, the course's own setting, says "
        f"{listed(said).en if said else 'that no option holds'}; {only}{', '.join(those)}",
        zh_hant="第一次抽樣（課程本身的設定）"
        f"{f'得出 {listed(said).zh_hant}' if said else '沒有選項成立'}；{'，'.join(zh)}",
    )


def as_expected(measured: Text) -> Text:
    return Text(
        en=f"measured {measured.en}, as expected",
        zh_hant=f"實測：{measured.zh_hant}，與標準答案相同",
    )


def other_than_expected(measured: Text, expected: Text) -> Text:
    return Text(
        en=f"measured {measured.en}, expected {expected.en}",
        zh_hant=f"實測：{measured.zh_hant}；標準答案：{expected.zh_hant}",
    )


def no_key_holds(expected: Text) -> Text:
    return Text(
        en=f"each key that is accepted is ruled out ({expected.en})",
        zh_hant=f"可接受的標準答案（{expected.zh_hant}）都有誤",
    )


def comes_first(pairs: Sequence[tuple[str, str]]) -> Text:
    """That of each of ``pairs`` the second comes first, not the first."""
    return joined(
        [
            Text(en=f"{other} comes before {one}", zh_hant=f"{other} 在 {one} 之前")
            for one, other in pairs
        ]
    )


def tied(pairs: Sequence[str]) -> Text:
    """That no order of each of ``pairs``, two items each, is measured."""
    names = [" and ".join(pair) for pair in pairs]
    return Text(
        en=f"neither of {listed(names).en} comes first",
        zh_hant=f"{'、'.join(' 與 '.join(pair) for pair in pairs)} 不分先後",
    )


def order_open(pairs: Sequence[str], draws: int) -> Text:
    """That of each of ``pairs``, two items each, it is not decided which comes first."""
    return Text(
        en=f"which of {', '.join(' and '.join(pair) for pair in pairs)} comes first is still open "
        f"after {draws} draw{'' if draws == 1 else 's'}",
        zh_hant=f"抽樣 {draws} 次後，{'、'.join(' 與 '.join(pair) for pair in pairs)} "
        "何者在前仍未定",
    )


def without_key(measured: Text) -> Text:
    return Text(
        en=f"measured {measured.en}, with no key to compare it with",
        zh_hant=f"實測：{measured.zh_hant}，沒有標準答案可比較",
    )


def everyone_is_right(measured: Text) -> Text:
    """That no key is needed, since everyone has the points."""
    return Text(
        en=f"measured {measured.en}; there is no key, since everyone has full credit",
        zh_hant=f"實測：{measured.zh_hant}；所有人都得滿分，因此沒有標準答案",
    )


def by_wording(language: str, whose: str) -> Text:
    """That an answer, "expected" or "yours", is right as the question is asked in ``language``."""
    name = language_name(language)
    answer = {
        "expected": ("what is expected is right", "標準答案正確"),
        "yours": ("yours is right", "你的答案正確"),
    }[whose]
    return Text(
        en=f"by the {name.en} wording, which asks something else, {answer[0]}",
        zh_hant=f"若依所問不同的{name.zh_hant}題意，{answer[1]}",
    )


def on_a_stand_in(reason: Text) -> Text:
    return Text(en=f"{reason.en}, on a stand-in", zh_hant=f"{reason.zh_hant}（替代模型）")


def ruled_out(
    wrong: Sequence[str], extra: Sequence[str], others: Sequence[str], open_: Sequence[str]
) -> Text:
    """``wrong`` do not hold, ``extra`` do and should not; of the rest, ``others`` hold."""
    clauses = []
    if extra:
        held = _hold(extra)
        was = "was" if len(extra) == 1 else "were"
        clauses.append(Text(en=f"{held.en}, but {was} left out", zh_hant=f"{held.zh_hant}，卻未選"))
    if wrong:
        one = len(wrong) == 1
        names = listed(wrong)
        clauses.append(
            Text(
                en=f"{names.en} {'does' if one else 'do'} not hold",
                zh_hant=f"{names.zh_hant} 不成立",
            )
        )
        if others:
            names = listed(others)
            does = "does" if len(others) == 1 else "do"
            clauses.append(Text(en=f"{names.en} {does}", zh_hant=f"成立的是 {names.zh_hant}"))
        elif not open_ and not extra:
            clauses.append(Text(en="no option does", zh_hant="沒有選項成立"))
    if open_:
        clauses.append(_which_is_open(open_))
    return joined(clauses)


def wrong_number(holding: Sequence[str], wanted: int, part: str = "") -> Text:
    """That more options hold than are to be chosen, or fewer."""
    names = listed([option.removeprefix(part) for option in holding])
    chosen = f"{wanted} {'is' if wanted == 1 else 'are'} to be chosen"
    en, zh_hant = f"{names.en} hold, but {chosen}", f"{names.zh_hant} 都成立，但應選 {wanted} 個"
    if not holding:
        en, zh_hant = f"no option holds, but {chosen}", f"沒有選項成立，但應選 {wanted} 個"
    elif len(holding) < wanted:
        does = "holds" if len(holding) == 1 else "hold"
        en, zh_hant = (
            f"only {names.en} {does}, but {chosen}",
            f"只有 {names.zh_hant} 成立，但應選 {wanted} 個",
        )
    return Text(
        en=(f"in part {part}, " if part else "") + en,
        zh_hant=(f"第 {part} 部分" if part else "") + zh_hant,
    )


def several_fit(parts: Sequence[tuple[str, Sequence[str]]]) -> Text:
    """That several options fit, by the part of the question they belong to."""
    return joined(
        [
            Text(
                en=(f"in part {part}, " if part else "") + f"{names.en} fit",
                zh_hant=(f"第 {part} 部分" if part else "") + f"{names.zh_hant} 都成立",
            )
            for part, options in parts
            for names in [listed([option.removeprefix(part) for option in options])]
        ]
    )


def outside(blanks: Sequence[str], open_: Sequence[str], measured: Text, expected: Text) -> Text:
    """Blanks that are surely wrong, while others are open."""
    names, others = listed(blanks), listed(open_)
    return Text(
        en=f"blank {names.en} differs: measured {measured.en}, expected {expected.en}; "
        f"{others.en} {'is' if len(open_) == 1 else 'are'} open",
        zh_hant=f"空格 {names.zh_hant} 不符（實測：{measured.zh_hant}；"
        f"標準答案：{expected.zh_hant}）；{others.zh_hant} 未定",
    )


def still_open(options: Sequence[str], draws: int, left: int, held: Mapping[str, int]) -> Text:
    """That it is open whether ``options`` hold, and in how many draws they did.

    ``held`` is by option, where that decides; else empty. ``draws`` is 0 where none are made.
    """
    names = listed(options)
    one = len(options) == 1
    en = f"whether {names.en} hold{'s' if one else ''} is open"
    zh_hant = f"{names.zh_hant} 是否成立未定"
    if held:
        first, *others = ((option, held[option]) for option in options)
        en += f": {first[0]} holds in {first[1]} of {draws} draws" + "".join(
            f", {option} in {count}" for option, count in others
        )
        zh_hant += f"：{draws} 次抽樣中，" + "，".join(
            f"{option} 成立 {count} 次" for option, count in (first, *others)
        )
    elif draws:
        en += f" after {counted(draws, 'draw')}"
        zh_hant = f"抽樣 {draws} 次後，{zh_hant}"
    else:
        en += ": what was measured lies too near the limit"
        zh_hant += "：量測值太接近門檻"
    if left:
        en += f"; the {left} draws still allowed could not settle it"
        zh_hant += f"；仍可抽的 {left} 次也無法判定"
    return Text(en=en, zh_hant=zh_hant)


def counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def models_rule_it_out() -> Text:
    """That no model bears the key out, each for another reason."""
    return Text(
        en="on no model measured does the expected answer hold",
        zh_hant="以量測的任何模型而言，標準答案都有誤",
    )


def _hold(options: Sequence[str]) -> Text:
    names = listed(options)
    return Text(
        en=f"{names.en} hold{'s' if len(options) == 1 else ''}", zh_hant=f"{names.zh_hant} 成立"
    )


def _which_is_open(options: Sequence[str]) -> Text:
    if len(options) == 1:
        return Text(en=f"{options[0]} is open", zh_hant=f"{options[0]} 未定")
    names = ", ".join(options)
    return Text(en=f"which of {names} is open", zh_hant=f"{'、'.join(options)} 中何者成立未定")


def _both(words: str) -> Text:
    return Text(en=words, zh_hant=words)

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


def as_expected(measured: str) -> Text:
    return Text(en=f"measured {measured}, as expected", zh_hant=f"實測 {measured}，與預期相同")


def other_than_expected(measured: str, expected: str) -> Text:
    return Text(
        en=f"measured {measured}, expected {expected}", zh_hant=f"實測 {measured}，預期 {expected}"
    )


def no_key_holds(expected: str) -> Text:
    return Text(
        en=f"each key that is accepted is ruled out ({expected})",
        zh_hant=f"可接受的答案（{expected}）都不成立",
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


def without_key(measured: str) -> Text:
    return Text(
        en=f"measured {measured}, with no key to compare it with",
        zh_hant=f"實測 {measured}，沒有答案可比較",
    )


def by_wording(language: str, whose: str) -> Text:
    """That an answer, "expected" or "yours", is right as the question is asked in ``language``."""
    name = language_name(language)
    answer = {
        "expected": ("what is expected is right", "預期答案成立"),
        "yours": ("yours is right", "你的答案成立"),
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
    names = ", ".join(option.removeprefix(part) for option in holding)
    many = {0: "no option holds", 1: f"option {names} holds"}
    return Text(
        en=(f"in part {part}, " if part else "")
        + many.get(len(holding), f"options {names} hold")
        + f", where {wanted} {'was' if wanted == 1 else 'were'} to be chosen",
        zh_hant=(f"第 {part} 部分" if part else "")
        + (f"選項 {names} 成立" if holding else "沒有選項成立")
        + f"，但應選 {wanted} 個",
    )


def several_fit(parts: Sequence[tuple[str, Sequence[str]]]) -> Text:
    """That several options fit, by the part of the question they belong to."""
    return joined(
        [
            Text(
                en=(f"in part {part}, " if part else "") + f"{names.en} fit",
                zh_hant=(f"第 {part} 部分" if part else "") + f"{names.zh_hant} 都符合",
            )
            for part, options in parts
            for names in [listed([option.removeprefix(part) for option in options])]
        ]
    )


def outside(blanks: Sequence[str], open_: Sequence[str], measured: str, expected: str) -> Text:
    """Blanks that are surely wrong, while others are open."""
    names, others = listed(blanks), listed(open_)
    return Text(
        en=f"blank {names.en} differs: measured {measured}, expected {expected}; "
        f"{others.en} {'is' if len(open_) == 1 else 'are'} open",
        zh_hant=f"空格 {names.zh_hant} 不符：實測 {measured}，預期 {expected}；"
        f"{others.zh_hant} 未定",
    )


def still_open(options: Sequence[str], draws: int, left: int, held: Mapping[str, int]) -> Text:
    """``held``: in how many draws each option held, where that decides; else empty."""
    one = len(options) == 1
    names = ", ".join(options)
    en = f"option{'' if one else 's'} {names} still open"
    en += f" after {draws} draw{'' if draws == 1 else 's'}"
    zh_hant = f"抽樣 {draws} 次後，選項 {names} 仍未定"
    if held:
        counts = [(option, held[option]) for option in options]
        if one:
            en += f", holding in {counts[0][1]}"
            zh_hant += f"，其中成立 {counts[0][1]} 次"
        else:
            en += ", holding in " + ", ".join(f"{count} ({o})" for o, count in counts)
            zh_hant += "，成立次數為 " + "、".join(f"{o} {count} 次" for o, count in counts)
    if left:
        en += f"; the {left} left could not decide that"
        zh_hant += f"；其餘 {left} 次也無法判定"
    return Text(en=en, zh_hant=zh_hant)


def models_rule_it_out() -> Text:
    """That no model bears the key out, each for another reason."""
    return Text(
        en="on no model measured does the expected answer hold",
        zh_hant="預期答案在量測的任何模型上都不成立",
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

"""The distribution of the next token in a world in which it is planted."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from quizproof.probes.models.causal_lm import CausalLM
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.testing import draws_of, world
from tests.probes.language.test_next_token import PROMPT, planted

REST = 288  # other tokens, each of logit 0


@pytest.fixture(scope="module")
def gpt(tmp_path_factory: pytest.TempPathFactory) -> CausalLM:
    folder: Path = tmp_path_factory.mktemp("planted")
    return planted(folder, mat=math.log(3 * REST), dog=math.log(REST))  # 0.6 and 0.2


def asked(model: CausalLM, **parameters: Any) -> dict[str, Any]:
    given = {"prompt": PROMPT, "tokens": {"mat": " mat", "dog": " dog", "cat": " cat"}}
    bench = world(gpt=model)
    [draw] = draws_of("next_token.distribution", bench, model="gpt", **{**given, **parameters})
    return dict(draw.values)


def test_it_is_the_models_own_where_nothing_is_asked(gpt: CausalLM) -> None:
    found = asked(gpt)
    assert [found[f"probability_{word}"] for word in ("mat", "dog", "cat")] == pytest.approx(
        [0.6, 0.2, 0.2 / REST], abs=1e-6
    )
    assert (found["rank_mat"], found["rank_dog"], found["kept"]) == (1, 2, REST + 2)
    own = -0.6 * math.log2(0.6) - 0.2 * math.log2(0.2) - 0.2 * math.log2(0.2 / REST)
    assert found["entropy"] == pytest.approx(own, rel=1e-5)
    assert (found["likeliest"], found["most"]) == ("mat", pytest.approx(0.6, abs=1e-6))


def test_what_is_kept_sums_to_one(gpt: CausalLM) -> None:
    for bound in ({"top_k": 2}, {"top_p": 0.7}):
        found = asked(gpt, **bound)
        assert found["probability_mat"] == pytest.approx(0.75, abs=1e-6)
        assert (found["probability_cat"], found["kept"]) == (0, 2)
        assert found["rank_dog"] == 2
    assert asked(gpt, top_k=1)["entropy"] == 0


def test_temperature_flattens_and_sharpens(gpt: CausalLM) -> None:
    high, low = (asked(gpt, temperature=t) for t in (2.0, 0.5))
    roots = math.sqrt(3 * REST) + math.sqrt(REST) + REST
    assert high["probability_mat"] == pytest.approx(math.sqrt(3 * REST) / roots, rel=1e-5)
    assert low["entropy"] < asked(gpt)["entropy"] < high["entropy"]


def test_special_tokens_are_called_by_their_names(gpt: CausalLM) -> None:
    found = asked(gpt, tokens={"end": "<|endoftext|>"})
    assert found["probability_end"] == pytest.approx(0.2 / REST, rel=1e-4)


@pytest.mark.parametrize(
    ("token", "said"),
    [(" zebra", "no one token for “zebra”"), (" cat dog", "but Ġcat Ġdog; ask for one")],
)
def test_what_is_no_token_is_one_line(gpt: CausalLM, token: str, said: str) -> None:
    with pytest.raises(LanguageModelError, match=said) as caught:
        asked(gpt, tokens={"asked": token})
    assert "\n" not in str(caught.value)


def test_other_tokens_that_are_as_likely_leave_a_place_unsure(gpt: CausalLM) -> None:
    [draw] = draws_of(
        "next_token.distribution", world(gpt=gpt), prompt=PROMPT, model="gpt", tokens={"a": " cat"}
    )
    assert draw.unsure is not None
    assert draw.unsure.within == {"rank_a": (3, REST + 2)}

"""Which parts a call takes, whatever the pack has."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.probes.declaration import DECLARED, Probe, probe
from quizproof.probes.part_parameters import ChoiceError, PartParameter, chosen, part_parameter
from quizproof.probes.part_types import EVERY, Classifier, Reader, kind_of
from quizproof.questions.problems import QuizproofError

KINDS = sorted({str(kind_of(each)) for each in EVERY.values()})
packs = st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.sampled_from(KINDS))


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (Classifier, PartParameter("p", ("classifier",))),
        (list[Reader], PartParameter("p", ("reader",), many=True)),
        (Reader | None, PartParameter("p", ("reader",), optional=True)),
        (Reader | Classifier, PartParameter("p", ("reader", "classifier"))),
        (list[Reader | Classifier], PartParameter("p", ("reader", "classifier"), many=True)),
        (str, None),
        (list[str], None),
        (str | None, None),
        (Classifier | int, None),
        (Any, None),
    ],
)
def test_the_type_says_what_a_parameter_takes(hint: Any, expected: PartParameter | None) -> None:
    assert part_parameter("p", hint) == expected


@given(pack=packs, kind=st.sampled_from(KINDS), named=st.none() | st.sampled_from("abc"))
def test_a_part_that_is_taken_is_one_of_the_kind(
    pack: dict[str, str], kind: str, named: str | None
) -> None:
    parameter = PartParameter("p", (kind,))
    fitting = [name for name, its in pack.items() if its == kind]
    try:
        [name] = chosen(parameter, named, pack)
    except ChoiceError:
        assert named not in fitting if named is not None else len(fitting) != 1
        return
    assert pack[name] == kind
    assert named in (None, name)


@given(pack=packs, kind=st.sampled_from(KINDS))
def test_of_many_all_are_taken_where_none_is_named(pack: dict[str, str], kind: str) -> None:
    parameter = PartParameter("p", (kind,), many=True)
    fitting = tuple(name for name, its in pack.items() if its == kind)
    if fitting:
        assert chosen(parameter, None, pack) == fitting
        assert chosen(parameter, list(fitting[::-1]), pack) == fitting[::-1]
        with pytest.raises(ChoiceError, match=f"part {fitting[0]} is named twice"):
            chosen(parameter, [fitting[0], fitting[0]], pack)
    else:
        with pytest.raises(ChoiceError, match=f"the pack has no {kind}"):
            chosen(parameter, None, pack)


def test_what_need_not_be_there_is_looked_for_only_where_it_is_named() -> None:
    parameter = PartParameter("p", ("reader",), optional=True)
    assert chosen(parameter, None, {"a": "reader"}) == ()
    assert chosen(parameter, "a", {"a": "reader"}) == ("a",)


def annotated(source: str) -> Probe:
    """A probe whose function is made by ``source``."""
    known: dict[str, Any] = {}
    exec(compile(source, "a probe", "exec", dont_inherit=True), known)
    return Probe("a.b", False, 0.0, (), known["run"])


@pytest.mark.parametrize(
    "source",
    [
        "from quizproof.probes import Classifier\ndef run(bench, *, model: Classifier): ...",
        "from __future__ import annotations\nfrom quizproof.probes import Classifier\n"
        "def run(bench, *, model: Classifier): ...",
        "from __future__ import annotations\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from quizproof.probes import Classifier\n"
        "def run(bench, *, model: Classifier): ...",
        "import quizproof.probes as q\ndef run(bench, *, model: 'q.Classifier'): ...",
    ],
)
def test_annotations_are_found_however_they_are_imported(source: str) -> None:
    found = annotated(source)
    assert found.parts == {"model": PartParameter("model", ("classifier",))}
    assert found.complete({}) == {"model": None}
    assert found.complete({"model": "net"}) == {"model": "net"}
    assert found.check({"model": ["net"]})


def test_roles_are_refused_with_what_to_write_instead() -> None:
    with pytest.raises(QuizproofError, match="names roles; say by parameters what it takes"):
        probe("a.role", measures=(), roles=("classifier",))
    assert "a.role" not in DECLARED

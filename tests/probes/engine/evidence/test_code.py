"""What a probe's evidence is known by: the code that it is made by, all of it and no other."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.probes.declaration import DECLARED, Probe
from quizproof.probes.engine.evidence.code import Sources

MODULE = """
from quizproof.probes import Draw, Measure, probe

@probe("site.one", measures=(Measure("x", "share", 0, 1, "planted"),))
def one(bench):
    {inside}
    yield Draw({{"x": 0.5}})
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith("site_"):
            del sys.modules[name]
    DECLARED.pop("site.one", None)


def made(site: Path, inside: str = "pass", top: str = "", **helpers: str) -> Probe:
    name = f"site_{site.name.replace('-', '_')}"
    (site / f"{name}.py").write_text(top + MODULE.format(inside=inside), encoding="utf-8")
    for helper, text in helpers.items():
        path = site / (helper.replace("__", "/") + ".py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    importlib.invalidate_caches()
    importlib.import_module(name)
    return DECLARED["site.one"]


@pytest.mark.parametrize(
    ("inside", "top"),
    [
        ("pass", "import site_helper\n"),
        ("pass", "from site_helper import VALUE\n"),
        ("pass", "from site_helper import (  # with a comment\n    VALUE,\n)\n"),
        ("pass", "import math; import site_helper as helper\n"),
        ("import site_helper", ""),
        ("from site_helper import VALUE as value", ""),
        ("if bench: import math, site_helper", ""),
    ],
)
def test_a_helper_beside_it_counts(inside: str, top: str, site: Path) -> None:
    (site / "site_helper.py").write_text("VALUE = 1\n", encoding="utf-8")
    probe = made(site, inside, top)
    before = Sources().digest(probe)
    assert Sources().digest(probe) == before
    (site / "site_helper.py").write_text("VALUE = 2\n", encoding="utf-8")
    assert Sources().digest(probe) != before


def test_a_helper_s_helper_in_a_package_counts(site: Path) -> None:
    package = site / "site_package"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "near.py").write_text("from .deep import VALUE\nfrom . import far\n")
    (package / "deep.py").write_text("VALUE = 1\n")
    (package / "far.py").write_text("VALUE = 1\n")
    (package / "other.py").write_text("VALUE = 1\n")
    probe = made(site, "from site_package import near")
    digests = [Sources().digest(probe)]
    for name in ("deep", "far", "near", "__init__"):
        path = package / f"{name}.py"
        path.write_text(path.read_text() + "\n# changed\n")
        digests.append(Sources().digest(probe))
    assert len(set(digests)) == len(digests)
    (package / "other.py").write_text("VALUE = 2\n")  # nobody imports it
    assert Sources().digest(probe) == digests[-1]


def test_a_circle_of_imports_ends(site: Path) -> None:
    (site / "site_a.py").write_text("def f():\n    import site_b\n")
    (site / "site_b.py").write_text("import site_a\n")
    files, _ = Sources().closure(made(site, "import site_a"))
    assert {"site_a", "site_b"} <= files.keys()


def test_figures_beside_a_module_count(site: Path) -> None:
    (site / "site_helper.py").write_text("VALUE = 1\n")
    (site / "site_helper.json").write_text("[1]")
    probe = made(site, "import site_helper")
    before = Sources().digest(probe)
    (site / "site_helper.json").write_text("[2]")
    assert Sources().digest(probe) != before


def test_of_another_distribution_the_version_counts(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = made(site, "import skimage")
    files, libraries = Sources().closure(probe)
    assert "skimage" in libraries
    assert not any(name.startswith("skimage") for name in files)
    before = Sources().digest(probe)
    monkeypatch.setattr("quizproof.probes.engine.evidence.code._version", lambda name: "0")
    assert Sources().digest(probe) != before


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_our_own_probes_rest_on_what_measures_and_on_nothing_else(name: str) -> None:
    if not catalogue()[name].run.__module__.startswith("quizproof."):
        pytest.skip("somebody else's")
    files, libraries = Sources().closure(catalogue()[name])
    assert {"quizproof.probes.bench", "quizproof.probes.packs.pack"} <= files.keys()
    assert catalogue()[name].run.__module__ in files
    apart = (
        "quizproof.probes.embedded.",
        "quizproof.probes.engine",
        "quizproof.reports",
    )
    assert not [module for module in files if module.startswith(apart)]
    assert ("torch" in libraries) == (not name.startswith("table."))


def test_a_method_s_helper_counts_for_the_probes_that_use_it() -> None:
    using = {
        name
        for name, probe in catalogue().items()
        if "quizproof.probes.methods.otsu" in Sources().closure(probe)[0]
    }
    assert using == {"attribution.side", "attribution.silhouette"}


def test_whose_library_a_module_is_hangs_on_whose_probe_asks(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package in a distribution of its own is a library for one, and another's own code."""
    installed = site / "site-packages"
    installed.mkdir()
    (installed / "site_far.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(str(installed))
    probe = made(site, "import site_far")
    sources = Sources()
    files, libraries = sources.closure(probe)
    assert "site_far" in libraries
    assert "site_far" not in files
    of = "quizproof.probes.engine.evidence.code._of_its_distribution"
    monkeypatch.setattr(of, lambda top: frozenset({top, "site_far"}))
    files, libraries = sources.closure(probe)
    assert "site_far" in files
    assert "site_far" not in libraries


def test_the_code_of_a_module_is_its_own_and_all_that_it_imports(site: Path) -> None:
    (site / "site_net.py").write_text("import site_deep, torch\n")
    (site / "site_deep.py").write_text("VALUE = 1\n")
    (site / "site_other.py").write_text("VALUE = 1\n")
    before = Sources().of_module("site_net")
    (site / "site_other.py").write_text("VALUE = 2\n")
    assert Sources().of_module("site_net") == before
    (site / "site_deep.py").write_text("VALUE = 2\n")
    deeper = Sources().of_module("site_net")
    (site / "site_net.py").write_text("import site_deep, torch  # changed\n")
    assert len({before, deeper, Sources().of_module("site_net")}) == 3
    assert "site_net" not in sys.modules


def test_probes_of_one_module_have_the_code_of_the_parts_that_each_takes(site: Path) -> None:
    """Whichever is asked first: another process may ask in another order."""
    two = """
from quizproof.probes import Classifier

@probe("site.two", measures=())
def two(bench, *, model: Classifier):
    yield Draw({})
"""
    (site / "site_both.py").write_text(MODULE.format(inside="pass") + two, encoding="utf-8")
    importlib.invalidate_caches()
    importlib.import_module("site_both")
    one, other = DECLARED["site.one"], DECLARED.pop("site.two")
    forth, back = Sources(), Sources()
    found = forth.digest(one), forth.digest(other)
    assert found == (back.digest(other), back.digest(one))[::-1]
    assert found[0] != found[1]
    assert "quizproof.probes.models.classifiers" in Sources().closure(other)[0]
    assert "quizproof.probes.models.classifiers" not in Sources().closure(one)[0]

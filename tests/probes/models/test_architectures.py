from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import nn

from quizproof.probes.models import torchvision_import
from quizproof.probes.models.architectures import ClassifierError, build_network
from quizproof.probes.packs.network import Architecture, CourseArchitecture
from quizproof.probes.packs.pack import MissingError

NETWORKS = """
from __future__ import annotations
import torch
from pathlib import Path
from torch import nn

class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.line = nn.Linear(3, 2)

    @classmethod
    def named(cls):
        return cls()

    @classmethod
    def from_pretrained(cls):
        Path(__file__).with_name("called").touch()
        return cls()

    def method(self):
        return self

class Family:
    Inner = Network

    @classmethod
    def named(cls):
        Path(__file__).with_name("called").touch()
        return Network()

def wide(width: int, deep: bool = False, kind: str = "plain") -> nn.Module:
    net = Network()
    net.more = nn.Linear(width, 2 if deep else 1)
    return net

def network() -> nn.Module:
    return Network()

def trained() -> Network:
    net = Network()
    nn.init.ones_(net.line.weight)
    nn.init.ones_(net.line.bias)
    return net

def unannotated():
    Path(__file__).with_name("called").touch()
    return Network()

def other() -> int:
    Path(__file__).with_name("called").touch()
    return 3

def untrue() -> nn.Module:
    return 3

def fails() -> nn.Module:
    raise RuntimeError("first line\\nsecond line")

_private = network
"""


def listed(folder: Path, *files: str) -> None:
    """Make ``files`` in ``folder`` a distribution that is installed, as pip records it."""
    info = folder / "their_networks-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their-networks\nVersion: 1.0\n")
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package ``their_networks`` that is importable."""
    folder = tmp_path / "site"
    (folder / "their_networks").mkdir(parents=True)
    (folder / "their_networks" / "__init__.py").write_text("")
    (folder / "their_networks" / "small.py").write_text(NETWORKS)
    listed(folder, "their_networks/__init__.py", "their_networks/small.py")
    monkeypatch.syspath_prepend(str(folder))
    yield folder / "their_networks"
    for name in [name for name in sys.modules if name.startswith("their_networks")]:
        del sys.modules[name]


def build(
    folder: Path, seed: int = 0, *, callable: str | None = None, torchvision: str | None = None
) -> nn.Module:
    architecture = Architecture(callable=callable, torchvision=torchvision)
    return build_network(architecture, 11, seed, folder)


def refusal(folder: Path, *, callable: str | None = None, torchvision: str | None = None) -> str:
    with pytest.raises((ClassifierError, MissingError)) as caught:
        build(folder, callable=callable, torchvision=torchvision)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["network", "Network", "Network.named", "Family.Inner"])
def test_an_installed_callable_gives_the_network(
    installed: Path, tmp_path: Path, name: str
) -> None:
    pack = tmp_path / "pack"
    once, again, other = (
        build(pack, seed, callable=f"their_networks.small:{name}").state_dict()["line.weight"]
        for seed in (0, 0, 1)
    )
    assert torch.equal(once, again)
    assert not torch.equal(once, other)


def test_a_callable_is_given_its_arguments(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def built(**arguments: Any) -> nn.Module:
        named = Architecture(callable="their_networks.small:wide", arguments=arguments)
        return build_network(named, 11, 0, tmp_path / "pack")

    assert built(width=5).state_dict()["more.weight"].shape == (1, 5)
    assert built(width=3, deep=True).state_dict()["more.weight"].shape == (2, 3)
    wrongs: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "missing a required argument: 'width'"),
        ({"width": 3, "depth": 2}, "unexpected keyword argument 'depth'"),
    )
    for wrong, said in wrongs:
        with pytest.raises(ClassifierError, match=f"with these arguments .*{said}"):
            built(**wrong)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.pt").write_text("")
    with pytest.raises(ClassifierError, match=r"kind=model.pt, which is a file here"):
        built(width=3, kind="model.pt")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("their_networks.small:trained", "the same weights whatever the seed"),
        ("their_networks.small:unannotated", "does not say that it gives a network"),
        ("their_networks.small:Family.named", "does not say that it gives a network"),
        ("their_networks.small:Network.method", "does not say that it gives a network"),
        ("their_networks.small:Network.from_pretrained", "weights that no digest is known of"),
        ("their_networks.small:other", "does not say that it gives a network"),
        ("their_networks.small:untrue", "gives no network but int"),
        ("their_networks.small:fails", "cannot be built (first line second line)"),
        ("their_networks.small:absent", "cannot be built"),
        ("their_networks.absent:network", "cannot be built (No module named"),
        ("nowhere_at_all:network", "cannot be built (No module named"),
        ("their_networks.small:_private", "gives no network"),
        ("torch.nn:Linear", "cannot be called with these arguments"),
        ("torch.nn:Module", "the same weights whatever the seed"),
        ("torch:manual_seed", "does not say that it gives a network"),
        ("os:abort", "os:abort gives no network"),
        ("sys:exit", "sys:exit gives no network"),
        ("antigravity:fly_graph_lines", "gives no network"),
        ("pytest:main", "does not say that it gives a network"),
        ("pytest.__main__:main", "gives no network"),
    ],
)
def test_what_gives_no_untrained_network_is_told_and_not_called(
    installed: Path, tmp_path: Path, name: str, said: str
) -> None:
    assert said in refusal(tmp_path / "pack", callable=name)
    assert not (installed / "called").exists()


def test_a_package_that_is_not_here_is_missing_with_the_command_that_brings_it(
    installed: Path, tmp_path: Path
) -> None:
    with pytest.raises(MissingError, match="; pip install nowhere_at_all"):
        build(tmp_path, callable="nowhere_at_all.networks:network")
    with pytest.raises(ClassifierError, match=r"No module named 'their_networks\.absent'"):
        build(tmp_path / "pack", callable="their_networks.absent:network")


def test_code_in_the_pack_is_never_run(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even where someone put the pack on Python's path, as by standing in it."""
    pack = installed.parent
    said = refusal(pack, callable="their_networks.small:network")
    assert "is code in the pack, which is never run" in said
    (pack / "alone.py").write_text("from pathlib import Path\nPath(__file__ + '.ran').touch()\n")
    monkeypatch.chdir(pack)
    monkeypatch.syspath_prepend("")
    assert "is code in the pack" in refusal(pack, callable="alone:network")
    assert "is code in the pack" in refusal(Path(), callable="alone:network")
    assert not (pack / "alone.py.ran").exists()


def test_code_above_or_beside_a_pack_is_not_run_by_being_importable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a notebook that stands above the pack, or with that folder in PYTHONPATH."""
    pack, other = tmp_path / "models" / "new", tmp_path / "models" / "old"
    for folder in (pack, other):
        folder.mkdir(parents=True)
        (folder / "pack.yaml").write_text("name: a pack\n")
        (folder / "evil.py").write_text("open(__file__ + '.ran', 'w')\n")
        (folder / "__init__.py").write_text("open(__file__ + '.ran', 'w')\n")
    (tmp_path / "loose.py").write_text("open(__file__ + '.ran', 'w')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for place in (pack, Path("models/new")):
        assert "is code in the pack" in refusal(place, callable="models.new.evil:Net")
        assert "is code in the pack" in refusal(place, callable="models.old.evil:Net")
        assert "is code in the pack" in refusal(place, callable="models.new:Net")
        assert "no installed distribution lists" in refusal(place, callable="loose:Net")
        assert "is a folder without code" in refusal(place, callable="models:Net")
    listed(tmp_path, "models/new/evil.py", "models/new/__init__.py")  # by whoever sent the pack
    assert "is code in the pack" in refusal(pack, callable="models.new.evil:Net")
    assert not list(tmp_path.rglob("*.ran"))


def test_metadata_in_a_pack_install_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "pack.yaml").write_text("name: a pack\n")
    (tmp_path / "beside.py").write_text("open(__file__ + '.ran', 'w')\n")
    listed(pack, "../beside.py")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.syspath_prepend(str(pack))
    assert "no installed distribution lists" in refusal(pack, callable="beside:Net")
    assert not list(tmp_path.rglob("*.ran"))


@pytest.mark.parametrize("name", ["ours_by_path", "ours_by_finder"])
def test_what_an_editable_distribution_lists_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    site, project = tmp_path / "site", tmp_path / "project"
    (project / name).mkdir(parents=True)
    site.mkdir()
    (project / name / "__init__.py").write_text(NETWORKS)
    (project / "stray.py").write_text(NETWORKS)
    listed(site, "_ours.pth", "__editable___ours_finder.py")
    (site / "their_networks-1.0.dist-info" / "direct_url.json").write_text(
        '{"url": "file:///", "dir_info": {"editable": true}}'
    )
    if name == "ours_by_path":
        (site / "_ours.pth").write_text(f"{project}\n")
    else:
        mapping = {name: str(project / name)}
        finder = f"MAPPING: dict[str, str] = {mapping!r}\n"
        (site / "__editable___ours_finder.py").write_text(finder)
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.syspath_prepend(str(project))
    net = build(tmp_path / "pack", callable=f"{name}:network")
    assert type(net).__name__ == "Network"
    if name == "ours_by_finder":
        assert "no installed distribution lists" in refusal(site, callable="stray:network")
    (project / name / "pack.yaml").write_text("name: a pack\n")
    assert "is code in the pack" in refusal(tmp_path / "pack", callable=f"{name}:network")


def test_the_pack_s_folder_is_not_put_on_the_path(tmp_path: Path) -> None:
    (tmp_path / "inside_the_pack.py").write_text("raise SystemExit\n")
    assert "No module named" in refusal(tmp_path, callable="inside_the_pack:network")
    assert not any(Path(entry).is_relative_to(tmp_path) for entry in sys.path)


def test_a_torchvision_network_is_built_by_name(tmp_path: Path) -> None:
    once, again, other = (build(tmp_path, seed, torchvision="squeezenet1_1") for seed in (0, 0, 1))
    assert once.eval()(torch.rand(1, 3, 64, 64)).shape == (1, 11)
    first, same, different = (net.state_dict()["features.0.weight"] for net in (once, again, other))
    assert torch.equal(first, same)
    assert not torch.equal(first, different)
    assert isinstance(once.get_submodule("features.0"), nn.Conv2d)  # in the model's own terms


def test_a_torchvision_name_for_something_else_is_told(tmp_path: Path) -> None:
    assert "did you mean resnet18?" in refusal(tmp_path, torchvision="resnet81")
    # a detector would fetch the weights of its backbone
    assert "classifies with no fasterrcnn_resnet50_fpn" in refusal(
        tmp_path, torchvision="fasterrcnn_resnet50_fpn"
    )


def test_torchvision_that_is_not_installed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent() -> ModuleType:
        raise ImportError("No module named 'torchvision'")

    monkeypatch.setattr(torchvision_import, "torchvision_models", absent)
    assert "No module named 'torchvision'" in refusal(tmp_path, torchvision="resnet18")


def imported(monkeypatch: pytest.MonkeyPatch, *outcomes: ModuleType | Exception) -> list[str]:
    """``torchvision_models()`` where importing comes out so, in turn; what was done about it."""
    done: list[str] = []
    coming = iter(outcomes)

    def import_module(name: str) -> ModuleType:
        done.append(name)
        outcome = next(coming)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    with monkeypatch.context() as patch:
        patch.setattr("importlib.import_module", import_module)
        patch.setattr(
            torchvision_import, "_declare_missing_operators", lambda: done.append("declared")
        )
        torchvision_import.torchvision_models.__wrapped__()
    return done


def test_operators_are_declared_only_where_they_are_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    models = ModuleType("models")
    missing = RuntimeError("operator torchvision::nms does not exist")
    name = "torchvision.models"
    assert imported(monkeypatch, models) == [name]
    assert imported(monkeypatch, missing, models) == [name, "declared", name]
    with pytest.raises(RuntimeError, match="something else"):
        imported(monkeypatch, RuntimeError("something else"), models)


def test_the_course_s_network_has_the_width_and_classes_asked_for(tmp_path: Path) -> None:
    architecture = Architecture(course=CourseArchitecture(width=3))
    net = build_network(architecture, 7, 0, tmp_path).eval()
    assert net(torch.rand(1, 3, 128, 128)).shape == (1, 7)
    assert net.get_submodule("cnn.0").out_channels == 3

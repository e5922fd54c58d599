"""What pip makes of the tree: a wheel holds copies of the rooms, an editable one leads to them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from mypy.modulefinder import FindModuleCache, SearchPaths
from mypy.options import Options

ROOT = Path(__file__).parents[1]
ROOMS = ("questions", "probes", "reports")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A clone of this tree, without the embedded pack's files."""
    tree = tmp_path / "clone"
    (tree / ".dev").mkdir(parents=True)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore", ".dev/build_hook.py"):
        shutil.copyfile(ROOT / name, tree / name)
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, tree / room, ignore=shutil.ignore_patterns("pack", "__pycache__")
        )
    return tree


def built(tree: Path, how: str) -> ZipFile:
    code = f"import hatchling.build, sys; hatchling.build.{how}(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(tree / "dist")], cwd=tree, check=True)
    [wheel] = (tree / "dist").glob("*.whl")
    return ZipFile(wheel)


def files(folder: Path, under: str) -> set[str]:
    found = (p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return {f"{under}/{path.relative_to(folder).as_posix()}" for path in found}


def test_a_wheel_holds_the_rooms_and_the_package_s_own_files(tree: Path) -> None:
    wanted = files(tree / "reports" / "package", "quizproof")
    for room in ROOMS:
        wanted |= files(tree / room, f"quizproof/{room}")
    elsewhere = ("quizproof/reports/package/", "quizproof/probes/library/")
    with ZipFile(built(tree, "build_wheel").filename or "") as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == {name for name in wanted if not name.startswith(elsewhere)}
    assert {"quizproof/__init__.py", "quizproof/__main__.py", "quizproof/py.typed"} <= held
    assert not (tree / ".dev" / "path").exists()


def test_an_editable_one_is_the_tree(tree: Path) -> None:
    with built(tree, "build_editable") as wheel:
        [place] = [name for name in wheel.namelist() if name.endswith(".pth")]
        path = wheel.read(place).decode()
        assert not [name for name in wheel.namelist() if name.startswith("quizproof/")]
    environment = os.environ | {"PYTHONPATH": path}

    def said(code: str) -> str:
        run = [sys.executable, "-c", code]
        return subprocess.check_output(run, env=environment, text=True, cwd=tree).strip()

    def edit(file: str, line: str) -> None:
        path = tree / file
        path.write_text(f"{path.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")

    edit("questions/problems.py", "EDITED = 1")
    assert said("import quizproof.questions.problems as p; print(p.EDITED)") == "1"
    edit("questions/problems.py", "EDITED = 22")
    edit("reports/package/__init__.py", "ALSO = 3")
    assert said("import quizproof.questions.problems as p; print(p.EDITED)") == "22"
    assert said("import quizproof; print(quizproof.ALSO)") == "3"
    built(tree, "build_editable").close()  # again, over the links that are there
    assert said("import quizproof.questions.problems as p; print(p.EDITED)") == "22"


@pytest.mark.parametrize("name", ["quizproof", *(f"quizproof.{room}" for room in ROOMS)])
def test_a_type_checker_finds_it_without_running_it(name: str, tree: Path) -> None:
    built(tree, "build_editable").close()
    path = str(tree / ".dev" / "path")
    find = FindModuleCache(SearchPaths((), (), (path,), ()), None, Options())
    found = find.find_module(name)
    assert isinstance(found, str), found
    assert Path(found).resolve().is_relative_to(tree)
    room = name.partition(".")[2] or "reports/package"
    assert Path(found).resolve() == (tree / room / "__init__.py").resolve()

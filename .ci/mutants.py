"""Put faults into what decides verdicts, by mutmut, and tell which of them no test sees.

    tox -e mutants                                  all that pyproject.toml lists
    tox -e mutants -- 'quizproof.questions.rules*'  those of one module

Exits with 1 where fewer than 95 % are seen, or one is not that survivors.toml does not explain.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LEAST = 0.95
SEEN = {"killed", "timeout", "segfault", "caught by type check"}
UNSEEN = {"survived", "no tests", "suspicious"}


def lay_out(tree: Path) -> None:
    """Make ``tree`` the package below ``src`` with its tests: as installed, and as mutmut reads."""
    shutil.rmtree(tree, ignore_errors=True)
    leave = shutil.ignore_patterns("__pycache__")
    package = tree / "src" / "quizproof"
    shutil.copytree(ROOT / "reports" / "package", package, ignore=leave)
    for room in ("questions", "probes", "reports"):
        shutil.copytree(ROOT / room, package / room, ignore=leave)
    shutil.copytree(ROOT / "tests", tree / "tests", ignore=leave)
    shutil.copy(ROOT / "pyproject.toml", tree)


def mutmut(tree: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        sys.exit(f"{done.stdout[-9000:]}{done.stderr[-3000:]}")
    return done.stdout


def changed(difference: str) -> str:
    """The line that a fault leaves, of what ``mutmut show`` prints."""
    lines = [line[1:].strip() for line in difference.splitlines() if line.startswith("+")]
    return next((line for line in lines if not line.startswith("++")), "")


def main(tree: Path, names: list[str]) -> int:
    lay_out(tree)
    mutmut(tree, "run", *names)
    said = mutmut(tree, "results", "--all", "true").splitlines()
    found = dict(line.strip().rsplit(": ", 1) for line in said if ": " in line)
    seen = sum(state in SEEN for state in found.values())
    unseen = [name for name, state in found.items() if state in UNSEEN]
    explained = tomllib.loads((ROOT / ".ci" / "survivors.toml").read_text(encoding="utf-8"))
    unexplained = 0
    for name in unseen:
        module, _, _function = name.removeprefix("quizproof.").rpartition(".")
        line = changed(mutmut(tree, "show", name))
        why = explained.get(module, {}).get(line)
        unexplained += why is None
        print(f"{name}\n    {line}\n    {why or 'NOT EXPLAINED'}")
    every = max(1, seen + len(unseen))
    print(f"{seen} of {every} faults are seen ({seen / every:.1%}); {unexplained} not explained")
    return int(seen < LEAST * every or unexplained > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))

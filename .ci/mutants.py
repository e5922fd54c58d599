"""Put faults into what decides verdicts, by mutmut, and tell which of them no test sees.

    tox -e mutants                       all that TESTS lists
    tox -e mutants -- questions/rules    one file of them

Exits with 1 where fewer than 95 % are seen, or one is not that survivors.toml does not explain.
mutmut changes neither decorated functions nor what stands outside any.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LEAST = 0.95
TESTS = {  # by the file that is changed: those that have to see it
    "questions/rules": ["questions/test_rules"],
    "questions/scoring": ["questions/test_scoring"],
    "probes/engine/confidence": ["probes/engine/test_confidence"],
    "probes/engine/judge": ["probes/engine/test_judge"],
    "probes/engine/mean_judge": ["probes/engine/test_judge"],
    "probes/engine/share_judge": ["probes/engine/test_judge", "probes/engine/test_share_judge"],
    "probes/engine/verdict": ["probes/engine/test_verdict"],
    "probes/engine/evidence/key": ["probes/engine/evidence/test_key"],
    "probes/engine/evidence/record": ["probes/engine/evidence/test_record"],
    "probes/packs/held": ["probes/packs/test_held"],
    "probes/packs/settling": ["probes/packs/test_settling", "probes/packs/test_whose_evidence"],
}
# The profile has no deadline: that a fault makes a test slow is not that a test sees it.
SETTINGS = """
[tool.pytest.ini_options]
addopts = ["--import-mode=importlib"]
markers = ["slow: takes minutes"]

[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/quizproof/{file}.py"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-m", "not slow", "--hypothesis-profile=ci"]
pytest_add_cli_args_test_selection = {tests}
track_dependencies = false
use_git_change_detection = false
"""
SEEN = {"killed", "timeout", "segfault", "caught by type check"}


def lay_out(tree: Path) -> None:
    """Make ``tree`` the package below ``src`` with its tests: as installed, and as mutmut reads."""
    shutil.rmtree(tree, ignore_errors=True)
    leave = shutil.ignore_patterns("__pycache__")
    package = tree / "src" / "quizproof"
    shutil.copytree(ROOT / "reports" / "package", package, ignore=leave)
    for room in ("questions", "probes", "reports"):
        shutil.copytree(ROOT / room, package / room, ignore=leave)
    shutil.copytree(ROOT / "tests", tree / "tests", ignore=leave)


def faults(tree: Path, file: str) -> dict[str, str]:
    """What became of each fault in ``file``, by its name."""
    tests = [f"tests/{name}.py" for name in TESTS[file]]
    written = SETTINGS.format(file=file, tests=json.dumps(tests))
    (tree / "pyproject.toml").write_text(written, encoding="utf-8")
    shutil.rmtree(tree / "mutants", ignore_errors=True)
    mutmut(tree, "run")
    said = mutmut(tree, "results", "--all", "true").splitlines()
    states = dict(line.strip().rsplit(": ", 1) for line in said if ": " in line)
    return {name: state for name, state in states.items() if name.startswith("quizproof.")}


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


def main(tree: Path, files: list[str]) -> int:
    lay_out(tree)
    explained = tomllib.loads((ROOT / ".ci" / "survivors.toml").read_text(encoding="utf-8"))
    every = seen = unexplained = 0
    for file in files or TESTS:
        found = faults(tree, file)
        unseen = [name for name, state in found.items() if state not in SEEN]
        for name in unseen:
            line = changed(mutmut(tree, "show", name))
            why = explained.get(file, {}).get(line)
            unexplained += why is None
            print(f"{name}\n    {line}\n    {why or 'NOT EXPLAINED'}")
        print(f"{file}: {len(found) - len(unseen)} of {len(found)} faults are seen", flush=True)
        every += len(found)
        seen += len(found) - len(unseen)
    print(f"{seen} of {every} ({seen / max(1, every):.1%}); {unexplained} not explained")
    return int(not every or seen < LEAST * every or unexplained > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))

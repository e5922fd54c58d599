"""How long grading a large class takes, and how much memory: ``python -m tests.bench.classroom``.

The class answers hw09 in Canvas's own CSV with both languages in every cell; the report is written.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from quizproof.questions.quiz import bundled_quiz, load_quiz
from tests.made_class import as_canvas, made_class

STUDENTS = 10_000
SECONDS, MEBIBYTES = 5.0, 500
_GRADE = "import sys; from quizproof.reports.cli import main; sys.exit(main())"


def main() -> int:
    """0 where both limits were kept, else 1."""
    questions = load_quiz(bundled_quiz("hw09")).questions
    with TemporaryDirectory() as folder:
        responses = Path(folder) / "class.csv"
        text = as_canvas(made_class(questions, STUDENTS), questions, language="both")
        responses.write_text(text, encoding="utf-8", newline="")
        arguments = ["grade", "hw09", str(responses), "-o", f"{folder}/grades.csv"]
        command = [sys.executable, "-c", _GRADE, *arguments, "--report", folder]
        began = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy, mebibytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(
        f"{STUDENTS} students × {len(questions)} questions: {seconds:.1f} s ({busy:.1f} s of one "
        f"core), wanted ≤ {SECONDS:g}; {mebibytes:.0f} MiB, wanted ≤ {MEBIBYTES}"
    )
    return 0 if busy <= SECONDS and mebibytes <= MEBIBYTES else 1


if __name__ == "__main__":
    sys.exit(main())

"""A quiz with probes of its own beside it."""

from __future__ import annotations

from pathlib import Path

PROBES = '''
from quizproof.probes import Draw, Measure, probe
from counting import count

@probe("own.letters", measures=(Measure("letters", "letters", 0, 99, "of the word"),))
def letters(bench, *, word: str):
    """Count the letters of a word."""
    yield Draw({"letters": count(word)})
'''
QUESTION = """\
kind: single
points: 1
about: method
prompt: How many letters has cat?
probe: {name: own.letters, with: {word: cat}}
options:
  a: {text: Three, rule: letters < 3.5}
  b: {text: Four, rule: letters > 3.5}
expected: [a]
"""
OTHER = """\
kind: single
points: 1
about: method
prompt: What is the first layer?
probe: {name: network.layer_type, with: {layer: cnn.0}}
options:
  a: {text: A convolution, rule: layer_type == 'Conv2d'}
  b: {text: Another, rule: layer_type != 'Conv2d'}
expected: [a]
"""


def quiz_with_probes(folder: Path, probes: str = PROBES) -> Path:
    """A quiz of two questions, the first of which is measured by the quiz's own probe."""
    folder.mkdir(parents=True)
    (folder / "quiz.yaml").write_text("id: own\ntitle: Own\nquestions: [q01, q02]\n", "utf-8")
    (folder / "q01.yaml").write_text(QUESTION, "utf-8")
    (folder / "q02.yaml").write_text(OTHER, "utf-8")
    (folder / "probes.py").write_text(probes, "utf-8")
    (folder / "counting.py").write_text("count = len\n", "utf-8")
    return folder

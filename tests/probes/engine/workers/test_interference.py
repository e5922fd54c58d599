"""Probes that reach out of their process: other questions come out as they do without them."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.probes.catalogue import catalogue, unloadable
from quizproof.probes.engine.events import Finished, Notice
from quizproof.probes.engine.results import QuestionResult, State
from quizproof.probes.engine.workers.apart import _LIBRARIES
from quizproof.probes.engine.workers.here import Here
from quizproof.probes.engine.workers.wire import Message, WireError, receive, send
from tests.planned import plan
from tests.planted import planted_pack

HEAD = """
import os, sys, time
from quizproof.probes import Draw, Measure, probe

X = (Measure("x", "share", 0, 1, "planted"),)
"""
PROBE = """
@probe("{name}.x", measures=X, tolerance=1e-6)
def x(bench, *, share: float = 0.9):
    {inside}
    yield Draw({{"x": share}})
"""
QUESTION = """
kind: single
points: 1
about: method
prompt: One
probe: {{name: {probe}}}
options:
  a: {{text: high, rule: x > 0.5}}
  b: {{text: low, rule: x < 0.5}}
expected: [a]
"""


def distribution(site: Path, name: str, inside: str = "pass", top: str = "") -> None:
    """An installed distribution with the probe ``name.x``, which says 0.9."""
    information = site / f"{name}-1.0.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(f"[quizproof.probes]\n{name} = {name}\n")
    source = HEAD + top + PROBE.format(name=name, inside=inside)
    (site / f"{name}.py").write_text(source)


def results(
    folder: Path,
    *names: str,
    probes: Mapping[str, str] = {},
    store: Path | None = None,
    told: Sequence[str] = (),
    **more: Any,
) -> dict[str, QuestionResult]:
    """The results of a quiz with a question for each distribution, by its x or one of `probes`."""
    quiz = folder / "quiz"
    quiz.mkdir(exist_ok=True)
    for name in names:
        probe = probes.get(name, f"{name}.x")
        (quiz / f"{name}.yaml").write_text(QUESTION.format(probe=probe))
    (quiz / "quiz.yaml").write_text(f"id: t\ntitle: T\nquestions: [{', '.join(names)}]\n")
    planted_pack(folder / "pack", [np.zeros((8, 8, 3), np.float32)], [])
    with closing(Here(1, **more)) as crew:
        events = list(crew.events(plan(quiz, pack=folder / "pack", store=store)))
    notices = [event.line for event in events if isinstance(event, Notice)]
    assert len(notices) == len(told)
    for words, line in zip(told, notices, strict=True):
        assert words in line
    found = [event.result for event in events if isinstance(event, Finished)]
    return {result.question.id: result for result in found}


SPOIL = """
def _spoil():
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"x" * 99)
        except OSError:
            pass
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return tmp_path / "site"


@pytest.mark.parametrize(
    ("evil", "where"),
    [
        ("import quizproof.questions.rules as r; r.Atom.margin = lambda s, v: -1.0", "inside"),
        ("import quizproof.questions.rules as r; r.Atom.margin = lambda s, v: -1.0", "top"),
        ("import quizproof.probes.engine.measured as m; m.judged = None", "top"),
        ("import numpy; numpy.mean = None", "inside"),
        ("os.chdir('/'); sys.setrecursionlimit(60)", "inside"),
        ("import quizproof.probes.declaration as d; d.DECLARED.clear()", "top"),
    ],
)
def test_what_a_probe_patches_is_its_own(site: Path, tmp_path: Path, evil: str, where: str) -> None:
    distribution(site, "evil", **{where: evil})
    distribution(site, "good")
    found = results(tmp_path, "evil", "good")
    assert found["good"].state is State.CONFIRMED, found["good"].reason
    assert found["good"].measurement is not None
    assert found["good"].measurement.findings["a"].margin[1] == pytest.approx(0.4)


@pytest.mark.parametrize(
    "evil",
    [
        "import math; math.sqrt = lambda x: 0.0",
        "import os; os.chdir('/'); os.environ['SPOILT'] = '1'; bench.pack.folder = None",
        "import quizproof.probes.draws as d; d.Draw.__init__ = None; yield",
    ],
)
def test_one_question_s_probe_touches_no_other_of_its_distribution(
    site: Path, tmp_path: Path, evil: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inside = "import math; share = math.sqrt(0.81) - 0.8 * ('SPOILT' in os.environ)"
    second = PROBE.format(name="evil", inside=inside).replace("evil.x", "evil.good")
    distribution(site, "evil", evil)
    with (site / "evil.py").open("a") as file:
        file.write(second)
    found = results(Path(), "evil", "good", probes={"good": "evil.good"}, store=tmp_path / "kept")
    assert found["good"].state is State.CONFIRMED, found["good"].reason
    again = results(Path(), "good", probes={"good": "evil.good"}, store=tmp_path / "kept")
    assert again["good"].state is State.CONFIRMED


@pytest.mark.skipif(sys.platform == "win32", reason="no cat there")
@pytest.mark.parametrize(
    ("reads", "event"),
    [
        ("__import__('subprocess').check_output(['cat', {!r}])", "subprocess.Popen"),
        ("os.popen('cat ' + {!r}).read()", "subprocess.Popen"),
        (
            "(os.system('cat %s > /dev/null' % {!r}), open(os.devnull).read() or 0.9)[1]",
            "os.system",
        ),
    ],
)
def test_what_another_process_read_does_not_outlive_the_run(
    site: Path, tmp_path: Path, reads: str, event: str
) -> None:
    table, kept = tmp_path / "table", tmp_path / "kept"
    table.write_text("0.9")
    distribution(site, "evil", f"share = float({reads.format(str(table))})")
    distribution(site, "good")
    told = [f"evil: probe evil.x started another process ({event}), and what that read"]
    for _ in range(2):
        found = results(tmp_path, "evil", "good", store=kept, told=told)
        assert found["evil"].state is State.CONFIRMED, found["evil"].reason
        assert found["good"].state is State.CONFIRMED, found["good"].reason
    assert len(list(kept.rglob("*.evidence"))) == 1
    table.write_text("0.1")
    if event != "os.system":
        found = results(tmp_path, "evil", store=kept, told=told)
        assert found["evil"].state is State.CONTRADICTED


@pytest.mark.parametrize("library", _LIBRARIES)
def test_what_is_imported_beforehand_can_be(library: str) -> None:
    """That it cannot is passed over there: it is told of where it is needed."""
    assert find_spec(library) is not None


SAYS = r"print('\x1b[31mred' + chr(0x202E), file=sys.stderr, flush=True)"


@pytest.mark.parametrize(
    ("evil", "why"),
    [
        ("raise GeneratorExit", "the probe raised GeneratorExit: "),
        (r"raise BaseException('\x1b[31mred\n' + chr(0x202E))", "raised BaseException: [31mred"),
        ("sys.exit(0)", "the probe raised SystemExit: 0"),
        ("raise KeyboardInterrupt", "the probe raised KeyboardInterrupt: "),
        (f"{SAYS}; os._exit(3)", "(exit code 3, saying [31mred): mend the probe"),
        ("[os.close(d) for d in range(3, 64) if os.path.exists(f'/dev/fd/{d}')]", "mend the probe"),
        ("os.fork()", ""),
    ],
)
def test_how_a_probe_ends_is_told_in_one_line(
    site: Path, tmp_path: Path, evil: str, why: str, capfd: pytest.CaptureFixture[str]
) -> None:
    distribution(site, "evil", evil)
    found = results(tmp_path, "evil")["evil"]
    assert why in found.reason.en
    assert found.reason.en.isprintable()
    assert "memory" not in found.reason.en
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
def test_one_that_is_killed_may_lack_memory(site: Path, tmp_path: Path) -> None:
    distribution(site, "evil", "os.kill(os.getpid(), 9)")
    found = results(tmp_path, "evil", memory=1 << 30)["evil"]
    assert "(signal 9): mend the probe, or give it more memory than the 1 GiB" in found.reason.en


@pytest.mark.skipif(sys.platform == "win32", reason="no such descriptors there")
@pytest.mark.parametrize(
    ("evil", "why"),
    [
        ("_spoil()", "something else than"),
        ("os.fork()", ""),  # both go on: the one that has no channels is not heard
        ("os._exit(3)", "exit code 3"),
        ("time.sleep(60)", "no draw and no pass of a model for 6 s"),
    ],
)
def test_what_a_probe_writes_or_leaves_costs_its_own_question(
    site: Path, tmp_path: Path, evil: str, why: str
) -> None:
    distribution(site, "evil", evil, SPOIL)
    distribution(site, "good")
    found = results(tmp_path, "evil", "good", patience=6)
    assert found["good"].state is State.CONFIRMED, found["good"].reason
    if why:
        assert found["evil"].state is State.FAILED
        assert why in found["evil"].reason.en
    else:
        assert found["evil"].state is State.CONFIRMED


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="nothing tells of processes")
@pytest.mark.parametrize(
    "how",
    [
        "subprocess.Popen(['sleep', '4321'])",
        "subprocess.Popen(['sleep', '4321'], start_new_session=True, env={})",
        "subprocess.Popen(['sh', '-c', 'sleep 4321 & exec true'], start_new_session=True)",
    ],
)
def test_nothing_that_a_probe_started_outlives_its_question(
    site: Path, tmp_path: Path, how: str
) -> None:
    distribution(site, "evil", f"import subprocess; {how}; time.sleep(0.3)")
    results(tmp_path, "evil")
    assert not [name for name in _command_lines() if "4321" in name]


def _command_lines() -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="nothing tells of memory")
def test_memory_that_a_probe_s_child_takes_is_the_probe_s(site: Path, tmp_path: Path) -> None:
    script = "x = b'x' * (250 << 20); import time; time.sleep(60)"
    child = f'subprocess.Popen([sys.executable, "-c", "{script}"])'
    distribution(site, "evil", f"import subprocess; {child}; {child}; time.sleep(50)")
    began = time.monotonic()
    found = results(tmp_path, "evil", memory=400 << 20)
    assert found["evil"].state is State.FAILED
    assert "more memory" in found["evil"].reason.en
    assert time.monotonic() - began < 40


@pytest.mark.parametrize("top", ["raise SystemExit(4)", "os._exit(4)", "import no_such_module"])
def test_a_module_that_ends_its_import_costs_its_own_probes(
    site: Path, tmp_path: Path, top: str
) -> None:
    distribution(site, "evil", top=top)
    distribution(site, "good")
    assert "evil.x" not in catalogue()
    assert set(unloadable()) == {"evil"}
    found = results(tmp_path, "evil", "good")
    assert found["evil"].state is State.FAILED
    assert found["good"].state is State.CONFIRMED, found["good"].reason


def test_a_module_that_is_never_imported_is_waited_for_a_while(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizproof.probes.strangers._PATIENCE", 3.0)
    distribution(site, "evil", top="time.sleep(60)")
    assert "not imported within 3 s" in unloadable()["evil"]


def test_a_module_that_no_source_spells_out_costs_the_verdict(site: Path, tmp_path: Path) -> None:
    """It would be in no key: evidence would outlive a change of it."""
    hidden = "import importlib; share = importlib.import_module('hel' + 'per').SHARE"
    distribution(site, "evil", hidden)
    distribution(site, "good", "import helper; share = helper.SHARE")
    (site / "helper.py").write_text("SHARE = 0.9\n")
    found = results(tmp_path, "evil", "good")
    assert found["evil"].state is State.FAILED
    assert "imports helper by a name" in found["evil"].reason.en
    assert found["good"].state is State.CONFIRMED, found["good"].reason


def test_modules_that_a_library_makes_up_are_its_own(site: Path, tmp_path: Path) -> None:
    """``torch.ops`` and others have a file that nobody imported, by a name that is no place."""
    distribution(site, "good", "import torch, skimage.segmentation")
    found = results(tmp_path, "good")
    assert found["good"].state is State.CONFIRMED, found["good"].reason


def test_what_is_declared_exact_and_differs_each_time_costs_the_verdict(
    site: Path, tmp_path: Path
) -> None:
    distribution(site, "evil", "import random; share = 0.6 + random.random() / 9")
    once = "import time; share = bench.once('share', lambda: time.monotonic() % 1e-3 + 0.6)"
    distribution(site, "worse", once)
    distribution(
        site, "good", "import random; share = 0.6 + random.Random(bench.fixed_seed).random() / 9"
    )
    found = results(tmp_path, "evil", "worse", "good")
    assert found["good"].state is State.CONFIRMED, found["good"].reason
    for name in ("evil", "worse"):
        assert found[name].state is State.FAILED
        assert f"probe {name}.x is declared exact, and measured x as" in found[name].reason.en


def test_a_file_of_the_temporary_folder_is_known_or_made_meanwhile(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("0.9")
    read = f"share = float(open({str(table)!r}).read())"
    own = "import tempfile; f = tempfile.TemporaryFile(); f.write(b'x'); f.close()"
    distribution(site, "evil", read)
    distribution(site, "good", own)
    found = results(tmp_path, "evil", "good")
    assert found["evil"].state is State.FAILED
    assert "table.csv, which nothing declares" in found["evil"].reason.en
    assert found["good"].state is State.CONFIRMED, found["good"].reason


def test_a_stranger_s_parameters_are_checked_here(site: Path) -> None:
    distribution(site, "good")
    probe = catalogue()["good.x"]
    assert probe.complete({}) == {"share": 0.9}
    assert "share" in probe.check({"share": "much"})[0]
    assert "shore" in probe.check({"shore": 0.5})[0]
    assert probe.run.__module__ == "good"


def test_a_built_in_name_cannot_be_taken(site: Path) -> None:
    distribution(site, "evil")
    source = (site / "evil.py").read_text().replace("evil.x", "attribution.side")
    (site / "evil.py").write_text(source)
    assert catalogue()["attribution.side"].run.__module__.startswith("quizproof.")
    assert "two probes are called attribution.side" in unloadable()["evil"]


MESSAGES = st.builds(
    Message,
    kind=st.sampled_from(["started", "drew", "passed", "evidence", "failed"]),
    of=st.integers(0, 2**40),
    count=st.integers(0, 2**40),
    reason=st.text(max_size=50),
)


@given(MESSAGES, st.binary(max_size=99))
def test_messages_are_read_as_they_were_sent(message: Message, body: bytes) -> None:
    stream = BytesIO()
    send(stream, message, body)
    stream.seek(0)
    assert receive(stream) == (message, body)


@given(st.binary(max_size=200))
def test_other_bytes_are_no_message(content: bytes) -> None:
    with pytest.raises((WireError, EOFError)):
        receive(BytesIO(content))

"""A real Dask scheduler, its workers in other processes."""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from quizproof.probes.engine.workers import cluster
from quizproof.reports.cli import main
from tests.planted_probes import install, write_quiz

SCHEMES = ("tls", "http", "ucx", "ws", "inproc")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The distribution of planted probes, where the cluster's workers find it, too."""
    folder = tmp_path_factory.mktemp("cluster") / "site"
    install(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with started(2) as running:
        yield running.scheduler_address


@pytest.fixture(scope="module")
def lonely(site: Path) -> Iterator[str]:
    """A scheduler without workers."""
    with started(0) as running:
        yield running.scheduler_address


def started(workers: int) -> Any:
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    )


def verify(folder: Path, *arguments: str) -> int:
    quiz = str(folder / "quiz")
    return main(["verify", quiz, "--pack", f"{quiz}/pack", "--store", "none", *arguments])


def without_seconds(path: Path) -> Any:
    report = json.loads(path.read_text(encoding="utf-8"))
    for question in report["questions"]:
        del question["seconds"]
    return report


def test_results_are_those_of_a_run_here(address: str, tmp_path: Path) -> None:
    write_quiz(tmp_path / "quiz", good="a", random="a", raises="a", unknown="a", classifier="a")
    here, there = tmp_path / "here.json", tmp_path / "there.json"
    assert verify(tmp_path, "--json", str(here)) == 2
    assert verify(tmp_path, "--json", str(there), "--scheduler", address) == 2
    assert without_seconds(there) == without_seconds(here)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_a_worker_killed_in_the_middle_costs_time_alone(
    address: str, site: Path, tmp_path: Path
) -> None:
    write_quiz(tmp_path / "quiz", random="a", kills_its_parent_once="a", good="a")
    found = tmp_path / "found.json"
    assert verify(tmp_path, "--json", str(found), "--scheduler", address) == 0
    assert (site / "killed").exists()
    states = [question["state"] for question in without_seconds(found)["questions"]]
    assert states == ["stand-in agrees"] * 3


def test_a_worker_of_the_cluster_has_the_patience_that_is_asked_for(
    address: str, tmp_path: Path
) -> None:
    write_quiz(tmp_path / "quiz", good="a", passes="a", passes_and_spins="a")
    found = tmp_path / "found.json"
    verify(tmp_path, "--json", str(found), "--scheduler", address, "--patience", "9")
    good, passes, spins = without_seconds(found)["questions"]
    assert (good["state"], passes["state"]) == ("stand-in agrees", "stand-in agrees")
    assert spins["state"] == "failed"
    assert "no draw and no pass of a model for 9 s" in spins["reason"]


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """What was said, in one line (but for the broken distribution beside the planted one)."""
    lines = [line for line in capsys.readouterr().err.splitlines() if "'broken'" not in line]
    assert len(lines) == 1
    return lines[0]


def test_no_scheduler_is_one_line_in_a_few_seconds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_quiz(tmp_path / "quiz", good="a")
    began = time.monotonic()
    with socket.socket() as nobody:  # bound, and not listening
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        assert verify(tmp_path, "--scheduler", f"tcp://127.0.0.1:{port}") == 2
    assert time.monotonic() - began < 2 * cluster._ANSWER
    assert f"no Dask scheduler answers at tcp://127.0.0.1:{port}" in complaint(capsys)


@pytest.mark.parametrize(
    "named",
    ["nonsense", "tcp://", "tcp://host:port", "tcp://host", *(f"{s}://host:1" for s in SCHEMES)],
)
def test_an_address_that_is_none_is_one_line(
    named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_quiz(tmp_path / "quiz", good="a")
    assert verify(tmp_path, "--scheduler", named) == 2
    assert "no address of a scheduler" in complaint(capsys)


def test_no_worker_is_one_line(
    lonely: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "_WORKER", 0.5)
    write_quiz(tmp_path / "quiz", good="a")
    assert verify(tmp_path, "--scheduler", lonely) == 2
    assert "has no worker" in complaint(capsys)


def test_other_versions_are_one_line(
    address: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "code_of_all", lambda: "another")
    cluster._made_with.cache_clear()
    write_quiz(tmp_path / "quiz", good="a")
    try:
        assert verify(tmp_path, "--scheduler", address) == 2
    finally:
        cluster._made_with.cache_clear()
    assert "another quizproof, or other libraries" in complaint(capsys)


def test_without_the_extra_it_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    write_quiz(tmp_path / "quiz", good="a")
    assert verify(tmp_path, "--scheduler", "tcp://127.0.0.1:1") == 2
    assert "pip install 'quizproof[dask]'" in complaint(capsys)


def test_nothing_is_left_running(address: str, tmp_path: Path) -> None:
    """Threads of the client end with a run; processes that measure are the cluster's."""
    write_quiz(tmp_path / "quiz", good="a")
    assert verify(tmp_path, "--scheduler", address) == 0
    tasks = Path(f"/proc/{os.getpid()}/task")
    if not tasks.exists():
        pytest.skip("the system does not tell whose child a process is")
    commands = [
        Path(f"/proc/{child}/cmdline").read_text()
        for task in tasks.iterdir()
        for child in (task / "children").read_text().split()
    ]
    assert not any("quizproof.probes.engine.workers.worker" in command for command in commands)


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9])
def test_what_accepts_and_is_no_scheduler_is_one_line(
    says: bytes,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "_ANSWER", 1.0)
    write_quiz(tmp_path / "quiz", good="a")
    kept = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    kept.append(listening.accept()[0])
                    kept[-1].sendall(says)

        threading.Thread(target=accept, daemon=True).start()
        port = listening.getsockname()[1]
        began = time.monotonic()
        assert verify(tmp_path, "--scheduler", f"tcp://127.0.0.1:{port}") == 2
    assert time.monotonic() - began < 10
    gc.collect()  # a client that is half made would say so when it is taken away
    lines = [line for line in capfd.readouterr().err.splitlines() if "'broken'" not in line]
    assert len(lines) == 1
    assert f"no Dask scheduler answers at tcp://127.0.0.1:{port}" in lines[0]


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_a_scheduler_that_stops_midway_is_given_up_after_the_patience(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_ANSWER", 2.0)
    write_quiz(tmp_path / "quiz", good="a")
    found = tmp_path / "found.json"
    asked = cluster.Cluster._answer
    with dask("scheduler", "--port", "0", folder=tmp_path, site=site) as scheduler:

        def stopped(self: cluster.Cluster, what: Any) -> Any:
            scheduler.send_signal(signal.SIGSTOP)
            return asked(self, what)

        monkeypatch.setattr(cluster.Cluster, "_answer", stopped)
        with dask("worker", "--no-nanny", folder=tmp_path, site=site):
            address = json.loads((tmp_path / "scheduler.json").read_text())["address"]
            options = ("--json", str(found), "--scheduler", address, "--patience", "3")
            began = time.monotonic()
            assert verify(tmp_path, *options) == 4
            assert time.monotonic() - began < 30
    [question] = without_seconds(found)["questions"]
    assert "its scheduler was silent for 3 s" in question["reason"]


@contextmanager
def dask(what: str, *options: str, folder: Path, site: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler or a worker in a process of its own; they meet by a file in ``folder``."""
    file = folder / "scheduler.json"
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *options, "--no-dashboard"]
    process = subprocess.Popen(
        [*command, "--scheduler-file", str(file)],
        env={**os.environ, "PYTHONPATH": str(site)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not file.exists():
            assert process.poll() is None
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from quizproof.probes.engine.evidence.record import sealed, to_bytes
from quizproof.probes.engine.evidence.store import (
    SUFFIX,
    Store,
    StoreAwayError,
    StoreError,
    default_place,
    place_of,
)
from tests.probes.engine.evidence.test_record import evidence, plain

KEY, OTHER = "a" * 64, "b" * 64


@pytest.fixture(params=["folder", "memory://quizproof/{}"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return Store(str(tmp_path / "kept"))
    return Store(request.param.format(tmp_path.name))


def file_of(place: Path, key: str = KEY) -> Path:
    return place / key[:2] / f"{key}{SUFFIX}"


def test_what_is_put_is_what_is_got(store: Store) -> None:
    assert store.get(KEY) is None
    store.put(KEY, evidence())
    found = store.get(KEY)
    assert found is not None
    assert plain(found) == plain(evidence())
    assert store.get(OTHER) is None
    [entry] = store.entries()
    assert entry.key == KEY
    assert entry.size == len(sealed(KEY, to_bytes(evidence())))
    store.remove(KEY)
    store.remove(KEY)
    assert not list(store.entries())


def test_a_damaged_entry_is_none_and_is_written_anew(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    store.put(KEY, evidence())
    content = bytearray(file_of(tmp_path).read_bytes())
    content[len(content) // 2] ^= 1
    file_of(tmp_path).write_bytes(content)
    assert store.get(KEY) is None
    assert "damaged" in (store.damage(KEY) or "")
    store.put(KEY, evidence())
    assert store.damage(KEY) is None


def test_another_versions_entry_is_none(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    store.put(KEY, evidence())
    file_of(tmp_path).write_bytes(b"quizproof evidence 3\n" + b"0" * 90)
    assert store.get(KEY) is None
    assert "version" in (store.damage(KEY) or "")


def test_an_entry_of_the_version_before_this_is_measured_again(tmp_path: Path) -> None:
    """It did not hold its key: nobody can tell whose it is."""
    store = Store(str(tmp_path))
    store.put(KEY, evidence())
    file_of(tmp_path).write_bytes(to_bytes(evidence()))
    assert store.get(KEY) is None
    assert "version" in (store.damage(KEY) or "")


def test_an_entry_under_another_key_is_damaged(store: Store) -> None:
    store.put(KEY, evidence())
    store.put(OTHER, evidence([{"x": 0.9}]))
    files, path = store._files, store._path
    content = files.cat_file(str(path(KEY)))
    files.pipe_file(str(path(OTHER)), content)
    assert store.get(KEY) is not None
    assert store.get(OTHER) is None
    assert store.read(OTHER) is None
    assert "of another key" in (store.damage(OTHER) or "")
    # the key that it names is summed with it
    files.pipe_file(str(path(OTHER)), content.replace(KEY.encode(), OTHER.encode()))
    assert "damaged" in (store.damage(OTHER) or "")


@pytest.mark.parametrize("what", ["link", "pipe", "socket", "folder", "device"])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_what_is_no_regular_file_is_no_entry(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(str(tmp_path / "kept"))
    store.put(KEY, evidence())
    entry = file_of(tmp_path / "kept")
    elsewhere = entry.rename(tmp_path / "elsewhere")
    monkeypatch.chdir(entry.parent)
    if what == "link":
        entry.symlink_to(elsewhere)  # what it leads to is whole
    elif what == "pipe":
        os.mkfifo(entry)
    elif what == "folder":
        entry.mkdir()
    elif what == "device":
        entry.symlink_to("/dev/zero")
    else:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("s")  # its path may be a hundred letters long
        Path("s").rename(entry)
    assert store.get(KEY) is None
    assert "no entry: no file but a link" in (store.damage(KEY) or "")
    if what != "folder":
        assert [found.key for found in store.entries()] == [KEY]
        store.remove(KEY)
        assert not os.path.lexists(entry)
        assert elsewhere.exists()


def test_strangers_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    store.put(KEY, evidence())
    (tmp_path / "notes.txt").write_text("mine")
    assert [entry.key for entry in store.entries()] == [KEY]


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="cannot be kept in"):
        Store(str(tmp_path / "file" / "deeper")).put(KEY, evidence())


def test_a_full_disk_says_so_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    store = Store(str(tmp_path))
    with pytest.raises(StoreError, match="No space left"):
        store.put(KEY, evidence())
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("place", ["nonsense://there", "s3://"])
def test_a_url_that_nobody_knows_is_refused(place: str) -> None:
    with pytest.raises(StoreError, match="no place for evidence"):
        Store(place)


def test_only_digests_are_keys(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no key"):
        Store(str(tmp_path)).put("../../etc/passwd", evidence())


def test_reading_keeps_an_entry_young(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    store.put(KEY, evidence())
    os.utime(file_of(tmp_path), (0, 0))
    [old] = store.entries()
    assert old.age is not None
    assert old.age > 10**8
    store.get(KEY)
    [young] = store.entries()
    assert young.age is not None
    assert young.age < 60


_KILLED = """
import os, random, signal, sys, time
from pathlib import Path
from quizproof.probes.engine.evidence.record import from_bytes, unsealed
from quizproof.probes.engine.evidence.store import SUFFIX, Store
from tests.probes.engine.evidence.test_record import evidence
place, moments = sys.argv[1], random.Random(int(sys.argv[2]))
store, keys = Store(place), [f"{k:064x}" for k in range(4)]
made = [evidence([{"x": k / 1000} for k in range(n)]) for n in (1, 300, 3000)]
for key in keys:  # on a busy machine a writer may be killed before its first
    store.put(key, made[0])
for _ in range(30):
    writers = []
    for _ in range(2):
        if not (writer := os.fork()):
            while True:
                store.put(random.choice(keys), random.choice(made))
        writers.append(writer)
    time.sleep(moments.random() * 0.03)
    for writer in writers:
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
    for path in Path(place).rglob(f"[!.]*{SUFFIX}"):
        assert len(from_bytes(unsealed(path.stem, path.read_bytes())).draws) in (1, 300, 3000)
assert all(store.get(key) for key in keys)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork there")
@pytest.mark.parametrize("seed", [1, 2])
def test_two_writers_killed_at_random_moments_leave_whole_entries(
    tmp_path: Path, seed: int
) -> None:
    subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path), str(seed)], check=True)


_FULL = """
import resource, signal, sys
from quizproof.probes.engine.evidence.store import Store, StoreError
from tests.probes.engine.evidence.test_record import evidence
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
try:
    Store(sys.argv[1]).put("a" * 64, evidence([{"x": k / 1000} for k in range(3000)]))
except StoreError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size there")
def test_a_file_that_may_not_grow_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    """The system itself refuses, in the middle of an entry."""
    ran = subprocess.run(
        [sys.executable, "-c", _FULL, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert "cannot be kept" in ran.stdout
    assert "File too large" in ran.stdout
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_may_not_be_written_says_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="Permission denied"):
        Store(str(tmp_path)).put(KEY, evidence())
    assert Store(str(tmp_path)).get(KEY) is None


def test_a_place_where_nobody_answers_says_so() -> None:
    with socket.socket() as nobody:  # bound, and not listening
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(StoreAwayError, match="does not answer"):
            Store(f"ftp://127.0.0.1:{nobody.getsockname()[1]}/kept")


def test_the_default_place_is_the_users_cache_or_as_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUIZPROOF_STORE", raising=False)
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
        assert default_place() == "/somewhere/quizproof/evidence"
    place = Path(default_place())
    assert (place.parent.name, place.name) == ("quizproof", "evidence")
    assert place_of(None) == str(place)
    assert place_of("none") is None
    monkeypatch.setenv("QUIZPROOF_STORE", "memory://mine")
    assert default_place() == "memory://mine"

"""An evidence file that is signed, and what a key says of one that is not as it was signed."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from quizproof.reports.cli import main
from tests.planted_probes import write_quiz

OPENSSH, PEM = serialization.PrivateFormat.OpenSSH, serialization.PrivateFormat.PKCS8
NO_PASSPHRASE = serialization.NoEncryption()


def write_key(name: str, form: serialization.PrivateFormat = OPENSSH) -> None:
    """A private key ``name`` and ``name.pub``, as ssh-keygen or openssl writes them."""
    key = ed25519.Ed25519PrivateKey.generate()
    encoding = serialization.Encoding.PEM
    Path(name).write_bytes(key.private_bytes(encoding, form, NO_PASSPHRASE))
    public = (
        (serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        if form is OPENSSH
        else (encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    Path(f"{name}.pub").write_bytes(key.public_key().public_bytes(*public))


@pytest.fixture(autouse=True)
def world(planted_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_quiz(tmp_path / "quiz", good="a")
    write_key("mine")
    write_key("other")
    return tmp_path


def made(*more: str) -> int:
    return main(["verify", "quiz", "--pack", "quiz/pack", "--store", "kept", *more])


def judged(*more: str) -> int:
    return main(["verify", "quiz", "--from", "made", *more])


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a command says of what is wrong, behind one of a broken distribution."""
    *before, line = capsys.readouterr().err.splitlines()
    assert len(before) <= 1, before
    return line


def rewritten(change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile("made") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile("made", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def forged(members: dict[str, bytes]) -> None:
    """Another answer, every digest summed anew."""
    members["pack/pack.yaml"] = members["pack/pack.yaml"].replace(b"planted", b"another")
    outside = ("digests.json", "signature")
    digests = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in members.items()
        if name not in outside
    }
    members["digests.json"] = json.dumps(digests).encode()


@pytest.mark.parametrize("form", [OPENSSH, PEM])
def test_what_was_signed_is_known_by_the_public_key(
    form: serialization.PrivateFormat, capsys: pytest.CaptureFixture[str]
) -> None:
    write_key("third", form)
    assert made("--evidence", "made", "--sign-key", "third") == 0
    assert ", signed)" in capsys.readouterr().out
    assert judged("--verify-key", "third.pub") == 0
    assert judged() == 0  # nobody has to have the key, nor the library
    capsys.readouterr()
    assert judged("--verify-key", "mine.pub") == 2
    assert "was not signed with the key of mine.pub" in complaint(capsys)


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen here")
def test_a_key_of_ssh_keygen_signs() -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "ssh"], check=True)
    assert made("--evidence", "made", "--sign-key", "ssh") == 0
    assert judged("--verify-key", "ssh.pub") == 0


def test_what_is_not_signed_is_refused_where_a_key_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert made("--evidence", "made") == 0
    capsys.readouterr()
    assert judged("--verify-key", "mine.pub") == 2
    assert "made is not signed; have it made with --sign-key" in complaint(capsys)


def test_a_forgery_is_seen_by_the_key_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert made("--evidence", "made", "--sign-key", "mine") == 0
    rewritten(forged)
    assert judged() == 0  # whoever names no key is told nothing: digests are anyone's to make
    capsys.readouterr()
    assert judged("--verify-key", "mine.pub") == 2
    assert "or was changed since" in complaint(capsys)


@pytest.mark.parametrize("signed", [b"", b"0" * 64, b"0" * 1000])
def test_a_signature_that_is_none_is_refused(
    signed: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made("--evidence", "made", "--sign-key", "mine") == 0
    rewritten(lambda members: members.update(signature=signed))
    capsys.readouterr()
    assert judged("--verify-key", "mine.pub") == 2
    assert "was not signed with" in complaint(capsys)


def test_a_signature_of_something_else_is_none_of_a_file() -> None:
    assert made("--evidence", "made") == 0
    key = serialization.load_ssh_private_key(Path("mine").read_bytes(), None)
    assert isinstance(key, ed25519.Ed25519PrivateKey)

    def sign(members: dict[str, bytes]) -> None:
        members["signature"] = key.sign(members["digests.json"])

    rewritten(sign)
    assert judged("--verify-key", "mine.pub") == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no private key"),
        (b"ssh-ed25519 AAAA", "holds no private key"),
        (None, "cannot be read"),
        ("protected", "is protected by a passphrase"),
        ("elliptic", "is no Ed25519 key"),
    ],
)
def test_a_key_that_cannot_sign_is_a_line_before_anything_is_measured(
    content: bytes | str | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if content == "protected":
        key = ed25519.Ed25519PrivateKey.generate()
        lock = serialization.BestAvailableEncryption(b"secret")
        content = key.private_bytes(serialization.Encoding.PEM, PEM, lock)
    elif content == "elliptic":
        other = ec.generate_private_key(ec.SECP256R1())
        content = other.private_bytes(serialization.Encoding.PEM, PEM, NO_PASSPHRASE)
    if isinstance(content, bytes):
        Path("key").write_bytes(content)
    assert made("--evidence", "made", "--sign-key", "key") == 2
    assert said in complaint(capsys)
    assert not Path("made").exists()
    assert not Path("kept").exists()


@pytest.mark.parametrize("command", ["verify", "check", "grade"])
def test_every_command_that_takes_a_file_takes_its_key(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made("--evidence", "made", "--sign-key", "mine") == 0
    Path("answers.yaml").write_text("q01: a\n")
    Path("class.csv").write_text("student,q01\nann,a\n")
    arguments = {
        "verify": ["verify", "quiz"],
        "check": ["check", "quiz", "answers.yaml"],
        "grade": ["grade", "quiz", "class.csv", "-o", "grades.csv"],
    }[command]
    assert main([*arguments, "--from", "made", "--verify-key", "mine.pub"]) == 0
    capsys.readouterr()
    assert main([*arguments, "--from", "made", "--verify-key", "other.pub"]) == 2
    assert "was not signed with" in complaint(capsys)
    assert main([*arguments, "--from", "made", "--verify-key", "mine"]) == 2
    assert "holds the private key; name the public one" in complaint(capsys)
    assert main([*arguments, "--verify-key", "mine.pub"]) == 2
    assert "--from" in complaint(capsys)


def test_a_key_signs_a_file_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert made("--sign-key", "mine") == 2
    assert "--sign-key signs what --evidence writes" in complaint(capsys)


def test_without_the_library_a_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made("--evidence", "made", "--sign-key", "mine") == 0
    for name in [name for name in sys.modules if name.partition(".")[0] == "cryptography"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    assert judged() == 0
    capsys.readouterr()
    assert judged("--verify-key", "mine.pub") == 2
    assert "pip install 'quizproof[sign]'" in complaint(capsys)

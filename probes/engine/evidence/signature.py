"""Signatures of evidence files, by Ed25519 keys that people have: OpenSSH's, or PEM.

The library ``cryptography`` is an extra, and is imported where a key is named alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from quizproof.probes.packs.held import hold
from quizproof.questions.problems import QuizproofError, one_line

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

_LONGEST: Final = 100_000  # bytes of a file that holds a key
_OPENSSH: Final = b"-----BEGIN OPENSSH PRIVATE KEY-----"
# signed with what is said, so that a signature of anything else with the same key is none of this
_SAID: Final = b"quizproof evidence file\n"


class SignatureError(QuizproofError):
    """A key that cannot be used, or a signature that is not there or not right."""


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The private key in ``path``. Raises SignatureError."""
    ed25519, serialization = _library()
    content = _content(path)
    read = serialization.load_pem_private_key
    if content.lstrip().startswith(_OPENSSH):
        read = serialization.load_ssh_private_key
    try:
        key = read(content, password=None)
    except Exception as error:  # the library raises a kind for each thing that may be wrong
        if _is_protected(error):
            mend = "ssh-keygen -t ed25519 -N '' -f KEY makes one of its own for this"
            raise SignatureError(f"{path} is protected by a passphrase; {mend}") from None
        mend = "name an Ed25519 key of ssh-keygen, or in PEM"
        raise SignatureError(f"{path} holds no private key; {mend}") from None
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise SignatureError(f"{path} is no Ed25519 key; ssh-keygen -t ed25519 makes one")
    found: Ed25519PrivateKey = key
    return found


def verifying_key(path: Path) -> Ed25519PublicKey:
    """The public key in ``path``. Raises SignatureError."""
    ed25519, serialization = _library()
    content = _content(path)
    read = serialization.load_ssh_public_key
    if content.lstrip().startswith(b"-----BEGIN"):
        read = serialization.load_pem_public_key
    try:
        key = read(content.strip())
    except Exception:  # the library raises a kind for each thing that may be wrong
        what = "the private key" if b"PRIVATE KEY-----" in content else "no public key"
        raise SignatureError(
            f"{path} holds {what}; name the public one, such as id_ed25519.pub"
        ) from None
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise SignatureError(f"{path} is no Ed25519 key; have it signed with one that is")
    found: Ed25519PublicKey = key
    return found


def signature(key: Ed25519PrivateKey, digests: bytes) -> bytes:
    """Sign the digests of a file's members."""
    return key.sign(_SAID + digests)


def is_right(key: Ed25519PublicKey, signed: bytes, digests: bytes) -> bool:
    """Tell whether ``signed`` is what the owner of ``key`` made of ``digests``."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signed, _SAID + digests)
    except InvalidSignature:
        return False
    return True


def _library() -> tuple[Any, Any]:
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise SignatureError(
            "keys take the library cryptography, which is not installed; "
            "pip install 'quizproof[sign]'"
        ) from None
    return ed25519, serialization


def _content(path: Path) -> bytes:
    try:
        held, _, (_, size, *_) = hold(path)
        content = held.read_bytes() if size <= _LONGEST else b""
    except OSError as error:
        raise SignatureError(
            f"{path} cannot be read ({one_line(error.strerror or str(error))}); name a file"
        ) from None
    return content


def _is_protected(error: Exception) -> bool:
    return any(word in str(error).lower() for word in ("password", "encrypted", "bcrypt"))

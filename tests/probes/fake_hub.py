"""A hub on this machine: it serves one model as the Hugging Face hub does, and counts requests."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

_NO_REPO = "RepoNotFound"


@contextmanager
def fake_hub(repo: str, revision: str, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Its address, and the paths that were asked for while it stands."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, *, body: bool) -> None:
            asked.append(self.path)
            path = self.path.split("?")[0]
            resolved = re.fullmatch(f"/{repo}/resolve/{revision}/(.+)", path)
            if path == f"/api/models/{repo}/tree/{revision}":
                files = [_entry(file) for file in sorted(folder.iterdir())]
                self._send(json.dumps(files).encode(), "application/json", body)
            elif resolved is not None and (folder / resolved[1]).is_file():
                file = folder / resolved[1]
                self._send(file.read_bytes(), "application/octet-stream", body, _etag(file))
            else:
                self.send_response(404)
                self.send_header("X-Error-Code", "EntryNotFound" if repo in path else _NO_REPO)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def _send(self, content: bytes, kind: str, body: bool, etag: str = "") -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("X-Repo-Commit", revision)
            if etag:
                self.send_header("ETag", f'"{etag}"')
            self.end_headers()
            if body:
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def plant(cache: Path, repo: str, revision: str, folder: Path, *, listed: bool = True) -> Path:
    """The model in ``folder`` in the hub's cache at ``cache``, as the hub's library lays it out.

    Older ones of it write no list of the commit's files.
    """
    root = cache / f"models--{repo.replace('/', '--')}"
    snapshot = root / "snapshots" / revision
    snapshot.mkdir(parents=True)
    (root / "blobs").mkdir(exist_ok=True)
    (root / "refs").mkdir(exist_ok=True)
    (root / "refs" / "main").write_text(revision)
    for file in folder.iterdir():
        blob = root / "blobs" / _etag(file)
        blob.write_bytes(file.read_bytes())
        (snapshot / file.name).symlink_to(blob)
    if listed:
        (root / "trees").mkdir(exist_ok=True)
        tree = {"format_version": 1, "files": {f.name: _in_list(f) for f in folder.iterdir()}}
        (root / "trees" / f"{revision}.json").write_text(json.dumps(tree))
    return snapshot


def _in_list(file: Path) -> dict[str, object]:
    size = file.stat().st_size
    large = {"lfs_sha256": _etag(file), "lfs_size": size} if _is_large(file) else {}
    return {"size": size, "blob_id": _git_digest(file), **large}


def _entry(file: Path) -> dict[str, object]:
    size = file.stat().st_size
    entry: dict[str, object] = {"type": "file", "path": file.name, "size": size}
    entry["oid"] = _git_digest(file)
    if _is_large(file):
        entry["lfs"] = {"oid": _etag(file), "size": size, "pointerSize": 132}
    return entry


def _etag(file: Path) -> str:
    """What the hub calls a file's content by."""
    return hashlib.sha256(file.read_bytes()).hexdigest() if _is_large(file) else _git_digest(file)


def _is_large(file: Path) -> bool:
    return file.suffix == ".safetensors"


def _git_digest(file: Path) -> str:
    data = file.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()

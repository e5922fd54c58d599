"""Writing ``pack.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from quizproof.probes.kinds.kind import Entry
from quizproof.probes.packs.files import File, Folder
from quizproof.probes.packs.manifest import MANIFEST, HeldOutFigure, Manifest
from quizproof.probes.packs.pack import Pack, model_files, sha256
from quizproof.questions.files import write_whole


def manifest_text(manifest: Manifest) -> str:
    """``manifest`` as YAML, without what is as by default."""
    return yaml.safe_dump(
        manifest.model_dump(exclude_unset=True, by_alias=True),
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=100,
    )


def write_parts(
    folder: Path, parts: Mapping[str, Entry | Mapping[str, Any]], held_out: list[HeldOutFigure]
) -> None:
    """Put ``parts`` in place of a pack's own of these names; the pack is made if there is none.

    New held-out figures take the place of those that are about the same. Raises InputError for a
    manifest that is wrong, ValueError for parts that are none.
    """
    path = folder / MANIFEST
    kept = Pack(folder).manifest if path.is_file() else Manifest(name=folder.resolve().name)
    about = {figure.about for figure in held_out}
    figures = [figure for figure in kept.held_out if figure.about not in about] + held_out
    manifest = Manifest.model_validate(
        {"name": kept.name, "parts": {**kept.parts, **parts}, "held_out": figures}
    )
    write_whole(path, manifest_text(manifest))


def named_file(pack: Path, name: str) -> File:
    """The file ``name`` of the folder ``pack`` as a manifest names it. Raises OSError."""
    return File(file=name, sha256=sha256(pack / name))


def named_folder(pack: Path, name: str) -> Folder:
    """The folder ``name`` of ``pack`` with every file in it that could be read. Raises OSError."""
    root = pack / name
    return Folder(folder=name, files={file: sha256(root / file) for file in model_files(root)})

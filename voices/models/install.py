"""A model's zip file becomes a folder: checked first, unpacked beside its place, then moved there in one step."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import stat
import zipfile
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from voices.errors import ModelRefused
from voices.models import Model
from voices.models.fetch import Progress, fetch
from voices.models.found import RECORD, is_model

#: SHA-256 of each model at its first download, kept when the model is deleted and fetched again.
CHECKSUMS = "checksums.json"
#: A model unpacks to about twice its size and holds about thirty files. Whatever goes far beyond is no model.
_MOST_TIMES, _MOST_FILES = 8, 1000


def install(
    model: Model,
    folder: Path,
    *,
    archive: Path | None = None,
    non_commercial: bool = False,
    tell: Progress = lambda done, total: None,
    plain_http: Collection[str] = frozenset(),
) -> Path:
    """Fetch the model, or take it from `archive`, and put it into `folder`; answers its own folder there.

    What is there already is left as it is. Raises `ModelRefused`; then nothing is half done, but for the beginning of
    a download, with which the next one goes on. `plain_http` as in `voices.models.fetch`.
    """
    place = folder / model.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two that ask at once fetch it once
            if is_model(place):
                return place
            if archive is not None:
                _unpack(model, archive, folder, place, non_commercial)
                return place
            part = folder / f"{model.name}.zip.part"
            fetch(model.address, part, most_bytes=model.most_bytes, tell=tell, plain_http=plain_http)
            try:
                _unpack(model, part, folder, place, non_commercial)
            finally:
                part.unlink(missing_ok=True)  # whole and wrong: it would be wrong again
    except OSError as fault:
        raise ModelRefused(f"{model.name} can't be put into {folder}: {fault.strerror or fault}") from None
    return place


def _unpack(model: Model, archive: Path, folder: Path, place: Path, non_commercial: bool) -> None:
    sha256 = _checked(model, archive, folder)
    work = folder / f".{model.name}-{os.getpid()}"
    work.mkdir()
    try:
        with zipfile.ZipFile(archive) as file:
            _check_names(file, archive)
            file.extractall(work)
        inner = [one for one in (work, *work.iterdir()) if one.is_dir() and is_model(one)]
        if not inner:
            raise ModelRefused(f"{archive.name} holds no model of Vosk")
        record = {"sha256": sha256, "non_commercial": non_commercial}
        (inner[0] / RECORD).write_text(json.dumps(record), encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        inner[0].rename(place)
        _write_down(folder, model.name, sha256)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as fault:
        raise ModelRefused(f"{archive.name} is no whole zip file: {fault}") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _checked(model: Model, archive: Path, folder: Path) -> str:
    """The file's SHA-256, after it was compared with what is known of this model."""
    with archive.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    kind, _, wanted = (model.checksum or f"sha256:{_written_down(folder).get(model.name, sha256)}").partition(":")
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, kind).hexdigest()
    if found != wanted:
        raise ModelRefused(f"{model.name}: the {kind} of the file is {found}, it has to be {wanted}; nothing is kept")
    return sha256


def _check_names(file: zipfile.ZipFile, archive: Path) -> None:
    infos = file.infolist()
    size = sum(info.file_size for info in infos)
    if size > _MOST_TIMES * archive.stat().st_size or len(infos) > _MOST_FILES:
        raise ModelRefused(f"{archive.name} would unpack to {size:,} bytes in {len(infos):,} files: that is no model")
    for info in infos:
        path = PurePosixPath(info.filename)
        outside = path.is_absolute() or ".." in path.parts or "\\" in info.filename
        if outside or stat.S_ISLNK(info.external_attr >> 16):
            raise ModelRefused(f"{archive.name} holds {info.filename!r}, which would lie outside its folder")


def _written_down(folder: Path) -> dict[str, str]:
    try:
        told = json.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _write_down(folder: Path, name: str, sha256: str) -> None:
    known = {name: sha256} | _written_down(folder)
    part = folder / f"{CHECKSUMS}.part"
    part.write_text(json.dumps(known, indent=2), encoding="utf-8")
    part.replace(folder / CHECKSUMS)

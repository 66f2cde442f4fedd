"""Where the files lie that run beside the program: in the wheel as `dialer/_docker`, in a checkout in `docker/`."""

from __future__ import annotations

from pathlib import Path

from dialer.errors import AsteriskMissing

_HERE = Path(__file__).resolve().parent


def docker_folder(name: str) -> Path:
    """The folder `asterisk` or `town`. Raises `AsteriskMissing` if the installation lacks it."""
    for folder in (_HERE / "_docker" / name, _HERE.parent / "docker" / name):
        if folder.is_dir():
            return folder
    raise AsteriskMissing(f"The folder docker/{name} is missing from this installation; install Beltoon anew")

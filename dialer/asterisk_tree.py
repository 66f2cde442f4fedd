"""An Asterisk of a good version: the system's own, the one in the cache, or one fetched without root.

Debian 12 has no asterisk package, so apt is asked, with an empty package database of its own, for the closure of
another suite's; it checks the signatures; dpkg-deb unpacks. Nothing is installed on the machine.
"""

from __future__ import annotations

import fcntl
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dialer.errors import AsteriskMissing

#: Of the 25 June 2026 advisories the first good 22; design.md asks for it.
GOOD_VERSION = (22, 10, 1)
SUITE = "forky"
#: By machine: the folder of libraries, and the loader in it.
_TRIPLETS = {
    "x86_64": ("x86_64-linux-gnu", "ld-linux-x86-64.so.2"),
    "aarch64": ("aarch64-linux-gnu", "ld-linux-aarch64.so.1"),
}


@dataclass(frozen=True)
class AsteriskTree:
    """Where an Asterisk lies. `root` is `/` for the system's own."""

    root: Path
    version: str

    @property
    def libraries(self) -> Path:
        """The folder of shared libraries of this machine's kind."""
        return self.root / "usr/lib" / _triplet()[0]

    @property
    def modules(self) -> Path:
        """The folder of Asterisk's modules."""
        own = self.libraries / "asterisk/modules"
        return own if own.is_dir() else self.root / "usr/lib/asterisk/modules"

    @property
    def program(self) -> Path:
        """The program itself."""
        return self.root / "usr/sbin/asterisk"

    def command(self, *arguments: str) -> list[str]:
        """How it is started: by its own loader where it is not the system's."""
        if self.root == Path("/"):
            return [str(self.program), *arguments]
        loader = self.libraries / _triplet()[1]
        return [str(loader), "--library-path", str(self.libraries), str(self.program), *arguments]


def _triplet() -> tuple[str, str]:
    try:
        return _TRIPLETS[platform.machine()]
    except KeyError as error:
        raise AsteriskMissing(f"Asterisk can be fetched for x86-64 and arm64, not for {platform.machine()}") from error


def version_of(root: Path) -> str | None:
    """The version of the Asterisk in `root`, or None where none runs there."""
    tree = AsteriskTree(root, "")
    if not tree.program.exists():
        return None
    try:
        said = subprocess.run(tree.command("-V"), capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError, AsteriskMissing):
        return None
    found = re.search(r"Asterisk (\d+\.\d+\.\d+)", said)
    return found[1] if found else None


def good(version: str | None) -> bool:
    """At least 22.10.1 of the 22 line, or a later line."""
    return version is not None and tuple(int(n) for n in version.split(".")) >= GOOD_VERSION


def find(given: Path | None, cache: Path) -> AsteriskTree | None:
    """The tree given by setting, else the system's own, else the cache's; None where none is good enough.

    Raises `AsteriskMissing` where the one given by setting is not.
    """
    if given is not None:
        version = version_of(given)
        if not good(version):
            raise AsteriskMissing(f"BELTOON_ASTERISK__ROOT={given}: needs Asterisk 22.10.1 or later, found {version}")
        return AsteriskTree(given, version or "")
    for root in (Path("/"), cache / "root"):
        version = version_of(root)
        if good(version):
            return AsteriskTree(root, version or "")
    return None


def default_cache() -> Path:
    """The folder in the user's cache where a fetched Asterisk is kept."""
    own = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    # started by root, Asterisk runs as an ordinary user, who can't look into root's own folders
    base = "/var/cache" if os.geteuid() == 0 else own
    return Path(base) / "beltoon" / f"asterisk-{SUITE}-{platform.machine()}"


def obtain(given: Path | None, cache: Path, tell: Callable[[str], None] = lambda _: None) -> AsteriskTree:
    """The tree that is here, or one fetched now; two that ask at once fetch it once. Raises as `find` and `fetch`."""
    if (tree := find(given, cache)) is not None:
        return tree
    cache.parent.mkdir(parents=True, exist_ok=True)
    with (cache.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return find(given, cache) or fetch(cache, tell)


def fetch(cache: Path, tell: Callable[[str], None] = lambda _: None) -> AsteriskTree:
    """Fetch, unpack and check an Asterisk into `cache`. Takes about ten seconds and 270 MB.

    Raises `AsteriskMissing` with the reason: no apt, no network, or a suite that holds another version.
    """
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise AsteriskMissing("No Asterisk here, and no apt to fetch it; install Asterisk 22.10.1 or later")
    work = cache.with_name(f"{cache.name}.part-{os.getpid()}")
    shutil.rmtree(work, ignore_errors=True)
    apt = work / ".apt"
    for folder in ("lists/partial", "archives/partial", "etc/preferences.d", "etc/trusted.gpg.d"):
        (apt / folder).mkdir(parents=True)
    (apt / "status").touch()
    (apt / "etc/sources.list").write_text(
        f"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {_mirror()} {SUITE} main\n"
    )
    options = [
        f"Dir::Etc={apt}/etc", f"Dir::Etc::sourcelist={apt}/etc/sources.list", "Dir::Etc::sourceparts=/dev/null",
        f"Dir::State={apt}", f"Dir::State::status={apt}/status", f"Dir::State::lists={apt}/lists",
        f"Dir::Cache={apt}", f"Dir::Cache::archives={apt}/archives", "Acquire::Languages=none",
        "APT::Install-Recommends=false", "Debug::NoLocking=1", "APT::Sandbox::User=root", "Acquire::Retries=2",
        "Acquire::http::Timeout=30", "APT::Keep-Downloaded-Packages=true",
    ]  # fmt: skip
    base = ["apt-get", "-q"] + [word for option in options for word in ("-o", option)]
    try:
        tell("asking the archive for Asterisk")
        _run([*base, "update"])
        tell("downloading Asterisk (80 MB)")
        _run([*base, "-y", "--download-only", "install", "asterisk"])
        root = work / "root"
        inside = root / "var/lib/dpkg/status.d"  # what is inside, for those who scan an image made of it
        inside.mkdir(parents=True)
        tell("unpacking Asterisk")
        for package in sorted((apt / "archives").glob("*.deb")):
            _run(["dpkg-deb", "-x", str(package), str(root)])
            (inside / package.name.split("_")[0]).write_text(_run(["dpkg-deb", "-f", str(package)]))
        shutil.rmtree(apt)
        version = version_of(root)
        if not good(version):
            raise AsteriskMissing(f"The suite {SUITE} holds Asterisk {version}; 22.10.1 or later is needed")
        shutil.rmtree(cache, ignore_errors=True)
        work.rename(cache)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return AsteriskTree(cache / "root", version or "")


def _mirror() -> str:
    """The archive that this machine's apt already uses, so that a proxy or mirror is honoured."""
    if given := os.environ.get("DEBIAN_MIRROR"):
        return given
    said = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    for line in said.splitlines():
        if re.search(r"/debian/?$", line):
            return line
    raise AsteriskMissing(
        "apt names no Debian archive from which Asterisk could be fetched; give its address in DEBIAN_MIRROR,"
        " or an Asterisk 22.10.1 or later in BELTOON_ASTERISK__ROOT"
    )


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ, LC_ALL="C"))
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith(("E:", "dpkg-deb:"))]
        raise AsteriskMissing(f"Asterisk could not be fetched: {(lines or done.stderr.splitlines() or ['?'])[-1]}")
    return done.stdout

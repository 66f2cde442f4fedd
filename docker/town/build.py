"""Builds a town: a folder with Asterisk's configuration, its people's voices and room for its log.

    python docker/town/build.py --out DIR --asterisk ROOT --sip-port 5660 --rtp-ports 21000-21999 --peer 127.0.0.1:5560

It is run as every Asterisk (`asterisk -f -C DIR/etc/asterisk.conf`, with the tree's own loader if it was unpacked;
`tree.command` writes it out) and stopped by SIGTERM to its process.
"""

from __future__ import annotations

import argparse
import secrets
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from configuration import Site, configuration
from dialplan import Softphone, Sounds, extensions_conf
from log import CALLS, MESSAGES
from persona import PersonaError, read_personas
from ring import OUTGOING, SPOOL_TMP
from speech import SpeechError, beep, sound_of
from tree import TreeError, modules_of

PERSONAS = Path(__file__).with_name("personas.toml")
#: Removed before a town is built anew, so that it begins without a past.
_PAST = ("etc", "run", "db", "data", "spool", "log")
_PLAIN = (Path("etc"), Path("run"), Path("db"), Path("keys"), Path("data/sounds"), Path("data/agi-bin"))
_FOLDERS = (*_PLAIN, OUTGOING, SPOOL_TMP, MESSAGES, CALLS.parent)


class TownError(Exception):
    """The town can't be built as asked; the message says why."""


def build(
    out: Path,
    root: Path,
    *,
    sip_port: int,
    rtp_ports: tuple[int, int],
    peer: tuple[str, int],
    ami_port: int = 0,
    personas: Path = PERSONAS,
    cache: Path | None = None,
    softphone: Softphone | None = None,
) -> None:
    """Write the town into `out`. What an earlier town left there (log, messages, voices) is removed first.

    Raises `TownError`, `TreeError`, `PersonaError`, `SpeechError`, `OSError`.
    """
    out, root = out.resolve(), root.resolve()
    site = Site(
        out=out,
        root=root,
        modules=modules_of(root),
        sip_port=sip_port,
        rtp_ports=rtp_ports,
        peer=peer,
        ami_port=ami_port,
        ami_secret=secrets.token_urlsafe(24),
    )
    people = read_personas(personas)
    if out.exists() and not (out / "etc" / "extensions.conf").exists() and any(out.iterdir()):
        raise TownError(f"{out} holds something that is no town; give an empty folder")
    for past in _PAST:
        shutil.rmtree(out / past, ignore_errors=True)
    for folder in _FOLDERS:
        (out / folder).mkdir(parents=True, exist_ok=True)
    _link_documentation(out, root)
    voices = out / "data" / "sounds"
    kept = cache or voices
    sounds = Sounds(
        spoken=lambda says: _installed(sound_of(says.text, says.language, kept), voices),
        beep=_installed(beep(kept), voices),
        messages=out / MESSAGES,
    )
    _write(out / "etc" / "extensions.conf", extensions_conf(people, sounds, softphone))
    for name, text in configuration(site, softphone).items():
        _write(out / "etc" / name, text)


def _link_documentation(out: Path, root: Path) -> None:
    """Modules refuse to load without their documentation."""
    target = out / "data" / "documentation"
    if not target.is_symlink():
        target.symlink_to(root / "usr" / "share" / "asterisk" / "documentation")


def _installed(sound: Path, voices: Path) -> Path:
    """The sound in the town's own folder, without the ending, as Playback wants it."""
    if sound.parent != voices and not (voices / sound.name).exists():
        shutil.copyfile(sound, voices / sound.name)
    return voices / sound.stem


def _write(path: Path, text: str) -> None:
    """A configuration file, readable by its owner only: some hold secrets."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="build.py", description="Build a town: the public network with its debtors.")
    parser.add_argument("--out", type=Path, required=True, help="the town's folder")
    parser.add_argument("--asterisk", type=Path, required=True, help="/ or the folder of an unpacked Asterisk")
    parser.add_argument("--sip-port", type=int, required=True)
    parser.add_argument("--rtp-ports", type=_ports, required=True, metavar="FROM-TO")
    parser.add_argument("--peer", type=_peer, required=True, metavar="HOST:PORT", help="Beltoon's Asterisk (SIP, UDP)")
    parser.add_argument("--ami-port", type=int, default=0, help="manager interface of the town; 0: none")
    parser.add_argument("--personas", type=Path, default=PERSONAS)
    parser.add_argument("--cache", type=Path, help="folder in which rendered voices are kept")
    parser.add_argument("--softphone", metavar="USER:SECRET:NUMBER", help="a real telephone that may register")
    return parser.parse_args(arguments)


def _ports(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first), int(last)


def _peer(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def _softphone(text: str) -> Softphone:
    user, _, rest = text.partition(":")
    secret, _, number = rest.rpartition(":")
    return Softphone(user=user, secret=secret, number=number)


def main(arguments: Sequence[str]) -> int:
    """The command. 0: built; 1: not, with the reason in one line."""
    asked = _arguments(arguments)
    try:
        build(
            asked.out,
            asked.asterisk,
            sip_port=asked.sip_port,
            rtp_ports=asked.rtp_ports,
            peer=asked.peer,
            ami_port=asked.ami_port,
            personas=asked.personas,
            cache=asked.cache,
            softphone=_softphone(asked.softphone) if asked.softphone else None,
        )
    except (TownError, TreeError, PersonaError, SpeechError, OSError) as error:
        print(f"The town was not built: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

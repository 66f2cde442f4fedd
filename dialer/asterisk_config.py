"""What our Asterisk's configuration says, filled from settings; the templates lie in docker/asterisk."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from dialer.asterisk_tree import AsteriskTree
from dialer.errors import SettingUnfit
from dialer.files import docker_folder

#: Folders of one instance.
_FOLDERS = ("etc", "data/sounds/beltoon", "data/agi-bin", "run", "log", "spool", "db", "keys")
#: Files that Asterisk misses aloud, and that say nothing for us.
_EMPTY = ("acl", "udptl", "sorcery", "ccss", "codecs", "dnsmgr", "extconfig", "stasis")
_FIXED = {
    "cdr.conf": "[general]\nenable = no\n",
    "cel.conf": "[general]\nenable = no\n",
    "indications.conf": (
        "[general]\ncountry = eu\n[eu]\ndescription = Europe\nringcadence = 1000,4000\nring = 425/1000,0/4000\n"
    ),
    "pjproject.conf": "[startup]\ntype = startup\nlog_level = 2\n",
}


@dataclass(frozen=True, kw_only=True)
class OurAsterisk:
    """All that differs between two instances of ours."""

    sip_port: int
    rtp_from: int
    rtp_to: int
    ami_port: int
    ami_user: str
    ami_secret: str
    media_host: str
    audiosocket_port: int
    agi_port: int
    #: `sip:host:port` of the carrier.
    trunk_uri: str
    codecs: str = "ulaw,alaw"
    #: Addresses from which calls come in; empty: the trunk's host.
    match: str = ""
    register_user: str = ""
    register_secret: str = ""


#: Marks that end a value, or begin something else, in Asterisk's files.
_MARKS = frozenset(";[]")
#: What stands in the dialplan, or names a section, is narrower.
_NARROW = {
    "ami_user": re.compile(r"[A-Za-z0-9_.-]{1,64}"),
    "media_host": re.compile(r"[A-Za-z0-9.:-]{1,253}"),
    "codecs": re.compile(r"[a-z0-9_]+(,[a-z0-9_]+)*"),
    "match": re.compile(r"[A-Za-z0-9.:/, -]*"),
    "trunk_uri": re.compile(r"sip:[A-Za-z0-9.@:+_-]{1,253}"),
    "register_user": re.compile(r"[A-Za-z0-9._+@-]{0,128}"),
}


def check(ours: OurAsterisk, top: Path) -> None:
    """Raises `SettingUnfit` for a value that would say more in a file than its own line does."""
    said = {name: str(getattr(ours, name)) for name in OurAsterisk.__dataclass_fields__}
    for name, value in said.items():
        narrow = _NARROW.get(name)
        if not _one_line(value) or _MARKS & set(value) or (narrow is not None and not narrow.fullmatch(value)):
            raise SettingUnfit(
                f"The setting {name} can't stand in Asterisk's configuration: it holds signs that mean more"
            )
    if not _one_line(str(top)) or ";" in str(top):
        raise SettingUnfit("The folder's name holds a sign that Asterisk's configuration can't hold; set BELTOON_HOME")


def _one_line(value: str) -> bool:
    return value.strip() == value and not any(unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"} for c in value)


def trunk_host(uri: str) -> str:
    """The host of `sip:host:port`."""
    rest = uri.removeprefix("sip:").rsplit("@", 1)[-1].split(";", 1)[0]
    return rest[1 : rest.index("]")] if rest.startswith("[") else rest.split(":", 1)[0]


def values(ours: OurAsterisk, tree: AsteriskTree, top: Path) -> dict[str, str]:
    """What stands for each $name in the templates."""
    host = trunk_host(ours.trunk_uri)
    auth = registration = ""
    if ours.register_user:
        auth = "outbound_auth = trunk-auth\n"
        registration = (
            "\n[trunk-auth]\ntype = auth\nauth_type = digest\n"
            f"username = {ours.register_user}\npassword = {ours.register_secret}\n"
            "\n[trunk-registration]\ntype = registration\ntransport = udp\noutbound_auth = trunk-auth\n"
            f"server_uri = {ours.trunk_uri}\nclient_uri = sip:{ours.register_user}@{host}\nretry_interval = 30\n"
        )
    return {
        "top": str(top),
        "modules": str(tree.modules),
        "sbin": str(tree.program.parent),
        "sip_host": "127.0.0.1" if host in {"127.0.0.1", "localhost"} else "0.0.0.0",  # noqa: S104
        "trunk_auth": auth,
        "trunk_registration": registration,
        "trunk_match": "\n".join(f"match = {m.strip()}" for m in (ours.match or host).split(",")),
        **{name: str(getattr(ours, name)) for name in OurAsterisk.__dataclass_fields__},
    }


def write_config(ours: OurAsterisk, tree: AsteriskTree, top: Path, sounds: Mapping[str, bytes]) -> None:
    """Write one instance's folder: configuration (0600), neutral sentences (`sounds`: name to 8 kHz sound), links.

    Raises `SettingUnfit` before a byte is written.
    """
    check(ours, top)
    for folder in _FOLDERS:
        (top / folder).mkdir(parents=True, exist_ok=True)
    filled = values(ours, tree, top)
    texts = dict(_FIXED) | {f"{name}.conf": "" for name in _EMPTY}
    for template in sorted(docker_folder("asterisk").glob("*.conf")):
        text = template.read_text()
        texts[template.name] = _DialplanTemplate(text).substitute(filled)
    for name, text in texts.items():
        path = top / "etc" / name
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write(text)
    for name, pcm in sounds.items():
        (top / "data/sounds/beltoon" / f"{name}.sln").write_bytes(pcm)
    link = top / "data/documentation"  # modules refuse to load without their XML
    if not link.is_symlink():
        link.symlink_to(tree.root / "usr/share/asterisk/documentation")


class _DialplanTemplate(Template):
    """`$name` is ours, `${NAME}` is the dialplan's and stays."""

    pattern = r"\$(?:(?P<named>[a-z_]{2,})\b|(?P<escaped>(?!))|(?P<braced>(?!))|(?P<invalid>(?!)))"  # type: ignore[assignment]

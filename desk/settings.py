"""Settings: read once from the environment, typed, checked before anything starts.

`BELTOON_ASTERISK__AMI_PORT=5038` fills `settings.asterisk.ami_port`. Secrets are files (`…_FILE`), never values.
The whole list stands in docs/settings.md, which a test compares with this module.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from desk.errors import BadSetting
from desk.setting_forms import (
    Addresses,
    AnyPort,
    Codecs,
    Email,
    Engine,
    HostName,
    LogLevel,
    Loopback,
    Moment,
    Number,
    Port,
    PortPair,
    Servers,
    TrunkUri,
    UserName,
)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AsteriskSettings(_Part):
    """Our Asterisk: where its manager interface is, and where ours is kept when Beltoon runs it."""

    host: HostName = Field(default="127.0.0.1", description="Where the manager interface (AMI) of our Asterisk listens")
    ami_port: AnyPort = Field(default=0, description="AMI port; 0: the one that was picked")
    ami_user: UserName = Field(default="beltoon", description="AMI user, with write=originate,call and no more")
    ami_secret_file: Path | None = Field(
        default=None, description="File with the AMI secret; none: the one made at start"
    )
    sip_port: Port = Field(default=0, description="UDP port of our SIP side; 0: pick")
    rtp_ports: PortPair = Field(default="", description="RTP ports as FROM-TO, below 32768; empty: pick")
    root: Path | None = Field(
        default=None, description="An Asterisk tree to use instead of the cache or the system's own"
    )


class TrunkSettings(_Part):
    """The way to the public network."""

    uri: TrunkUri = Field(default="", description="The carrier: sip:host:port; empty: no calls leave")
    codecs: Codecs = Field(default="ulaw,alaw", description="Codecs offered to the carrier")
    caller_id: Number = Field(default="", description="Our number as the called see it, E.164")
    match: Addresses = Field(default="", description="Addresses from which calls come in; empty: the trunk's host")
    register_user: UserName = Field(default="", description="User, when the carrier wants a registration")
    secret_file: Path | None = Field(default=None, description="File with the secret of that user")


class MediaSettings(_Part):
    """Where the line listens for Asterisk's audio (AudioSocket) and its questions about calls coming in (FastAGI)."""

    host: Loopback = Field(
        default="127.0.0.1", description="Address of the line; AudioSocket has no password, so loopback only"
    )
    ports: PortPair = Field(default="", description="AudioSocket and FastAGI ports as A-B; empty: pick")


class VoiceSettings(_Part):
    """How we sound."""

    engine: Engine = Field(
        default="pyttsx3", description="pyttsx3; espeak: the program itself, faster; or piper: neural, fetched by you"
    )
    piper: str = Field(default="piper", description="The Piper program, where the engine is piper")
    piper_voices: Path | None = Field(
        default=None, description="Folder of Piper voices; a language without one keeps espeak's"
    )
    cache: Path | None = Field(default=None, description="Folder of rendered prompts; none: in the user's cache folder")


class VoicesSettings(_Part):
    """How we hear."""

    models: Path | None = Field(default=None, description="Folder of speech models; none: in the user's cache folder")
    servers: Servers = Field(default="", description="vosk-servers by language, as nl=ws://host:2700; empty: none")
    pocketsphinx: bool = Field(
        default=False,
        description="Hear English by PocketSphinx where no model and no server does; it brings its model along, and"
        " takes half of all strange sentences for one of its own: for rehearsals",
    )
    streams: Annotated[int, Field(ge=0, le=400)] = Field(
        default=0, description="Callers who may be listened to at one time; 0: measured when an engine starts"
    )


class StatementsSettings(_Part):
    """What people tell us about a dispute, recorded with their yes."""

    folder: Path | None = Field(
        default=None,
        description="Folder of the recordings, one for all machines of a database; none: in the home folder",
    )
    keep_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        default=180, description="Days after which a recording is deleted"
    )


class AlarmSettings(_Part):
    """Where our own people hear of what can't wait."""

    email: Email = Field(
        default="", description="Address to which an alarm is written when somebody is in a crisis; empty: none"
    )


class DialSettings(_Part):
    """How many calls, and how fast."""

    lines: Annotated[int, Field(ge=1, le=400)] = Field(default=20, description="Calls at one time, ringing or live")
    calls_per_second: Annotated[float, Field(gt=0, le=1000)] = Field(
        default=5.0, description="New calls a second at most"
    )
    ring_seconds: Annotated[float, Field(ge=15, le=60)] = Field(default=25.0, description="How long we let it ring")
    longest_call_seconds: Annotated[float, Field(ge=60, le=3600)] = Field(
        default=900.0, description="Last limit of one call"
    )
    explore_seed: int | None = Field(
        default=None,
        description="Order people by drawn chances (Thompson): little known hours are tried too; empty: the mean",
    )


class Settings(BaseSettings):
    """Everything that the environment decides."""

    model_config = SettingsConfigDict(
        env_prefix="BELTOON_", env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=True
    )

    home: Path = Field(default=Path(".beltoon"), description="Folder of this instance: database, sockets, logs, lock")
    database_url: str = Field(
        default="", description="sqlite:///PATH or postgresql://…; empty: beltoon.db in the home folder"
    )
    hold_key_file: Path | None = Field(
        default=None,
        description="File with the key that hashes numbers on hold; none: hold.key, made in the home folder",
    )
    clock: Moment = Field(default=None, description="Start the campaign's clock there; refused with a real trunk")
    log: LogLevel = Field(default="warning", description="debug, info, warning or error")
    asterisk: AsteriskSettings = AsteriskSettings()
    trunk: TrunkSettings = TrunkSettings()
    media: MediaSettings = MediaSettings()
    voice: VoiceSettings = VoiceSettings()
    voices: VoicesSettings = VoicesSettings()
    statements: StatementsSettings = StatementsSettings()
    alarm: AlarmSettings = AlarmSettings()
    dial: DialSettings = DialSettings()

    @property
    def database(self) -> str:
        """The database's address, the default filled in."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'beltoon.db'}"


def user_cache() -> Path:
    """Our folder in the user's cache: what lies there can be made or fetched again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "beltoon"


def read_settings() -> Settings:
    """The settings of this environment. Raises `BadSetting` naming the first variable that is wrong."""
    known = {f"BELTOON_{name.upper()}" for name in variables()}
    for name in os.environ:
        if name.startswith("BELTOON_") and name not in known:
            raise BadSetting(f"{name} is no setting of Beltoon; see docs/settings.md")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "BELTOON_" + "__".join(str(part).upper() for part in first["loc"])
        raise BadSetting(f"{name}: {first['msg'].removeprefix('Value error, ')}") from error
    except ValueError as error:
        raise BadSetting(f"A BELTOON_ variable can't be read: {error}") from error


def variables() -> dict[str, tuple[str, str]]:
    """Every setting: its name without the prefix, with its default and what it means."""
    found: dict[str, tuple[str, str]] = {}
    for name, field in Settings.model_fields.items():
        part = field.annotation
        if isinstance(part, type) and issubclass(part, _Part):
            for inner, inner_field in part.model_fields.items():
                found[f"{name}__{inner}"] = (_shown(inner_field.default), inner_field.description or "")
        else:
            found[name] = (_shown(field.default), field.description or "")
    return found


def _shown(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

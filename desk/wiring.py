"""The one place that wires: settings become databases, voices, carriers and loops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from desk.errors import BadSetting
from desk.migrate import check_schema
from desk.setting_forms import port_pair
from desk.settings import Settings, read_settings, user_cache
from desk.stand_in import start_clock
from dialer.ami_link import AmiAddress
from dialer.asterisk_tree import AsteriskTree, default_cache, find, obtain
from dialer.claim import Claimer
from dialer.dial_store import Limits
from dialer.errors import DialerError
from dialer.instance import Ports, made_secret, picked_ports, read_instance, read_secret, secret_file
from dialer.statement_shelf import StatementShelf
from ledger.clock import CampaignClock
from ledger.database import BUSY_SECONDS, Database
from ledger.intake.writing import Freed
from ledger.number_key import NumberKey
from ledger.run_store import clock_offset
from schedules.cost_file import shipped_cost_rules
from schedules.ladder_file import shipped_ladder
from schedules.ladder_value import LadderBooks
from schedules.law_file import shipped_rules
from schedules.queue_store import bring_forward_all
from schedules.rules import Rules
from schedules.rules_store import RulesBook
from voices import catalogue
from voices.audio import silence
from voices.cache import PieceCache
from voices.espeak_synthesiser import EspeakSynthesiser
from voices.piper_synthesiser import PiperSynthesiser
from voices.prompt import Spoken
from voices.pyttsx3_synthesiser import Pyttsx3Synthesiser
from voices.renderer import Renderer, Urgency
from voices.speech import ahead, pieces, sound
from voices.synthesiser import Synthesiser

#: Ports of a town: SIP, one to spare, and RTP for 100 calls.
TOWN_PORTS = 2 + 2 * 100
#: The file in the home folder with the key of numbers on hold; a key that is shorter than this could be guessed.
HOLD_KEY, SHORTEST_KEY = "hold.key", 32


def open_database(
    settings: Settings | None = None, *, check: bool = True, busy_seconds: float = BUSY_SECONDS
) -> Database:
    """The database that the settings name, its folder made. With `check`, its schema must be this program's.

    `busy_seconds`: how long a unit of work waits for another writer.
    """
    settings = settings or read_settings()
    if not settings.database_url or settings.hold_key_file is None:
        make_home(settings)
    database = Database(settings.database, busy_seconds, number_key(settings.home, settings.hold_key_file))
    if check:
        check_schema(database)
        start_clock(settings, database)
    return database


def number_key(home: Path, named: Path | None = None) -> NumberKey:
    """What hashes numbers on hold: the key in the file that is named, or of the home folder, made at first need.

    Raises `BadSetting` where there is none and none can be made.
    """
    try:
        secret = read_secret(named or made_secret(home / HOLD_KEY))
    except (DialerError, OSError) as error:
        raise BadSetting(f"BELTOON_HOLD_KEY_FILE: {error}") from error
    if len(secret) < SHORTEST_KEY:
        raise BadSetting(f"BELTOON_HOLD_KEY_FILE: the key is shorter than {SHORTEST_KEY} characters; make a longer one")
    return NumberKey(secret)


def make_home(settings: Settings) -> None:
    """The folder of this instance, for its owner alone. Raises `BadSetting` where it can't be."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadSetting(f"BELTOON_HOME: the folder {settings.home} can't be made: {error.strerror}") from error


def campaign_clock(database: Database) -> CampaignClock:
    """The campaign's time as this run has it."""
    with database.reading() as session:
        return CampaignClock(timedelta(milliseconds=clock_offset(session)))


def look_again(database: Database) -> Freed:
    """What an import tells of the people whom it touched: every campaign looks at them anew, from now on."""
    clock = campaign_clock(database)
    return lambda session, refs: bring_forward_all(session, refs, clock())


def rules_book() -> RulesBook:
    """The law and our defaults, as shipped, and what this house has laid over them since."""
    return RulesBook(shipped_rules())


def rules(database: Database) -> Rules:
    """The rules that hold now."""
    with database.reading() as session:
        return rules_book().now(session)


def ladder_books(database: Database) -> LadderBooks:
    """Every rule that a walk of the ladder and the letters go by: those that hold now, costs and steps as shipped."""
    return LadderBooks(rules=rules(database), costs=shipped_cost_rules(), ladder=shipped_ladder())


def statement_shelf(settings: Settings) -> StatementShelf:
    """Where what people told us about a dispute is kept."""
    return StatementShelf(settings.statements.folder or settings.home.resolve() / "statements")


# -- voices ----------------------------------------------------------------------------------------------------------


def synthesiser(settings: Settings) -> Synthesiser:
    """The voice that the settings name."""
    voice = settings.voice
    if voice.engine == "piper":
        return PiperSynthesiser(voice.piper, voice.piper_voices or user_cache() / "piper", EspeakSynthesiser())
    return EspeakSynthesiser() if voice.engine == "espeak" else Pyttsx3Synthesiser()


def piece_cache(settings: Settings, engine: str) -> PieceCache:
    """Where rendered pieces are kept, for every run of this user."""
    return PieceCache(settings.voice.cache or user_cache() / "voices", engine)


def renderer(settings: Settings, workers: int = 2) -> tuple[Renderer, PieceCache]:
    """A pool that renders what the cache lacks."""
    voice = synthesiser(settings)
    cache = piece_cache(settings, voice.engine)
    return Renderer(voice, cache, workers=workers), cache


#: What our own people hear of Asterisk, by the beginning of the file's name: which key signs on, which says whom they
#: had on the line, and that it was noted.
_STAFF = {"agent": "staff.sign_on", "agent-who": "staff.who_was_it", "agent-noted": "staff.noted"}


def fallback_sounds(render: Renderer, cache: PieceCache) -> dict[str, bytes]:
    """What Asterisk plays by itself: the neutral sentences for when we are away, one a language and one in four; and
    what our own people are asked and told by themselves."""
    spoken = {language: pieces(Spoken("fallback"), language) for language in catalogue.LANGUAGES}
    inbound = {language: pieces(Spoken("fallback.inbound"), language) for language in ("nl-BE", "fr-BE", "de", "en")}
    staff = {
        f"{name}-{language}": pieces(Spoken(text), language) for language in inbound for name, text in _STAFF.items()
    }
    for strip in (*spoken.values(), *inbound.values(), *staff.values()):
        render.want([item for item in strip if not hasattr(item, "ms")], Urgency.NEXT)
    render.wait(60)
    lead = silence(300)
    files = {language: lead + sound(strip, cache) for language, strip in spoken.items()}
    files["inbound"] = lead + silence(400).join(sound(strip, cache) for strip in inbound.values())
    return files | {name: lead + sound(strip, cache) for name, strip in staff.items()}


def want_ahead(render: Renderer, languages: tuple[str, ...]) -> None:
    """Have rendered what every call of these languages shares, at the normal pace."""
    for language in languages:
        render.want(ahead(language, ("normal",)), Urgency.AHEAD)


def until_rendered(render: Renderer, tell: Callable[[int, int], None]) -> None:
    """Wait for it, telling (done, wanted) as it goes."""
    while not (progress := render.progress).over:
        tell(progress.done + progress.failed, progress.wanted)
        render.wait(0.2)
    tell(progress.wanted, progress.wanted)


def text_version(language: str) -> str:
    """The version of a language's texts, for receipts."""
    return catalogue.text_version(language)


def sounds_folder(settings: Settings) -> Path | None:
    """Where our Asterisk looks for files to play; None where no Asterisk of ours was started here."""
    noted = read_instance(settings.home)
    return noted[1] / "data/sounds/beltoon" if noted is not None else None


# -- Asterisk --------------------------------------------------------------------------------------------------------


def asterisk_tree(settings: Settings, tell: Callable[[str], None] | None = None) -> AsteriskTree | None:
    """The Asterisk to run; with `tell` it is fetched if missing, else None then."""
    if tell is None:
        return find(settings.asterisk.root, default_cache())
    return obtain(settings.asterisk.root, default_cache(), tell)


def trunk_values(settings: Settings, trunk_uri: str | None = None) -> dict[str, str]:
    """What our Asterisk's configuration takes from the settings."""
    trunk = settings.trunk
    secret = read_secret(trunk.secret_file) if trunk.secret_file else ""
    return {
        "ami_user": settings.asterisk.ami_user,
        "media_host": settings.media.host,
        "trunk_uri": trunk_uri or trunk.uri,
        "codecs": trunk.codecs,
        "match": trunk.match,
        "register_user": trunk.register_user,
        "register_secret": secret,
    }


def ports_of(settings: Settings) -> Ports:
    """Where the instance of this home folder listens. Raises `BadSetting` where none was started or named."""
    noted = read_instance(settings.home)
    if noted is not None:
        return noted[0]
    media = port_pair(settings.media.ports)
    if settings.asterisk.ami_port and media:
        return Ports(sip=0, ami=settings.asterisk.ami_port, audiosocket=media[0], agi=media[1], rtp_from=0, rtp_to=0)
    raise BadSetting(
        "No Asterisk of ours runs for this home folder: run beltoon asterisk start,"
        " or set BELTOON_ASTERISK__AMI_PORT and BELTOON_MEDIA__PORTS for yours"
    )


def ami_address(settings: Settings) -> AmiAddress:
    """Where and as whom we sign in to Asterisk. Raises `BadSetting`, `DialerError`."""
    port = settings.asterisk.ami_port or ports_of(settings).ami
    secret = read_secret(settings.asterisk.ami_secret_file or secret_file(settings.home))
    return AmiAddress(settings.asterisk.host, port, settings.asterisk.ami_user, secret)


def limits(settings: Settings) -> Limits:
    """How many calls and how fast, as the settings say."""
    dial = settings.dial
    return Limits(
        dialling=False,
        lines=dial.lines,
        calls_per_second=dial.calls_per_second,
        ring_seconds=dial.ring_seconds,
        longest_seconds=dial.longest_call_seconds,
        caller_id=settings.trunk.caller_id or None,
        lag_ms=0.0,
    )


def claimer(settings: Settings, owner: str, fence: int) -> Claimer:
    """Who claims, by the shipped rules: the books lay this house's own over them."""
    return Claimer(
        owner=owner,
        fence=fence,
        carrier="asterisk",
        rules=shipped_rules(),
        ring=timedelta(seconds=settings.dial.ring_seconds),
        text_version=text_version,
    )


def chosen_ports(settings: Settings) -> Ports:
    """The ports of the settings where they are given, picked ones elsewhere."""
    picked = picked_ports()
    media = port_pair(settings.media.ports)
    rtp = port_pair(settings.asterisk.rtp_ports)
    return Ports(
        sip=settings.asterisk.sip_port or picked.sip,
        ami=settings.asterisk.ami_port or picked.ami,
        audiosocket=media[0] if media else picked.audiosocket,
        agi=media[1] if media else picked.agi,
        rtp_from=rtp[0] if rtp else picked.rtp_from,
        rtp_to=rtp[1] if rtp else picked.rtp_to,
    )

"""How well English is heard, and what hearing costs in one thread, beside the bare engines."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from desk.bench.callers import AFTER_MS
from desk.bench.report import Row
from desk.bench.sentences import COMMANDS, STRANGE, intent_of
from desk.bench.telephone import told
from voices.audio import FRAME_BYTES, RATE_HZ
from voices.ears import Utterance
from voices.hearing import Hearing
from voices.pocketsphinx_recogniser import PocketSphinxRecogniser
from voices.recogniser import Reading
from voices.voice_activity import FRAME_SAMPLES, VoiceActivity

Tell = Callable[[str], None]
#: Noise of the line below a caller's voice (dB).
NOISES = (30.0, 20.0, 12.0)
VOICES = ("gmw/en", "gmw/en-US")


class Nothing:
    """A recogniser that does nothing: what remains is ours."""

    def feed(self, pcm: bytes) -> str | None:
        """Nothing."""
        return None

    def end(self) -> Reading:
        """Nothing."""
        return Reading("")


def activity(tell: Tell) -> list[Row]:
    """Processor of voice activity with echo guard and endpoint, beside the bare network."""
    tell("voice activity")
    voices = VoiceActivity()
    sound = b"".join(told(phrase, VOICES[0], after_ms=1000) for phrase, _ in COMMANDS[:10])
    samples = np.frombuffer(sound, "<i2")
    seconds = len(samples) / RATE_HZ
    hearing, caller = Hearing(voices.caller(), Nothing, patient=False), voices.caller()
    played = np.random.default_rng(1).integers(-3000, 3000, FRAME_BYTES // 2).astype("<i2").tobytes()

    def ours() -> None:
        for n in range(0, len(sound), FRAME_BYTES):
            list(hearing.feed(sound[n : n + FRAME_BYTES], played))

    def bare() -> None:
        for n in range(0, len(samples) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
            caller.hear(samples[n : n + FRAME_SAMPLES])

    found = 1000 * spent(ours) / seconds
    return [
        Row(
            name="processor of voice activity for a second of a call", ours=found,
            baseline=1000 * spent(bare) / seconds, unit="ms",
            note="ours looks for our echo too, while we speak; the baseline is the network alone",
        )
    ]  # fmt: skip


def spent(work: Callable[[], object]) -> float:
    """Processor seconds of this thread."""
    before = time.thread_time()
    work()
    return time.thread_time() - before


def bare_rows(tell: Tell) -> list[Row]:
    """What the English engine costs when it hears all the time, beside ours, which hears only where speech is."""
    tell("the bare engine")
    engine, voices = PocketSphinxRecogniser(), VoiceActivity()
    phrases = tuple(phrase for phrase, _ in COMMANDS)
    sound = b"".join(told(phrase, VOICES[0], after_ms=AFTER_MS) for phrase, _ in COMMANDS[:6])
    seconds = len(sound) / (RATE_HZ * 2)
    ours = spent(lambda: _heard(engine, voices, phrases, sound)) / seconds
    bare = spent(lambda: _bare(engine, phrases, sound)) / seconds
    return [
        Row(
            name="processor of English for a second of a call", ours=1000 * ours, baseline=1000 * bare, unit="ms",
            note="ours hears twice, from the beginning of speech to its end; the baseline once, without a pause",
        )
    ]  # fmt: skip


def accuracy(tell: Tell) -> list[Row]:
    """PocketSphinx's English: whole phrases, their intents, and strange sentences that it takes for one of them."""
    engine, voices = PocketSphinxRecogniser(), VoiceActivity()
    phrases = tuple(phrase for phrase, _ in COMMANDS)
    found: list[Row] = []
    for snr_db in NOISES:
        tell(f"English with noise at {snr_db:.0f} dB")
        said = [(phrase, told(phrase, voice, snr_db, n)) for voice in VOICES for n, (phrase, _) in enumerate(COMMANDS)]
        strange = [told(sentence, voice, snr_db) for voice in VOICES for sentence in STRANGE]
        ours = [(phrase, _heard(engine, voices, phrases, sound)) for phrase, sound in said]
        bare = [(phrase, _bare(engine, phrases, sound)) for phrase, sound in said]
        at = f"English, {snr_db:.0f} dB"
        found += [
            _share(f"whole phrases right, {at}", ours, bare, lambda want, got: want == got),
            _share(f"intents right, {at}", ours, bare, lambda want, got: intent_of(want) == intent_of(got)),
            _share(f"wrong intents, {at}", ours, bare, lambda want, got: intent_of(got) not in (None, intent_of(want))),
            _share(
                f"strange sentences taken for a phrase, {at}",
                [("", _heard(engine, voices, phrases, sound)) for sound in strange],
                [("", _bare(engine, phrases, sound)) for sound in strange],
                lambda _, got: bool(got),
            ),
        ]
    return found


def _heard(engine: PocketSphinxRecogniser, voices: VoiceActivity, phrases: Sequence[str], sound: bytes) -> str:
    hearing = Hearing(voices.caller(), lambda: engine.open(phrases), patient=False)
    texts = [event.text for event in hearing.feed(sound, b"") if isinstance(event, Utterance)]
    return " ".join(texts)


def _bare(engine: PocketSphinxRecogniser, phrases: Sequence[str], sound: bytes) -> str:
    stream = engine.open(phrases)
    last = None
    for n in range(0, len(sound), FRAME_BYTES):
        last = stream.feed(sound[n : n + FRAME_BYTES])
    return last or ""


def _share(
    name: str, ours: Sequence[tuple[str, str]], bare: Sequence[tuple[str, str]], counts: Callable[[str, str], bool]
) -> Row:
    shares = [100 * sum(counts(want, got) for want, got in one) / len(one) for one in (ours, bare)]
    return Row(name=name, ours=shares[0], baseline=shares[1], unit="%", note=f"{len(ours)} utterances")

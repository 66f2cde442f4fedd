"""The town's voices: espeak-ng's speech, brought to 8 kHz, and the tone of an answering machine. Cached by content."""

from __future__ import annotations

import array
import hashlib
import math
import subprocess
import sys
import tempfile
import wave
from fractions import Fraction
from functools import cache
from operator import mul
from pathlib import Path

RATE_HZ = 8000
#: espeak-ng's voice for each language of a persona.
VOICES = {"nl": "nl", "fr": "fr-fr", "de": "de", "en": "en-gb"}
#: Words a minute: people who pick up speak a little slower than espeak-ng's 175.
WORDS_A_MINUTE = 160
#: Raised whenever rendering changes, so that an old cache is not used.
_VERSION = "1"


class SpeechError(Exception):
    """A voice of the town could not be rendered; the message names the text."""


def sound_of(text: str, language: str, folder: Path) -> Path:
    """The file (8 kHz, mono, 16 bit) in which `text` is spoken, rendered once. Raises `SpeechError`."""
    voice = VOICES.get(language)
    if voice is None:
        raise SpeechError(f"no voice for language {language!r}; known: {', '.join(VOICES)}")
    name = hashlib.sha256("\0".join((_VERSION, voice, text)).encode()).hexdigest()[:20]
    path = folder / f"{name}.wav"
    if not path.exists():
        rate_hz, samples = _spoken(text, voice)
        write_wav(path, trimmed(resampled(samples, rate_hz, RATE_HZ)))
    return path


def beep(folder: Path) -> Path:
    """The file with the tone after which a caller may speak: half a second of 1000 Hz."""
    path = folder / "beep.wav"
    if not path.exists():
        write_wav(path, [8000 * math.sin(2 * math.pi * 1000 * n / RATE_HZ) for n in range(RATE_HZ // 2)])
    return path


def _spoken(text: str, voice: str) -> tuple[int, list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "spoken.wav"
        command = ["espeak-ng", "-v", voice, "-s", str(WORDS_A_MINUTE), "-w", str(target), "--stdin"]
        try:
            subprocess.run(command, input=text.encode(), check=True, capture_output=True, timeout=30)
            return read_wav(target)
        except FileNotFoundError as error:
            raise SpeechError("espeak-ng is not installed") from error
        except (subprocess.SubprocessError, OSError, wave.Error, EOFError) as error:
            raise SpeechError(f"espeak-ng could not say {text!r}: {error}") from error


def resampled(samples: list[float], from_hz: int, to_hz: int) -> list[float]:
    """The same sound at another rate: a polyphase filter, since the standard library has none any more."""
    ratio = Fraction(to_hz, from_hz)
    if ratio == 1:
        return samples
    up, down = ratio.numerator, ratio.denominator
    half, phases = _filter(up, down)
    padded = [0.0] * (half - 1) + samples + [0.0] * (half + 1)
    result = []
    for n in range(len(samples) * up // down):
        start, phase = divmod(n * down, up)
        result.append(sum(map(mul, phases[phase], padded[start : start + 2 * half])))
    return result


@cache
def _filter(up: int, down: int) -> tuple[int, list[list[float]]]:
    """A windowed sinc that passes what both rates can hold, 12 zero crossings to each side, by phase."""
    stretch = max(1.0, down / up)
    half = math.ceil(12 * stretch)
    phases = []
    for phase in range(up):
        taps = [_tap(n - phase / up, stretch, half) for n in range(1 - half, half + 1)]
        total = sum(taps)
        phases.append([tap / total for tap in taps])
    return half, phases


def _tap(x: float, stretch: float, half: int) -> float:
    if abs(x) >= half:
        return 0.0
    angle = math.pi * x / stretch
    sinc = 1.0 if angle == 0 else math.sin(angle) / angle
    return sinc * (0.5 + 0.5 * math.cos(math.pi * x / half))


def trimmed(samples: list[float], silence: float = 200.0) -> list[float]:
    """Without the silence around it: people speak as soon as they pick up."""
    loud = [n for n, sample in enumerate(samples) if abs(sample) > silence]
    return samples[loud[0] : loud[-1] + RATE_HZ // 20] if loud else samples


def read_wav(path: Path) -> tuple[int, list[float]]:
    """Rate in hertz and samples of a mono 16-bit file. Raises `wave.Error`, `EOFError`, `OSError`."""
    with wave.open(str(path), "rb") as source:
        if source.getnchannels() != 1 or source.getsampwidth() != 2:
            raise wave.Error("expected one channel of 16 bits")
        samples = array.array("h", source.readframes(source.getnframes()))
        if sys.byteorder == "big":
            samples.byteswap()
        return source.getframerate(), [float(sample) for sample in samples]


def write_wav(path: Path, samples: list[float]) -> None:
    """Write mono 16-bit at 8 kHz; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = array.array("h", (max(-32768, min(32767, round(sample))) for sample in samples))
    if sys.byteorder == "big":
        whole.byteswap()
    with (
        tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part,
        wave.open(part, "wb") as target,
    ):
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(RATE_HZ)
        target.writeframes(whole.tobytes())
    written = Path(part.name)
    written.chmod(0o644)  # Asterisk may run as another user
    written.replace(path)


def spoken_seconds(path: Path, silence: float = 300.0) -> float:
    """How long somebody spoke in a recording: from the first loud sample to the last. 0.0: nobody did."""
    try:
        rate_hz, samples = read_wav(path)
    except (OSError, wave.Error, EOFError):
        return 0.0
    loud = [n for n, sample in enumerate(samples) if abs(sample) > silence]
    return (loud[-1] - loud[0]) / rate_hz if loud else 0.0

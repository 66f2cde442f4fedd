"""Each language driven by sound through whatever hears it here: English always, the others where a model lies in the
folder of `BELTOON_VOICES__MODELS`. What Vosk answers is recorded in `tests/unit/voices/vosk_answers.json`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desk.bench.telephone import told
from ears_ground import Listener, child_ears, listen
from voices.casting import VOICE_IDS
from voices.ears import EarHealth, Listening
from voices.engines import Engine, engines
from voices.essential import essential_words

pytestmark = pytest.mark.speech
HERE = engines(Path(os.environ.get("BELTOON_VOICES__MODELS", "/nowhere")), {}, pocketsphinx=True)
VOICES = {language[:2]: voice for language, voice in VOICE_IDS.items()} | {"en": "gmw/en-US"}
#: espeak's voices are understood worse than people's; a wiring that is wrong understands nothing.
RIGHT = 0.6


@pytest.mark.parametrize("engine", HERE, ids=[engine.language for engine in HERE])
async def test_yes_no_and_the_digits_are_heard(engine: Engine) -> None:
    words = essential_words(engine.language)
    async with child_ears(engine, streams=4) as ears:
        heard = Listener()
        ear = ears.open(Listening(language=engine.language, phrases=words), heard)
        assert ear is not None
        for count, word in enumerate(words, start=1):
            listen(ear, told(word, VOICES[engine.language], 25.0))
            await heard.until(lambda one, count=count: len(one.utterances) >= count or one.lost)  # type: ignore[misc]
        assert ears.health == {engine.language: EarHealth.READY}
        right = sum(one.text == word for one, word in zip(heard.utterances, words, strict=False))
        assert right >= RIGHT * len(words), [one.text for one in heard.utterances]

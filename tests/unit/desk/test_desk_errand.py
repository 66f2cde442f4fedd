"""Models fetched beside a rehearsal: tried once, told in one line, and never waited for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Condition, Timer

import pytest

from desk.rehearsal.errand import Errand, wanted
from desk.settings import VoicesSettings
from model_shop import LOOPBACK, Shop, open_shop
from voices.models import Model
from voices.models.found import is_model, models_in

#: Nothing of these tests takes so long.
LONG = 60.0


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as one:
        yield one


class Said:
    """What an errand says, and a way to wait for so many lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._spoke = Condition()

    def __call__(self, line: str) -> None:
        with self._spoke:
            self.lines.append(line)
            self._spoke.notify_all()

    def said(self, count: int) -> bool:
        with self._spoke:
            return self._spoke.wait_for(lambda: len(self.lines) >= count, LONG)


@pytest.fixture
def said() -> Said:
    return Said()


def errand(models: tuple[Model, ...], folder: Path, said: Said, connect_seconds: float = LONG) -> Errand:
    return Errand(models, folder, said, connect_seconds=connect_seconds, plain_http=LOOPBACK)


def two(shop: Shop) -> tuple[Model, ...]:
    first = replace(shop.model, name="vosk-model-small-nl-0.1", language="nl")
    return first, replace(first, name="vosk-model-small-fr-0.1", language="fr")


def test_what_can_be_fetched_comes_and_is_told(shop: Shop, tmp_path: Path, said: Said) -> None:
    one = errand(two(shop), tmp_path, said)
    one.begin()
    assert said.said(3)
    one.end()
    assert [model.language for model in models_in(tmp_path)] == ["fr", "nl"]
    assert sorted(said.lines) == [
        "models of nl, fr are fetched meanwhile; no call waits for them",
        "vosk-model-small-fr-0.1 is here and hears calls of yours from now on",
        "vosk-model-small-nl-0.1 is here and hears calls of yours from now on",
    ]


def test_without_a_network_one_line_says_so_and_nobody_else_is_asked(tmp_path: Path, said: Said) -> None:
    away = Model(
        name="vosk-model-small-nl-0.1", language="nl", megabytes=1, licence="x", address="http://127.0.0.1:9/nl.zip"
    )
    one = errand((away, replace(away, language="fr", name="vosk-model-small-fr-0.1")), tmp_path, said)
    one.begin()
    assert said.said(1)
    one.end()
    assert said.lines == ["models of nl, fr can't be fetched now: we go on with the keys"]
    assert models_in(tmp_path) == ()


def test_a_server_that_says_nothing_is_left_when_the_time_to_connect_is_over(
    shop: Shop, tmp_path: Path, said: Said
) -> None:
    shop.holds = True
    one = errand(two(shop), tmp_path, said, connect_seconds=0.05)
    one.begin()
    assert said.said(1)
    assert said.lines == ["models of nl, fr can't be fetched now: we go on with the keys"]
    shop.let_go.set()
    one.end()
    assert len(shop.asked) == 1, "what answers too late is not taken, and no second one is asked"
    assert not is_model(tmp_path / "vosk-model-small-nl-0.1")


def test_a_rehearsal_that_ends_leaves_no_half_model_and_the_next_one_goes_on(shop: Shop, tmp_path: Path) -> None:
    shop.holds = True
    one = errand(two(shop), tmp_path, Said())
    one.begin()
    Timer(0.05, shop.let_go.set).start()
    one.end()
    assert all(is_model(found.folder) for found in models_in(tmp_path))
    said = Said()
    next_one = errand(two(shop), tmp_path, said)
    next_one.begin()
    assert said.said(3)
    next_one.end()
    assert [model.language for model in models_in(tmp_path)] == ["fr", "nl"]


def test_a_model_that_is_refused_is_told_and_the_next_one_comes(shop: Shop, tmp_path: Path, said: Said) -> None:
    dutch, french = two(shop)
    one = errand((replace(dutch, checksum="md5:00"), french), tmp_path, said)
    one.begin()
    assert said.said(3)
    one.end()
    assert [model.language for model in models_in(tmp_path)] == ["fr"]
    assert any("the md5 of the file is" in line for line in said.lines)
    assert said.lines[-1] == "vosk-model-small-fr-0.1 is here and hears calls of yours from now on"


def test_nobody_is_asked_for_what_is_heard_already(tmp_path: Path, said: Said) -> None:
    heard = VoicesSettings(models=tmp_path, servers="nl=ws://ears:2700,de=ws://ears:2701")
    assert [model.language for model in wanted(heard)] == ["fr", "en"]
    guessed = VoicesSettings(models=tmp_path, pocketsphinx=True)
    assert [model.language for model in wanted(guessed)] == ["nl", "fr", "de", "en"], "a model hears English better"
    none = errand((), tmp_path, said)
    none.begin()
    none.end()
    assert said.lines == []

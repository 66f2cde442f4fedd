"""Models: chosen by licence, fetched so that a broken line does no harm, checked, and put in place in one step."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from model_shop import LOOPBACK, NAME, Shop, archive, open_shop
from voices.errors import ModelRefused
from voices.models import catalogue, chosen, known
from voices.models.fetch import fetch
from voices.models.found import models_in, record_of
from voices.models.install import CHECKSUMS, install


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as one:
        yield one


def left(folder: Path) -> set[str]:
    """What lies in the folder of models, without what belongs there."""
    return {one.name for one in folder.iterdir()} - {".lock", CHECKSUMS}


# -- the catalogue -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_the_model_of_a_language_may_be_used_by_a_business(language: str) -> None:
    model = chosen(language)
    assert model.language == language
    assert model.business
    assert model.grammar


def test_every_model_has_a_licence_and_an_address_by_https() -> None:
    assert len({model.name for model in catalogue()}) == len(catalogue())
    for model in catalogue():
        assert model.licence
        assert model.address.startswith("https://")
        assert model.address.endswith(f"/{model.name}.zip")
        kind, _, value = model.checksum.partition(":")
        assert (kind, len(value)) in {("", 0), ("md5", 32), ("sha256", 64)}


def test_a_model_that_is_not_for_business_needs_a_word_about_it() -> None:
    name = "vosk-model-nl-spraakherkenning-0.6-lgraph"
    with pytest.raises(ModelRefused, match="does not allow business use"):
        chosen(name)
    assert chosen(name, non_commercial=True) == known(name)


@pytest.mark.parametrize("wish", ["xx", "", "../nl", "vosk-model-de-0.21"])
def test_what_is_unknown_or_takes_no_grammar_is_refused(wish: str) -> None:
    with pytest.raises(ModelRefused, match="see: beltoon voices models"):
        chosen(wish)


# -- fetching ----------------------------------------------------------------------------------------------------------


def test_a_model_is_fetched_and_found(shop: Shop, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    folder = install(shop.model, tmp_path, tell=lambda done, of: seen.append((done, of)), plain_http=LOOPBACK)
    assert folder == tmp_path / NAME
    assert seen[-1] == (len(shop.content), len(shop.content))
    sha256 = hashlib.sha256(shop.content).hexdigest()
    assert record_of(folder) == {"sha256": sha256, "non_commercial": False}
    assert [(found.name, found.language, found.refused) for found in models_in(tmp_path)] == [(NAME, "xx", "")]
    assert left(tmp_path) == {NAME}
    install(shop.model, tmp_path, plain_http=LOOPBACK)
    assert len(shop.asked) == 1, "what is here is not fetched again"


@pytest.mark.parametrize("ranges", [True, False])
def test_a_download_that_broke_off_goes_on_and_ends_whole(shop: Shop, tmp_path: Path, ranges: bool) -> None:
    shop.sends, shop.ranges = 100, ranges
    with pytest.raises(ModelRefused, match="run the command again"):
        install(shop.model, tmp_path, plain_http=LOOPBACK)
    assert left(tmp_path) == {f"{NAME}.zip.part"}
    shop.sends = None
    install(shop.model, tmp_path, plain_http=LOOPBACK)
    assert shop.asked == ["", "bytes=100-"]
    assert left(tmp_path) == {NAME}


def test_a_download_that_was_whole_already_is_used(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.zip.part").write_bytes(shop.content)
    install(shop.model, tmp_path, plain_http=LOOPBACK)
    assert left(tmp_path) == {NAME}


def test_the_beginning_of_another_file_is_thrown_away(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.zip.part").write_bytes(b"x" * (len(shop.content) + 1))
    with pytest.raises(ModelRefused, match="416"):
        install(shop.model, tmp_path, plain_http=LOOPBACK)
    install(shop.model, tmp_path, plain_http=LOOPBACK)


def test_only_https_is_asked_and_no_server_leads_away_from_it(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="is not https"):
        install(shop.model, tmp_path)
    assert shop.asked == []
    shop.leads_to = "http://localhost:1/m.zip"
    with pytest.raises(ModelRefused, match="is not https"):
        install(shop.model, tmp_path, plain_http=LOOPBACK)
    shop.leads_to = "file:///etc/passwd"
    with pytest.raises(ModelRefused):
        install(shop.model, tmp_path, plain_http=LOOPBACK)
    assert left(tmp_path) == set()


def test_a_file_that_is_larger_than_the_model_is_not_taken(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="at most 100"):
        fetch(shop.model.address, tmp_path / "part", most_bytes=100, tell=lambda *_: None, plain_http=LOOPBACK)
    assert not (tmp_path / "part").exists()


def test_a_server_that_has_no_such_file_or_is_away_is_named(shop: Shop, tmp_path: Path) -> None:
    shop.status, shop.content = 404, b"not here"
    with pytest.raises(ModelRefused, match="404"):
        install(shop.model, tmp_path, plain_http=LOOPBACK)
    away = replace(shop.model, address="http://127.0.0.1:9/m.zip")
    with pytest.raises(ModelRefused, match="could not be fetched"):
        install(away, tmp_path, plain_http=LOOPBACK)
    assert left(tmp_path) == set()


# -- checking ----------------------------------------------------------------------------------------------------------


def test_a_published_checksum_has_to_be_right(shop: Shop, tmp_path: Path) -> None:
    right = replace(shop.model, checksum=f"md5:{hashlib.md5(shop.content).hexdigest()}")  # noqa: S324
    wrong = replace(shop.model, checksum="md5:" + "0" * 32)
    with pytest.raises(ModelRefused, match="md5 of the file"):
        install(wrong, tmp_path, plain_http=LOOPBACK)
    assert left(tmp_path) == set()
    install(right, tmp_path, plain_http=LOOPBACK)


def test_what_the_first_download_was_every_later_one_has_to_be(shop: Shop, tmp_path: Path) -> None:
    install(shop.model, tmp_path, plain_http=LOOPBACK)
    (tmp_path / NAME).rename(tmp_path / "deleted")
    shop.content = archive({f"{NAME}/am/final.mdl": b"another"})
    with pytest.raises(ModelRefused, match="sha256 of the file"):
        install(shop.model, tmp_path, plain_http=LOOPBACK)
    assert json.loads((tmp_path / CHECKSUMS).read_text()).keys() == {NAME}


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"../outside/am/final.mdl": b"x"}, "outside its folder"),
        ({"/etc/cron.d/x": b"x"}, "outside its folder"),
        ({f"{NAME}/am/final.mdl": b"x", f"{NAME}/..\\x": b"x"}, "outside its folder"),
        ({f"{NAME}/am/final.mdl": bytes(50_000_000)}, "that is no model"),
        ({f"{NAME}/{n}": b"x" for n in range(1001)}, "that is no model"),
        ({f"{NAME}/README": b"x"}, "holds no model"),
    ],
    ids=["up", "absolute", "backslash", "bomb", "thousand", "no model"],
)
def test_an_archive_that_is_no_model_leaves_nothing(files: dict[str, bytes], why: str, tmp_path: Path) -> None:
    file = tmp_path / "given.zip"
    file.write_bytes(archive(files))
    folder = tmp_path / "models"
    with pytest.raises(ModelRefused, match=why):
        install(Shop(b"").model, folder, archive=file)
    assert left(folder) == set()
    assert {one.name for one in tmp_path.iterdir()} == {"given.zip", "models"}


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        link = zipfile.ZipInfo(f"{NAME}/am")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc")
    (tmp_path / "given.zip").write_bytes(held.getvalue())
    with pytest.raises(ModelRefused, match="outside its folder"):
        install(Shop(b"").model, tmp_path / "models", archive=tmp_path / "given.zip")


@pytest.mark.parametrize("content", [b"", b"no zip", archive()[:200]], ids=["empty", "text", "half"])
def test_a_file_that_is_no_zip_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "given.zip").write_bytes(content)
    with pytest.raises(ModelRefused, match=r"given\.zip"):
        install(Shop(b"").model, tmp_path / "models", archive=tmp_path / "given.zip")
    with pytest.raises(ModelRefused, match="No such file"):
        install(Shop(b"").model, tmp_path / "models", archive=tmp_path / "missing.zip")


def test_a_file_that_was_brought_here_needs_no_network_and_stays(tmp_path: Path) -> None:
    file = tmp_path / "given.zip"
    file.write_bytes(archive())
    install(Shop(b"").model, tmp_path / "models", archive=file, non_commercial=True)
    assert file.exists()
    assert record_of(tmp_path / "models" / NAME)["non_commercial"] is True


# -- found -------------------------------------------------------------------------------------------------------------


def put(folder: Path, name: str, *files: str) -> None:
    for file in files or ("am/final.mdl", "graph/HCLr.fst"):
        (folder / name / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / name / file).touch()


def test_models_that_somebody_put_there_are_found_and_their_licence_holds(tmp_path: Path) -> None:
    put(tmp_path, "vosk-model-fr-0.22", "am/final.mdl", "graph/HCLG.fst")
    put(tmp_path, "vosk-model-small-nl-0.22")
    put(tmp_path, "vosk-model-nl-spraakherkenning-0.6-lgraph")
    put(tmp_path, "vosk-model-small-de-0.15", "final.mdl", "HCLr.fst")
    put(tmp_path, "holiday-pictures", "am/final.mdl")
    (tmp_path / "a file").touch()
    found = {model.name: model.refused for model in models_in(tmp_path)}
    assert found == {
        "vosk-model-small-de-0.15": "",
        "vosk-model-small-nl-0.22": "",
        "vosk-model-fr-0.22": "it takes no grammar",
        "vosk-model-nl-spraakherkenning-0.6-lgraph": "its licence (CC-BY-NC-SA) does not allow business use",
    }
    (tmp_path / "vosk-model-nl-spraakherkenning-0.6-lgraph" / "beltoon.json").write_text('{"non_commercial": true}')
    assert not [m for m in models_in(tmp_path) if m.refused and m.language == "nl"]
    assert models_in(tmp_path / "nowhere") == ()

"""The pages of the project: what they draw is drawn from the tables, and what they name is there."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import dialer.tables
import ivr.tables
import ledger.tables
import schedules.tables
from desk.settings import variables
from ivr.outcome import OUTCOMES
from ledger.contact import Disposition
from ledger.database import Base

TOP = Path(__file__).resolve().parents[3]
PAGES = sorted(
    path for pages in ("*.md", "docs/*.md", "docker/*/*.md", "schedules/law/*.md") for path in TOP.glob(pages)
)


def text(name: str) -> str:
    return (TOP / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pictures() -> Iterator[ModuleType]:
    """The program that draws, which lies outside the rooms."""
    with pytest.MonkeyPatch.context() as path:
        path.syspath_prepend(str(TOP / "tools"))
        yield importlib.import_module("pictures")


# -- what is drawn --------------------------------------------------------------------------------------------------


def test_every_drawn_part_is_what_its_table_draws(pictures: ModuleType) -> None:
    for (page, name), draw in pictures.DRAWN.items():
        assert pictures.drawn_part(text(page), name)[0] == draw() + "\n", f"{page}, {name}: run tools/pictures.py"


def test_no_page_holds_a_drawn_part_that_nothing_draws(pictures: ModuleType) -> None:
    marked = {
        (str(page.relative_to(TOP)), name)
        for page in PAGES
        for name in re.findall(r"^<!-- drawn: (.*?) -->$", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert marked == set(pictures.DRAWN)


def test_the_picture_of_the_terminal_is_what_the_screen_shows_of_a_rehearsal(pictures: ModuleType) -> None:
    assert text("docs/pictures/demo.svg") == pictures.terminal(), "run tools/pictures.py"


def test_the_picture_fetches_nothing_and_cuts_no_word() -> None:
    picture = text("docs/pictures/demo.svg")
    assert not re.search(r"url\((?!#)|href=|@import", picture)
    assert "…" not in picture


def test_a_place_that_no_chapter_names_is_missed(pictures: ModuleType) -> None:
    with pytest.raises(SystemExit, match="CHAPTERS"):
        importlib.import_module("charts").chapter_of("somewhere_else")


# -- settings and outcomes ------------------------------------------------------------------------------------------


def test_the_page_of_settings_and_the_module_name_the_same() -> None:
    rows = re.findall(r"^\| `BELTOON_(\w+)` \| (?:`(.*?)`)? ?\| (.*) \|$", text("docs/settings.md"), re.MULTILINE)
    assert {name.lower(): (default, meaning) for name, default, meaning in rows} == variables()


def test_every_outcome_stands_on_its_page() -> None:
    page = text("docs/outcomes.md")
    reached = {one.disposition for one in OUTCOMES}
    assert reached < set(Disposition)
    assert not [one for one in Disposition if f"`{one}`" not in page]


def test_every_table_stands_in_the_architecture() -> None:
    page = text("ARCHITECTURE.md")
    told = page[page.index("## The tables") : page.index("## Decisions")]
    rows = "".join(line for line in told.splitlines() if line.startswith("|"))
    assert all(vars(room)["Base"] is Base for room in (ledger.tables, schedules.tables, ivr.tables, dialer.tables))
    assert set(re.findall(r"`(\w+)`", rows)) == set(Base.metadata.tables)


# -- links and words ------------------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def sources() -> Iterator[tuple[str, str]]:
    """Every text of the project; what is made by its tools is not looked at."""
    made = {"build", "dist", "__pycache__", "node_modules"}
    tops = [top for top in TOP.iterdir() if top.name == ".ci" or not top.name.startswith(".")]
    for path in sorted(path for top in tops for path in ([top] if top.is_file() else top.rglob("*"))):
        inner = path.relative_to(TOP).parts
        if path.is_dir() or any(part in made or part.endswith((".egg-info", "_cache")) for part in inner):
            continue
        try:
            yield str(path.relative_to(TOP)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


#: Put together here, so that this file does not hold what it looks for.
_HOSTS = ("py" + r"pi\.org", "python" + "hosted", r"deb\.de" + r"bian\.org", "docker" + r"\.io", "gh" + r"cr\.io")
_FOLDERS = ("/ro" + "ot/", "/wo" + "rk/", "/ho" + r"me/\w", "/Us" + r"ers/\w")
_UNWANTED = re.compile("|".join([*_HOSTS, *(rf"(?<![\w.$}}]){folder}" for folder in _FOLDERS)]))


def test_no_text_holds_a_path_of_somebodys_machine_or_the_host_of_a_registry() -> None:
    found = [(name, hit[0]) for name, told in sources() for hit in _UNWANTED.finditer(told)]
    assert found == []


def test_it_would_be_seen() -> None:
    see: Callable[[str], object] = _UNWANTED.search
    assert see("cd " + "/ro" + "ot/x")
    assert see("https://" + "py" + "pi.org/simple")
    assert not see("self.root/usr")

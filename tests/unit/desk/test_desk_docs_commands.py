"""The page of commands, and whatever command a page names: it exists with its options, and gives the document told."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from books import add_hold
from desk import cli
from desk.bench.report import Row
from desk.bench.report import document as bench_document
from desk.cli.agent_shown import floor_document
from desk.migrate import migrate
from desk.rehearsal.result import PersonShown, RefusalShown, document, totals
from desk.wiring import open_database
from dialer.tables import CallRow
from dialer.testing_floor import a_floor
from ledger.calendar import is_working_day
from ledger.region import Region
from ledger.tables import AgreementRow, InstalmentRow

TOP = Path(__file__).resolve().parents[3]
PAGES = sorted(path for pages in ("*.md", "docs/*.md", "docker/*/*.md") for path in TOP.glob(pages))
#: Commands that are not for people.
HIDDEN = {"line"}
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def text(name: str) -> str:
    return (TOP / name).read_text(encoding="utf-8")


# -- commands -------------------------------------------------------------------------------------------------------


@cache
def commands() -> dict[tuple[str, ...], set[str]]:
    """Every command of the program, as people write it, with its options; groups have none."""
    for module in pkgutil.iter_modules(cli.__path__):
        importlib.import_module(f"{cli.__name__}.{module.name}")
    found: dict[tuple[str, ...], set[str]] = {}

    def walk(path: tuple[str, ...], command: Any) -> None:
        options = {option for parameter in command.params for option in parameter.opts}
        found[path] = {option for option in options if option.startswith("--")} | {"--help"}
        for name, inner in getattr(command, "commands", {}).items():
            if not inner.hidden:
                walk((*path, name), inner)

    walk((), typer.main.get_command(cli.app))
    return found


def code(page: Path) -> Iterator[str]:
    """What a page shows as code: blocks line by line, without their remarks, and words between backticks."""
    told = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for line in told.splitlines():
        if line.startswith("    "):
            yield re.split(r"\s{2,}|\s#\s", line.strip())[0]
        else:
            yield from re.findall(r"`([^`]+)`", line)


def written(page: Path) -> Iterator[tuple[str, list[str]]]:
    for piece in code(page):
        for found in re.finditer(r"(?<![\w.-])(?<!localhost/)beltoon ([^;|&)]+)", piece):
            yield piece, found[1].split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_every_command_of_a_page_exists(page: Path) -> None:
    known = commands()
    for piece, words in written(page):
        path: tuple[str, ...] = ()
        while words and (*path, words[0]) in known:
            path = (*path, words.pop(0))
        group = not path or any(len(other) > len(path) and other[: len(path)] == path for other in known)
        unknown = group and words and words[0].isalpha() and words[0].islower()
        assert not unknown or (not path and words[0] in HIDDEN), f"{page.name}: {piece}"
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert options <= known[path], f"{page.name}: {piece}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_every_target_of_make_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    named = {found for piece in code(page) for found in re.findall(r"(?<![\w.-])make ([a-z-]+)", piece)}
    assert named <= targets


def sections() -> dict[tuple[str, ...], str]:
    """The page of commands by command: heading and text."""
    found = {}
    for part in re.split(r"^### ", text("docs/commands.md"), flags=re.MULTILINE)[1:]:
        heading, _, told = part.partition("\n")
        words = heading.split()[1:]
        names = (word for n, word in enumerate(words) if "[" not in "".join(words[: n + 1]))
        path = tuple(word for word in names if word.islower() and not word.startswith("-"))
        found[path] = f"{heading}\n{re.split(r'^## ', told, flags=re.MULTILINE)[0]}"
    return found


def test_the_page_of_commands_and_the_program_name_the_same() -> None:
    known = commands()
    # a group that does something by itself has options, and a section of its own
    groups = {path for path in ({other[:1] for other in known if len(other) > 1} | {()}) if known[path] == {"--help"}}
    assert set(sections()) == set(known) - groups


def test_the_page_of_commands_tells_every_option() -> None:
    known = commands()
    for path, told in sections().items():
        heading = told.partition("\n")[0]
        assert set(re.findall(r"--[a-z-]+", heading)) == known[path] - {"--help"}, heading


# -- documents ------------------------------------------------------------------------------------------------------


def told_document(*path: str, which: int = 0) -> Any:
    """The document that the page tells: its names, and null for every value."""
    blocks = re.findall(r"^    \{.*?(?=\n\n|\Z)", sections()[path].rstrip() + "\n\n", re.DOTALL | re.MULTILINE)
    assert len(blocks) > which, f"no document is told of {' '.join(path)}"
    return json.loads(re.sub(r'("\w+")(?=\s*[,}])', r"\1: null", blocks[which]))


def check(told: Any, given: Any, where: str) -> None:
    """The same names at every depth. An empty map or list of the page says nothing of what is inside."""
    if isinstance(given, dict) and told != {}:
        assert isinstance(told, dict), where
        assert set(told) == set(given), where
        for name, value in given.items():
            check(told[name], value, f"{where}.{name}")
    elif isinstance(given, list) and told != []:
        assert isinstance(told, list), where
        for value in given:
            check(told[0], value, where)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the town's list, a campaign, and one call with a plan."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("BELTOON_HOME", str(home))
        database = open_database(check=False)
        migrate(database)
        ask("import", str(TOP / "docker" / "town" / "debtors.csv"))
        ask("campaign", "create", "winter")
        with database.unit_of_work() as session:
            call = CallRow(
                uuid="c", carrier="asterisk", carrier_ref="c", direction="in", state="ended", briefing={}, begun_at=NOW
            )
            plan = AgreementRow(
                source_key="s", debtor_id=1, kind="plan", amount_minor=100, currency="EUR", detail={}, made_at=NOW
            )
            crisis = AgreementRow(source_key="t", debtor_id=1, kind="crisis", detail={}, made_at=NOW)
            session.add_all([call, plan])
            session.flush()
            session.add(crisis)
            session.flush()
            complaint = AgreementRow(source_key="u", debtor_id=1, kind="complaint", detail={}, made_at=NOW)
            session.add(complaint)
            add_hold(session, "v", id=900, debtor_id=1, kind="manual")
            session.add(InstalmentRow(agreement_id=plan.id, n=1, due_on=NOW.date(), amount_minor=100))
        database.close()
    return home


def ask(*words: str) -> Any:
    commands()
    done = CliRunner().invoke(cli.app, [*words, "--json"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "words",
    [
        "doctor",
        "voices models",
        "migrate",
        "campaign create autumn",
        "campaign start winter",
        "campaign show winter",
        "campaign pause winter",
        "campaign finish winter",
        "campaign edit winter --audience countries=BE --window mon=10:00-12:00 --script friendly --served-by agents",
        "campaign list",
        "creditor list",
        "creditor show 'Jardin Vert'",
        "creditor check 'Jardin Vert' second_reminder=20",
        "creditor set 'Jardin Vert' second_reminder=20",
        "rules export",
        "rules check RULES",
        "rules apply RULES",
        "window show",
        "window check senior mon none",
        "window set senior mon none",
        "why D-1030",
        "plan winter",
        "report campaign winter",
        "report prompts --language de",
        "calls",
        "agreements",
        "agreements note D-1001 promise --on LATER --by Bruno --dry-run",
        "agreements note D-1001 stop --by Bruno",
        "agreements tasks",
        "agreements called 2",
        "agreements end 3 --why answered",
        "agreements lift 900 --why 'a slip' --by Bruno",
        "letters winter",
        "agent add Bruno --phone +32477123456 --language nl",
        "agent change Bruno --wrap-up 30",
        "agent on Bruno",
        "agent pause Bruno",
        "agent off Bruno",
        "agent list",
        "agent floor",
        "agent remove Bruno",
        "health dial",
        "asterisk stop",
        "town stop",
    ],
)
def test_a_command_gives_the_document_that_its_page_tells(
    words: str, books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELTOON_HOME", str(books))
    rules = books / "rules.toml"
    rules.write_text('[[row]]\nname = "stale_minutes"\nvalue = 600\n', encoding="utf-8")
    later = next(
        day for n in range(6, 14) if is_working_day(day := datetime.now(UTC).date() + timedelta(days=n), Region("BE"))
    )
    given = shlex.split(words.replace("RULES", str(rules)).replace("LATER", later.isoformat()))
    named = [path for path in commands() if path and tuple(given[: len(path)]) == path and path in sections()]
    path = max(named, key=len)
    check(told_document(*path), ask(*given), words)


def test_the_plan_of_a_moment_and_of_a_day_give_the_documents_that_their_page_tells(
    books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELTOON_HOME", str(books))
    ask("campaign", "edit", "winter", "--window", "none", "--audience", "none")
    ahead = [(datetime.now(UTC) + timedelta(days=n)).date() for n in range(1, 6)]
    lines = [(day, ask("plan", "winter", "--at", f"{day}T17:10:00+01:00", "--limit", "3")) for day in ahead]
    workday, line = next((day, line) for day, line in lines if line["people"])
    assert [one["place"] for one in line["people"]] == [1, 2, 3]
    check(told_document("plan"), line, "plan")
    load = ask("plan", "winter", "--day", workday.isoformat())
    assert load["hours"]
    assert sum(one["people"] for one in load["windows"]) == load["people"]
    check(told_document("plan", which=1), load, "plan --day")


def test_the_report_of_a_campaign_is_asked_for_with_or_without_the_word(
    books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELTOON_HOME", str(books))
    shown = [ask(*words) | {"at": None} for words in (("report", "winter"), ("report", "campaign", "winter"))]
    assert shown[0] == shown[1]


def test_a_list_and_a_story_give_the_documents_that_their_page_tells(
    books: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BELTOON_HOME", str(books))
    wrong = tmp_path / "list.csv"
    wrong.write_text("creditor,customer_no,name,invoice,amount,due,phone_1\nA,1,B,2,much,2026-10-31,112\n")
    given = ask("import", str(wrong))
    assert given["errors"]
    check(told_document("import"), given, "import")
    story = ask("rehearse", str(TOP / "tests" / "stories" / "stop.toml"))
    check(told_document("rehearse"), story, "rehearse")


def test_a_floor_on_which_somebody_talks_and_somebody_waits_gives_the_document_that_its_page_tells() -> None:
    given = floor_document(a_floor(NOW), NOW)
    assert given["agents"][0]["talk"] and given["waiting"]
    check(told_document("agent", "floor"), given, "agent floor")


def test_a_rehearsal_gives_the_document_that_its_page_tells() -> None:
    refused = RefusalShown(reason="", rule="paid", source=None, next_opening=NOW)
    someone = PersonShown(
        debtor="D", name="", language="nl", disposition=None, agreement=None, calls=0, rang_in=0, placed_at=None,
        answered_at=None, first_audio_ms=None, cause=None, refusal=refused,
    )  # fmt: skip
    given = document([someone], totals([someone], 0, 0, {"calls": 0, "answered": 0, "calls_in": 0}))
    check(told_document("demo"), given, "demo")
    check(told_document("demo"), json.loads(text("docs/pictures/demo.json")), "docs/pictures/demo.json")


@pytest.mark.parametrize("bench", ["line", "launch", "import", "selection", "speech"])
def test_a_bench_gives_the_document_that_its_page_tells(bench: str) -> None:
    given = bench_document(bench, {"cores": 2}, [Row(name="", ours=1.0, baseline=None, unit="ms")])
    check(told_document("bench", bench), given, bench)

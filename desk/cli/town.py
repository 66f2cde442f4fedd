"""`beltoon town`: the simulated public network, to try calls out before the first real one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import typer

from desk import wiring
from desk.cli import app
from desk.cli.output import AsJson, console, print_json
from desk.errors import BadSetting
from desk.rehearsal.town import build_town, town_process
from desk.settings import read_settings
from dialer.asterisk_process import AsteriskProcess
from dialer.asterisk_tree import AsteriskTree
from dialer.errors import AsteriskMissing
from dialer.ports import pick_ports

town = typer.Typer(no_args_is_help=True, help="The town: simulated debtors on a second Asterisk. start, stop.")
app.add_typer(town, name="town")
_NOTE = "town.json"


@town.command("start")
def start_command(peer: str = "127.0.0.1:5560", as_json: AsJson = False) -> None:
    """Start a town that takes calls from, and rings in to, the Asterisk at PEER (host:port)."""
    settings = read_settings()
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if _running(settings.home) is not None:
        raise BadSetting("The town runs already; run: beltoon town stop")
    first = pick_ports(wiring.TOWN_PORTS)
    process = build_town(_tree(), first, wiring.TOWN_PORTS, peer, stays=True)
    (settings.home / _NOTE).write_text(json.dumps({"folder": str(process.top), "sip": first}))
    if as_json:
        print_json(
            {"running": True, "pid": process.pid, "uri": f"sip:127.0.0.1:{first}", "log": str(process.top / "log")}
        )
    else:
        console.print(f"The town runs. Set BELTOON_TRUNK__URI=sip:127.0.0.1:{first}")


@town.command("stop")
def stop_command(as_json: AsJson = False) -> None:
    """Stop the town; its call log goes into the home folder."""
    home = read_settings().home
    process = _running(home)
    if process is not None:
        process.stop()
        shutil.copytree(process.top / "log", home / "town-log", dirs_exist_ok=True)
        shutil.rmtree(process.top.parent, ignore_errors=True)
        (home / _NOTE).unlink()
    if as_json:
        print_json({"stopped": process is not None})
    else:
        console.print("The town is stopped." if process else "No town runs here.")


def _running(home: Path) -> AsteriskProcess | None:
    try:
        noted = json.loads((home / _NOTE).read_text())
        process = town_process(_tree(), Path(noted["folder"]), stays=True)
    except (OSError, ValueError, KeyError):
        return None
    return process if process.pid is not None else None


def _tree() -> AsteriskTree:
    tree = wiring.asterisk_tree(read_settings())
    if tree is None:
        raise AsteriskMissing("No Asterisk of a good version is here; run: beltoon asterisk get")
    return tree

"""`beltoon asterisk`: our Asterisk, got, started, stopped, looked at; or what to add to yours."""

from __future__ import annotations

from pathlib import Path

import typer

from desk import wiring
from desk.cli import app
from desk.cli.output import AsJson, console, notes, print_json
from desk.errors import BadSetting
from desk.settings import read_settings
from dialer.asterisk_config import OurAsterisk, write_config
from dialer.asterisk_process import AsteriskProcess
from dialer.asterisk_tree import AsteriskTree
from dialer.errors import AsteriskMissing
from dialer.instance import (
    read_instance,
    read_secret,
    remove_asterisk_folder,
    secret_file,
    start_asterisk,
)

asterisk = typer.Typer(no_args_is_help=True, help="Our Asterisk: get, start, stop, status, config.")
app.add_typer(asterisk, name="asterisk")


@asterisk.command("get")
def get_command(as_json: AsJson = False) -> None:
    """Find an Asterisk of a good version, or fetch one into the cache, without root."""
    tree = wiring.asterisk_tree(read_settings(), lambda what: notes.print(f"  {what} …"))
    assert tree is not None  # noqa: S101
    if as_json:
        print_json({"root": str(tree.root), "version": tree.version})
    else:
        console.print(f"Asterisk {tree.version} in {tree.root}")


@asterisk.command("start")
def start_command(as_json: AsJson = False) -> None:
    """Write our Asterisk's configuration and start it in the background."""
    settings = read_settings()
    if not settings.trunk.uri:
        raise BadSetting("BELTOON_TRUNK__URI: say where the carrier is, as sip:host:port")
    wiring.make_home(settings)
    running = _running()
    if running is not None:
        raise BadSetting(f"Our Asterisk runs already (process {running.pid}); run: beltoon asterisk stop")
    tree = _tree()
    render, cache = wiring.renderer(settings)
    sounds = wiring.fallback_sounds(render, cache)
    process = start_asterisk(
        settings.home, tree, wiring.chosen_ports(settings), wiring.trunk_values(settings), sounds, stays=True
    )
    if as_json:
        print_json(_status(process))
    else:
        console.print(f"Asterisk {tree.version} runs (process {process.pid}); stop it with: beltoon asterisk stop")


@asterisk.command("stop")
def stop_command(as_json: AsJson = False) -> None:
    """Stop it; nothing that was never started by us is touched."""
    process = _running()
    if process is not None:
        process.stop()
        remove_asterisk_folder(process.top)
    if as_json:
        print_json({"stopped": process is not None})
    else:
        console.print("Asterisk is stopped." if process else "None of ours runs.")


@asterisk.command("status")
def status_command(as_json: AsJson = False) -> None:
    """Does it run, and where does it listen?"""
    process = _running()
    status = _status(process) if process else {"running": False}
    if as_json:
        print_json(status)
    else:
        console.print(status)
    if process is None:
        raise typer.Exit(1)


@asterisk.command("config")
def config_command(folder: Path, as_json: AsJson = False) -> None:
    """Write the configuration into FOLDER, for an Asterisk that you run yourself."""
    settings = read_settings()
    if not settings.trunk.uri:
        raise BadSetting("BELTOON_TRUNK__URI: say where the carrier is, as sip:host:port")
    tree = wiring.asterisk_tree(settings) or AsteriskTree(Path("/"), "")
    wiring.make_home(settings)
    ports = wiring.chosen_ports(settings)
    ours = OurAsterisk(
        sip_port=ports.sip,
        rtp_from=ports.rtp_from,
        rtp_to=ports.rtp_to,
        ami_port=ports.ami,
        ami_secret=read_secret(settings.asterisk.ami_secret_file or secret_file(settings.home)),
        audiosocket_port=ports.audiosocket,
        agi_port=ports.agi,
        **wiring.trunk_values(settings),
    )
    render, cache = wiring.renderer(settings)
    folder.mkdir(parents=True, exist_ok=True)
    write_config(ours, tree, folder.resolve(), wiring.fallback_sounds(render, cache))
    if as_json:
        print_json({"folder": str(folder.resolve())})
    else:
        console.print(f"Written. Start yours with: asterisk -f -C {folder.resolve()}/etc/asterisk.conf")


def _tree() -> AsteriskTree:
    tree = wiring.asterisk_tree(read_settings())
    if tree is None:
        raise AsteriskMissing("No Asterisk of a good version is here; run: beltoon asterisk get")
    return tree


def _running() -> AsteriskProcess | None:
    noted = read_instance(read_settings().home)
    if noted is None or not noted[1].is_dir():
        return None
    process = AsteriskProcess(_tree(), noted[1])
    return process if process.pid is not None else None


def _status(process: AsteriskProcess) -> dict[str, object]:
    noted = read_instance(read_settings().home)
    assert noted is not None  # noqa: S101
    ports = noted[0]
    return {
        "running": True,
        "pid": process.pid,
        "version": process.tree.version,
        "folder": str(process.top),
        "ports": {"sip": ports.sip, "ami": ports.ami, "audiosocket": ports.audiosocket, "agi": ports.agi},
    }

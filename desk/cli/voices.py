"""`beltoon voices`: the models with which Beltoon hears, which there are, and how to get one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from desk.cli import app
from desk.cli.output import AsJson, console, notes, plain_table, print_json
from desk.hearing import advice, heard_in_words, hearing_engines, models_folder
from desk.settings import read_settings
from voices.models import catalogue, chosen
from voices.models.found import is_model, models_in
from voices.models.install import install

voices = typer.Typer(no_args_is_help=True, help="The models with which Beltoon hears: models, get.")
app.add_typer(voices, name="voices")


@voices.command("models")
def models_command(as_json: AsJson = False) -> None:
    """Which models there are, which are here, and what hears each language now."""
    settings = read_settings().voices
    folder = models_folder(settings)
    heard = {engine.language: engine.name for engine in hearing_engines(settings)}
    found = {model.name: model for model in models_in(folder)}
    names = {model.name for model in catalogue()}
    rows = [
        {"name": m.name, "language": m.language, "megabytes": m.megabytes, "licence": m.licence, "business": m.business,
         "usable": m.grammar, "here": m.name in found, "checksum": m.checksum or None, "address": m.address}
        for m in catalogue()
    ] + [
        {"name": m.name, "language": m.language, "megabytes": None, "licence": None, "business": None,
         "usable": not m.refused, "here": True, "checksum": None, "address": None}
        for m in found.values() if m.name not in names
    ]  # fmt: skip
    if as_json:
        print_json({"folder": str(folder), "heard": heard, "models": rows})
        return
    table = plain_table("model", "MB", "licence", "business", "grammar", "here", wraps=("model",))
    for row in rows:
        table.add_row(
            str(row["name"]), *(_said(row[key]) for key in ("megabytes", "licence", "business", "usable", "here"))
        )
    console.print(table)
    for model in found.values():
        if model.refused:
            console.print(f"{model.name} is here and not used: {model.refused}.", highlight=False)
    console.print(f"Heard now: {heard_in_words(settings)}.", highlight=False)
    if todo := advice(settings):
        console.print(f"{todo[0].upper()}{todo[1:]}.", highlight=False)


@voices.command("get")
def get_command(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A language (nl, fr, de, en) or a model's name.")],
    from_file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Its zip file, where there is no network.")
    ] = None,
    non_commercial: Annotated[
        bool, typer.Option("--non-commercial", help="We are no business, and keep to the licence.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fetch a model, check it, and put it into the folder of models. A download that broke off goes on."""
    folder = models_folder(read_settings().voices)
    wanted = chosen(model, non_commercial=non_commercial)
    already = is_model(folder / wanted.name)
    columns = (TextColumn("  {task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=notes, transient=True) as bar:
        task = bar.add_task(wanted.name, total=None)
        place = install(
            wanted,
            folder,
            archive=from_file,
            non_commercial=non_commercial,
            tell=lambda done, total: bar.update(task, completed=done, total=total or None),
        )
    if as_json:
        told = {"model": wanted.name, "language": wanted.language, "licence": wanted.licence}
        print_json(told | {"folder": str(place), "fetched": not already})
    else:
        how = "was here already" if already else "is here"
        console.print(f"{wanted.name} ({wanted.licence}) {how}: {place}", highlight=False, soft_wrap=True)


def _said(value: object) -> str:
    return {True: "yes", False: "no", None: ""}.get(value, str(value)) if isinstance(value, bool | None) else str(value)

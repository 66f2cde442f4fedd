"""`beltoon report prompts`: every text that we say, who may hear it, how long it is, and what the gate says of it."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.output import AsJson, console, plain_table, print_json
from desk.cli.report import report
from desk.settings import read_settings
from desk.wiring import piece_cache, synthesiser
from voices.cache import PieceCache
from voices.catalogue import LANGUAGES, text_version
from voices.errors import SynthesisFailed
from voices.plain import faults
from voices.text_report import TextLine, text_report


@report.command("prompts")
def prompts_command(
    language: Annotated[str | None, typer.Option(help=f"One language: {', '.join(LANGUAGES)}.")] = None,
    as_json: AsJson = False,
) -> None:
    """Every text by key and language, with its class, its length in words and seconds, and what is not plain in it."""
    languages = LANGUAGES if language is None else (language,)
    lines = text_report(languages, _rendered())
    found = [fault for fault in faults() if fault.language in languages]
    if as_json:
        print_json({"prompts": [_document(line) for line in lines], "faults": [str(fault) for fault in found]})
        return
    for one in languages:
        _show(one, [line for line in lines if line.language == one])
    for fault in found:
        console.print(str(fault), markup=False, highlight=False, soft_wrap=True)


def _rendered() -> PieceCache | None:
    settings = read_settings()
    try:
        return piece_cache(settings, synthesiser(settings).engine)
    except SynthesisFailed:
        return None  # without the engine nobody knows which of its sounds would be heard


def _document(line: TextLine) -> dict[str, object]:
    return {
        "key": line.key, "language": line.language, "class": line.cls.value, "text": line.text,
        "sentences": line.sentences, "longest_words": line.longest, "seconds": line.seconds,
        "version": line.version, "faults": list(line.faults),
    }  # fmt: skip


def _show(language: str, lines: list[TextLine]) -> None:
    wrong = sum(1 for line in lines if line.faults)
    told = f"{len(lines)} texts, {text_version(language)}; {wrong or 'none'} not plain"
    table = plain_table(
        "text", "class", "sentences", "longest", "seconds", wraps=("text",), title=language, caption=told
    )
    for line in lines:
        seconds = "" if line.seconds is None else f"{line.seconds:.1f}"
        table.add_row(line.key, line.cls.value, str(line.sentences), str(line.longest), seconds)
    console.print(table)

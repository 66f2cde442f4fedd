"""Another language, by key or by word; the question that was open is asked in it."""

from __future__ import annotations

from ivr.place import BACK, Deed, Place, way
from ivr.record import LanguageChanged
from ivr.talk import Talk
from voices.catalogue import LANGUAGES

#: The languages on offer, by key; each is offered in its own words and voice.
OFFERED = ("nl", "fr", "de", "en")


def ours(language: str, country: str) -> str | None:
    """The catalogue of a language in a country: nl and BE is nl-BE. None: we don't speak it."""
    found = [one for one in LANGUAGES if one[:2] == language]
    return next((one for one in found if one.endswith(country)), found[-1]) if found else None


def spoken_here(talk: Talk) -> str:
    """The language of the call by now."""
    return talk.state.language or talk.briefing.language


def changed(language: str, to: str) -> Deed:
    """Go on in it at `to`; remembered for later calls once it is surely the debtor who asks."""

    def deed(talk: Talk) -> Talk:
        code = ours(language, talk.briefing.country)
        if code is None:
            return talk.say("language.none").go(_at(talk, to))
        new = code != spoken_here(talk)
        talk = talk.with_(language=code).go(_at(talk, to))
        return talk.note(LanguageChanged(language=language)) if new and talk.state.verified else talk

    return deed


def another_language(talk: Talk) -> Talk:
    """Asked for in words: the one that was named, else the choice of all that we speak."""
    named = talk.slot("language")
    return changed(named, "")(talk) if named else talk.go("language.ask")


def chosen(talk: Talk) -> Talk:
    """One of those on offer, by its name; without it the question stays."""
    named = talk.slot("language")
    return changed(named, BACK)(talk) if named else talk.go(talk.state.place)


def _at(talk: Talk, to: str) -> str:
    return talk.state.back if to == BACK else talk.state.place


PLACES = (
    Place(
        name="language.ask",
        asks=("language.this",),
        fixed="09",
        side=True,
        tongues=True,
        ways={
            **{str(n): way(code, BACK, do=changed(code, BACK)) for n, code in enumerate(OFFERED, 1)},
            "named": way("its name", BACK, "language.ask", do=chosen, hears=("language",)),
        },
    ),
)

"""Something else, from every menu by one key: a complaint, somebody who acts for the debtor, a death, slower speech."""

from __future__ import annotations

from ivr.closing import finish
from ivr.opening import appointed, deceased
from ivr.place import BACK, Place, way
from ivr.record import ComplaintMade, LanguageChanged, ListeningChanged
from ivr.state import GONE, Proof
from ivr.talk import Talk


def other(talk: Talk) -> Talk:
    """One list for the debtor, another for anybody else."""
    return talk.go("other.ask" if talk.state.proof is Proof.NONE else "other.self")


def complaint_told(talk: Talk) -> Talk:
    """Asked once more before it counts; what was noted on this call is not noted again."""
    noted = ComplaintMade.__name__ in talk.state.facts
    return talk.say("complaint.done").go(talk.state.place) if noted else talk.go("meant.complaint")


def complaint(talk: Talk) -> Talk:
    """Taken without proof and without questions, once on a call."""
    if ComplaintMade.__name__ in talk.state.facts:
        return finish(talk.say("complaint.done"))
    talk = talk.note(ComplaintMade(answer_by=talk.briefing.answer_by)).say("complaint.done")
    return finish(talk.agree("agreement.complaint"))


def slower(talk: Talk) -> Talk:
    """Slower from now on; remembered for later calls once it is surely the debtor who asks."""
    return _slow(talk, talk.state.back)


def slower_here(talk: Talk) -> Talk:
    """Asked for in words: the same question, slowly."""
    return _slow(talk, talk.state.place)


def _slow(talk: Talk, place: str) -> Talk:
    talk = talk.with_(pace="slow").say("slower.on").go("menu.slow" if place == "menu.main" else place)
    known = ListeningChanged.__name__ in talk.state.facts
    return talk.note(ListeningChanged(listening="slow")) if talk.state.verified and not known else talk


def remembered(talk: Talk) -> Talk:
    """At proof: the slow speech and the language that were asked for earlier on this call are kept for later ones."""
    briefing, state = talk.briefing, talk.state
    if state.pace == "slow" and briefing.listening != "slow":
        talk = talk.note(ListeningChanged(listening="slow"))
    if state.language and state.language != briefing.language:
        talk = talk.note(LanguageChanged(language=state.language[:2]))
    return talk


PLACES = (
    Place(
        name="other.ask",
        asks=("other.ask",),
        fixed="059",
        side=True,
        ways={
            "1": way("complaint", GONE, do=complaint, hears=("complaint",)),
            "2": way("I act for them", "relative.ask", hears=("representative",)),
            "3": way("deceased", GONE, do=deceased, hears=("deceased",)),
            "4": way("another language", "language.ask"),
        },
    ),
    Place(
        name="other.self",
        asks=("other.self",),
        fixed="059",
        side=True,
        ways={
            "1": way("complaint", "sum.check", GONE, do=complaint, hears=("complaint",)),
            "2": way("somebody acts for me", GONE, do=appointed, hears=("representative",)),
            "3": way("slower", BACK, "menu.slow", do=slower, hears=("slower",)),
            "4": way("another language", "language.ask"),
        },
    ),
)

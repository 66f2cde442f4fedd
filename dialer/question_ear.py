"""The ear of an open question: from what was said to what the conversation hears.

What answers the question counts only once the question sounds; what may be said at any moment counts always. Our words
stop when somebody speaks over the question itself, and before it (a greeting, an amount) only when they are understood:
a cough takes nobody's amount away. A yes or a no that nothing can turn round any more (`ivr.settled`) is taken at the
first pause; what binds is heard to its end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial

import structlog

from dialer.line_port import Moved
from ivr.asking import all_wants
from ivr.heard import Heard, KeysOnly, Noise, Words
from ivr.intent import Wants, phrases, repeated_words, understand, whole_sayings
from ivr.settled import may_settle, settled
from voices.ears import Ear, Ears, Event, Listening, Lost, Partial, Pause, SpeechBegan, Utterance

log = structlog.get_logger(__name__)

#: Intents that only answer a question: said before it sounds they belong to something else.
ANSWERS = frozenset({"yes", "no", "option", "digits", "date", "amount", "wait", "hesitation"})
#: Intents that stop calls or bind: a second reading of the same sound is not enough for them.
HEAVY = frozenset({"stop", "deceased", "representative", "wrong_person", "crisis", "complaint", "paid", "hardship"})
#: Nobody answers a question of ours for so long (seconds): a machine's greeting, a television.
LONGEST_ANSWER_S = 12.0
#: More than all questions of all languages.
_QUESTIONS = 512


def gather_ahead(languages: Iterable[str]) -> None:
    """Look up what every question listens for, before anybody calls. `languages`: of the catalogue."""
    for language in languages:
        for wants in all_wants():
            listening_for(language, wants)


def listening_for(language: str, wants: Wants) -> Listening:
    """What a question listens for. Some thousand words take 10 to 30 ms to gather, for which no caller's sound may
    wait: each kind of question is looked up once."""
    return _listening(language, replace(wants, digits=min(wants.digits, 1)))


@lru_cache(_QUESTIONS)
def _listening(language: str, wants: Wants) -> Listening:
    return Listening(
        language=language,
        phrases=phrases(language, wants),
        patient=bool(wants.digits or wants.date or wants.amount),
        pauses=may_settle(wants),
        sayings=whole_sayings(language, wants),
        repeated=repeated_words(language, wants),
    )


def answer(said: Utterance, asked: Moved, early: bool) -> Heard | None:
    """What the conversation hears; None: nothing, we go on. `early`: it was said before the question sounded."""
    assert asked.ask is not None and asked.ask.wants is not None  # noqa: S101
    wants = asked.ask.wants
    found = understand(said.text, asked.language, wants, asked.today)
    if found is None:  # a further reading counts only where all of them agree, and never for what ends our calls
        others = {understand(text, asked.language, wants, asked.today) for text in said.others} - {None}
        found = others.pop() if len(others) == 1 else None
        found = None if found is not None and found.intent in HEAVY else found
    if found is None:
        return None if early else Noise()
    return None if early and found.intent in ANSWERS else Words(found.intent, found.slots)


@lru_cache(_QUESTIONS)
def early_answer(text: str, language: str, wants: Wants, today: date) -> Heard | None:
    """What the conversation hears of an utterance that may go on; None: we wait for its end."""
    listening = listening_for(language, wants)
    found = settled(text, language, wants, today, frozenset((*listening.grammar, *listening.sayings)))
    return Words(found.intent, found.slots) if found is not None else None


class QuestionEar:
    """Listens for one question at a time; a new question opens a new ear."""

    def __init__(self, ears: Ears | None, now: Callable[[], float]) -> None:
        self._ears = ears
        self._now = now
        self._ear: Ear | None = None
        self._asked: Moved | None = None
        self._counts_from = 0.0
        self._began_at: float | None = None
        #: What was said so far of this utterance.
        self._so_far = ""
        #: What was said and is not understood yet.
        self._unread = 0
        self._interrupted: Callable[[], None] = lambda: None
        self._said: Callable[[Heard], None] = lambda heard: None

    @property
    def hearing(self) -> bool:
        """Somebody is speaking right now, or has just spoken: no silence, however long it takes."""
        return self._began_at is not None or self._unread > 0

    def listen(
        self, asked: Moved, counts_from: float, interrupted: Callable[[], None], said: Callable[[Heard], None]
    ) -> bool:
        """Open an ear for this question. False: none is free, or the language can't be heard.

        `counts_from`: when the question itself has begun to sound. `interrupted` is called when somebody begins to
        speak after that, `said` with what was understood, or not.
        """
        self.close()
        if self._ears is None or asked.ask is None or asked.ask.wants is None:
            return False
        listening = listening_for(asked.language, asked.ask.wants)
        self._asked, self._counts_from = asked, counts_from
        self._interrupted, self._said = interrupted, said
        self._ear = self._ears.open(listening, self._heard)
        return self._ear is not None

    def feed(self, heard: bytes, played: bytes) -> None:
        """One frame of what came in, and of what we played."""
        if self._ear is not None:
            self._ear.feed(heard, played)

    def close(self) -> None:
        """Listen no more."""
        if self._ear is not None:
            self._ear.close()
        self._ear, self._began_at, self._unread = None, None, 0

    def _understand(self, work: Callable[[], Heard | None], asked: Moved, so_far: str | None = None) -> None:
        """Understanding takes some milliseconds, which no other caller's sound may wait for.

        `so_far`: it holds only as long as nothing more is said.
        """
        self._unread += 1
        begun = asyncio.get_running_loop().run_in_executor(None, work)
        begun.add_done_callback(lambda done: self._understood(done, asked, so_far))

    def _understood(self, done: asyncio.Future[Heard | None], asked: Moved, so_far: str | None) -> None:
        if self._asked is not asked or self._ear is None or done.cancelled():
            return  # the question was answered otherwise meanwhile
        self._unread -= 1
        if so_far is not None and self._so_far != so_far:
            return  # they went on
        if done.exception() is not None:
            log.error("words_not_understood", exc_info=done.exception())
        elif (found := done.result()) is not None:
            self._said(found)

    def _heard(self, event: Event) -> None:
        match event:
            case SpeechBegan():
                self._began_at, self._so_far = self._now(), ""
                if self._began_at >= self._counts_from:
                    self._interrupted()
            case Partial(text):
                self._so_far = text
            case Pause(text):
                self._paused(text)
            case Utterance():
                began_at, self._began_at = self._began_at or self._now(), None
                if self._asked is None or self._now() - began_at > LONGEST_ANSWER_S:
                    return
                early = began_at < self._counts_from
                self._understand(partial(answer, event, self._asked, early), self._asked)
            case Lost():
                self.close()
                self._said(KeysOnly())

    def _paused(self, text: str) -> None:
        """A beginning counts where a whole answer would, and never for what binds."""
        asked = self._asked
        if not text or asked is None or asked.ask is None or asked.ask.wants is None or asked.ask.binding:
            return
        if self._began_at is not None and self._began_at >= self._counts_from:
            work = partial(early_answer, text, asked.language, asked.ask.wants, asked.today)
            self._understand(work, asked, self._so_far)

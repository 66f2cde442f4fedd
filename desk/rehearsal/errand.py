"""Models of speech, fetched beside a rehearsal: nothing waits for them, and without a network all goes on as it is.

What comes is for calls of the house and for a person at a softphone; the town never hangs on it (see `listening`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from threading import Event, Thread

from desk.hearing import unheard
from desk.settings import VoicesSettings
from voices.errors import ModelRefused
from voices.models import Model, chosen
from voices.models.install import install

#: The first server has to answer within this, its name looked up and all, or none is asked any more.
CONNECT_SECONDS = 5.0
#: A model that is being unpacked when the rehearsal is over may be finished.
END_SECONDS = 5.0
_LANGUAGES = ("nl", "fr", "de", "en")


def wanted(voices: VoicesSettings) -> tuple[Model, ...]:
    """The models that this house could use: of each language that nothing hears, or that PocketSphinx alone does."""
    without = unheard(voices.model_copy(update={"pocketsphinx": False}))
    return tuple(chosen(language) for language in _LANGUAGES if language in without)


class Errand:
    """One errand for models, in threads of its own. What it says are single lines, from those threads."""

    def __init__(
        self,
        models: Sequence[Model],
        folder: Path,
        say: Callable[[str], None],
        *,
        connect_seconds: float = CONNECT_SECONDS,
        plain_http: Collection[str] = frozenset(),
    ) -> None:
        """`plain_http` as in `voices.models.fetch`."""
        self._models, self._folder, self._say = models, folder, say
        self._connect_seconds, self._plain_http = connect_seconds, plain_http
        #: A server has answered; it is known whether one does; whoever fetches has to end.
        self._answered, self._known, self._over = Event(), Event(), Event()
        # a lookup of a name can't be broken off: whoever is stuck in one must not keep the program alive
        self._fetches = Thread(target=self._fetch, name="models", daemon=True)
        self._tells = Thread(target=self._tell, name="models-told", daemon=True)

    def begin(self) -> None:
        """Go. Returns at once."""
        if self._models:
            self._fetches.start()
            self._tells.start()

    def end(self) -> None:
        """Come back: what is half fetched is gone on with next time."""
        self._over.set()
        if self._models:
            self._fetches.join(END_SECONDS)

    def _tell(self) -> None:
        self._known.wait(self._connect_seconds)
        languages = ", ".join(model.language for model in self._models)
        if self._answered.is_set():
            self._say(f"models of {languages} are fetched meanwhile; no call waits for them")
        elif not self._over.is_set():
            self._over.set()
            self._say(f"models of {languages} can't be fetched now: we go on with the keys")

    def _fetch(self) -> None:
        for model in self._models:
            if self._over.is_set():
                break
            try:
                install(model, self._folder, tell=self._progressed, plain_http=self._plain_http)
                self._say(f"{model.name} is here and hears calls of yours from now on")
            except ModelRefused as fault:
                if not self._answered.is_set():  # nobody answers for the others either
                    break
                if not self._over.is_set():
                    self._say(str(fault))
        self._known.set()

    def _progressed(self, _done: int, _total: int) -> None:
        if self._over.is_set():
            raise ModelRefused("the rehearsal is over")
        self._answered.set()
        self._known.set()

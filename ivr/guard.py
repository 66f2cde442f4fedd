"""The one gate through which every sentence passes: nothing of the debt to somebody who has not proved who they are."""

from __future__ import annotations

from ivr.act import Say
from ivr.errors import DebtBeforeProof, IdentityBeforeYes
from ivr.state import Proof, State
from voices.catalogue import class_of
from voices.prompt import PromptClass, Sentences, Spoken

_RANK = {PromptClass.NEUTRAL: 0, PromptClass.IDENTITY: 1, PromptClass.DEBT: 2}
_MAY_HEAR = {Proof.NONE: PromptClass.NEUTRAL, Proof.CLAIMED: PromptClass.IDENTITY, Proof.PROVED: PromptClass.DEBT}


def class_of_spoken(spoken: Spoken) -> PromptClass:
    """Who may hear it: the strictest class of the prompt and of what is spoken inside it."""
    inner = [class_of_spoken(part) for s in spoken.slots.values() if isinstance(s, Sentences) for part in s.parts]
    return max([class_of(spoken.key), *inner], key=_RANK.__getitem__)


def guarded(spoken: Spoken, state: State, pace: str) -> Say:
    """The act that speaks it. Raises `DebtBeforeProof` or `IdentityBeforeYes` where the hearer may not hear it."""
    cls = class_of_spoken(spoken)
    if _RANK[cls] > _RANK[_MAY_HEAR[state.proof]]:
        error = DebtBeforeProof if cls is PromptClass.DEBT else IdentityBeforeYes
        raise error(f"{spoken.key} is of class {cls} and the proof is {state.proof}; say it later in the script")
    return Say(spoken, cls, pace, state.language)

"""Models of speech: which there are, where they come from, and under what licence."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from voices.errors import ModelRefused

_MEGABYTE = 1_000_000
#: A download may be so much larger than the catalogue's rounded size, and no more.
_MARGIN = 1.25


@dataclass(frozen=True, kw_only=True)
class Model:
    """One row of the catalogue."""

    name: str
    #: Two letters.
    language: str
    megabytes: int
    licence: str
    #: The licence lets a business use it.
    business: bool = True
    #: It can be told what to listen for. Beltoon uses no other.
    grammar: bool = True
    #: Kind and value, `md5:…` or `sha256:…`; empty where nobody published one.
    checksum: str = ""
    #: Where its zip file lies.
    address: str

    @property
    def most_bytes(self) -> int:
        """No download of this model is larger."""
        return int(self.megabytes * _MEGABYTE * _MARGIN)


@cache
def catalogue() -> tuple[Model, ...]:
    """Every model that we know, the preferred one of a language first."""
    told = tomllib.loads((files(__name__) / "catalogue.toml").read_text(encoding="utf-8"))
    return tuple(Model(address=f"{told['address']}{row['name']}.zip", **row) for row in told["model"])


def known(name: str) -> Model | None:
    """The catalogue's row of this name."""
    return next((model for model in catalogue() if model.name == name), None)


def chosen(wish: str, *, non_commercial: bool = False) -> Model:
    """The model for a language (`nl`) or of a name.

    Raises `ModelRefused` for what is not in the catalogue, can't be used, or whose licence forbids business use,
    unless the house is `non_commercial`.
    """
    models = [model for model in catalogue() if wish in (model.name, model.language) and model.grammar]
    if not models:
        what = "takes no grammar, so it can't be used" if known(wish) else "is no language and no model that we know"
        raise ModelRefused(f"{wish} {what}; see: beltoon voices models")
    if not models[0].business and not non_commercial:
        raise ModelRefused(
            f"{models[0].name}: its licence ({models[0].licence}) does not allow business use; a house that is no"
            " business adds --non-commercial"
        )
    return models[0]

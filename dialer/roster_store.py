"""Our agents in the books: who they are, and what is wanted of them. The dialer obeys, and alone moves their lines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from dialer.agent import Agent, AgentState, Wanted
from dialer.agent_check import check_languages, check_name, check_phone, check_wrap_up
from dialer.agent_store import agent_of
from dialer.errors import BadAgent
from dialer.tables import AgentRow
from ledger.phone import mask
from ledger.tables import CreditorRow, DebtorRow, PhoneRow
from schedules.upsert_store import insert_or_leave

#: Only then no line to their telephone is held, and none rings.
_OFF = AgentState.OFF.value


@dataclass(frozen=True, kw_only=True)
class AgentChange:
    """What was typed of an agent; None: it stays as it is."""

    phone: str | None = None
    languages: Sequence[str] | None = None
    wrap_up_seconds: int | None = None


def agents(session: Session) -> list[Agent]:
    """Every agent, by name."""
    return [agent_of(row) for row in session.scalars(select(AgentRow).order_by(AgentRow.name))]


def add_agent(session: Session, name: str, typed: AgentChange, ours: Collection[str], now: datetime) -> Agent:
    """A new agent, signed off. `ours`: our own numbers, E.164; `now`: real time.

    Raises `BadAgent`, naming the field: a name or telephone that can't be or is taken, or a debtor's telephone.
    """
    check_name(name)
    phone, languages = check_phone(typed.phone or ""), check_languages(typed.languages or ())
    wrap_up = Agent.wrap_up if typed.wrap_up_seconds is None else check_wrap_up(typed.wrap_up_seconds)
    _check_taken(session, name)
    _check_whose(session, phone, name, ours)
    new = {
        "name": name,
        "phone": phone,
        "languages": list(languages),
        "wanted": Wanted.OFF.value,
        "state": AgentState.OFF.value,
        "since": now,
        "wrap_up_seconds": round(wrap_up.total_seconds()),
    }
    if not insert_or_leave(session, AgentRow, **new):  # somebody took the name between our look and now
        raise BadAgent(_taken(name))
    return agent_named(session, name)


def change_agent(session: Session, name: str, typed: AgentChange, ours: Collection[str]) -> Agent:
    """An agent with another telephone, languages or wrap-up. Raises `BadAgent`; the telephone changes only while no
    line to the old one is held."""
    row = _rows(session, (name,))[0]
    values: dict[str, object] = {}
    if typed.languages is not None:
        values["languages"] = list(check_languages(typed.languages))
    if typed.wrap_up_seconds is not None:
        values["wrap_up_seconds"] = round(check_wrap_up(typed.wrap_up_seconds).total_seconds())
    if typed.phone is not None:
        values["phone"] = check_phone(typed.phone)
        _check_whose(session, str(values["phone"]), name, ours)
    if not values:
        raise BadAgent("change: nothing is named that changes; give --phone, --language or --wrap-up")
    only = (AgentRow.id == row.id,) if typed.phone is None else (AgentRow.id == row.id, AgentRow.state == _OFF)
    changed = update(AgentRow).where(*only).values(values).returning(AgentRow.id)
    if session.execute(changed, execution_options={"synchronize_session": False}).first() is None:
        raise BadAgent(f"phone: {name} is on the line; sign off first: beltoon agent off {name}")
    session.expire(row)
    return agent_of(row)


def want(session: Session, names: Sequence[str], wanted: Wanted) -> list[Agent]:
    """Ask this of these agents, of all of them or, where it can't be of one, of none. Raises `BadAgent`.

    A break is for who is signed on. Nobody is signed on by a telephone that has become a debtor's meanwhile.
    """
    rows = _rows(session, names)
    for row in rows:
        if wanted is Wanted.ON:
            _check_no_debtor(session, row.phone, f"{row.name} has {mask(row.phone)}, which ")
    asked = update(AgentRow).where(AgentRow.id.in_([row.id for row in rows])).values(wanted=wanted.value)
    if wanted is Wanted.PAUSE:
        asked = asked.where(AgentRow.wanted != Wanted.OFF.value)
    done = set(session.scalars(asked.returning(AgentRow.id), execution_options={"synchronize_session": False}))
    if off := [row.name for row in rows if row.id not in done]:
        raise BadAgent(f"name: {off[0]} is signed off, so there is no break; sign on: beltoon agent on {off[0]}")
    for row in rows:
        session.expire(row)
    return [agent_of(row) for row in rows]


def remove_agent(session: Session, name: str) -> None:
    """Take an agent out of the books. Raises `BadAgent` while a line to them is held or rings."""
    row = _rows(session, (name,))[0]
    gone = delete(AgentRow).where(AgentRow.id == row.id, AgentRow.state == _OFF).returning(AgentRow.id)
    if session.execute(gone, execution_options={"synchronize_session": False}).first() is None:
        raise BadAgent(f"name: {name} is on the line ({row.state}); sign off first: beltoon agent off {name}")


def agent_named(session: Session, name: str) -> Agent:
    """The agent of this name. Raises `BadAgent`, saying which exist."""
    return agent_of(_rows(session, (name,))[0])


def in_a_debtors_hands(session: Session) -> list[str]:
    """The names of agents whose telephone is a debtor's in the books."""
    theirs = select(PhoneRow.id).where(PhoneRow.e164 == AgentRow.phone, PhoneRow.until_at.is_(None))
    return list(session.scalars(select(AgentRow.name).where(theirs.exists()).order_by(AgentRow.name)))


def _rows(session: Session, names: Sequence[str]) -> list[AgentRow]:
    found = {row.name: row for row in session.scalars(select(AgentRow).where(AgentRow.name.in_(names)))}
    if missing := next((name for name in names if name not in found), None):
        known = list(session.scalars(select(AgentRow.name).order_by(AgentRow.name)))
        there = f"there are: {', '.join(known)}" if known else "there are none yet: beltoon agent add"
        raise BadAgent(f"name: there is no agent {missing[:40]!r}; {there}")
    return [found[name] for name in dict.fromkeys(names)]


def _check_taken(session: Session, name: str) -> None:
    taken = session.scalar(select(AgentRow.name).where(func.lower(AgentRow.name) == name.lower()))
    if taken is not None:
        raise BadAgent(_taken(taken))


def _taken(name: str) -> str:
    return f"name: {name} is taken; give another"


def _check_whose(session: Session, e164: str, name: str, ours: Collection[str]) -> None:
    """An agent's telephone is neither a debtor's, nor another agent's, nor our own: that one would call itself."""
    _check_no_debtor(session, e164, f"{mask(e164)} ")
    other = session.scalar(select(AgentRow.name).where(AgentRow.phone == e164, AgentRow.name != name))
    if other is not None:
        raise BadAgent(f"phone: {mask(e164)} is the telephone of {other}; give another")
    called_back = select(CreditorRow.id).where(CreditorRow.callback_number == e164).limit(1)
    if e164 in ours or session.scalar(called_back) is not None:
        raise BadAgent(f"phone: {mask(e164)} is the number that we call from or are called on; give the agent's own")


def _check_no_debtor(session: Session, e164: str, subject: str) -> None:
    query = select(DebtorRow.ref).join(PhoneRow, PhoneRow.debtor_id == DebtorRow.id)
    debtor = session.scalar(query.where(PhoneRow.e164 == e164, PhoneRow.until_at.is_(None)).limit(1))
    if debtor is not None:
        raise BadAgent(f"phone: {subject}belongs to the debtor {debtor} in the books; give another telephone")

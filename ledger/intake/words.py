"""The words of a list in four languages: status, yes and no, kinds. Compared folded (`text.fold`)."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from ledger.intake.finding import BadCell
from ledger.intake.text import fold

V = TypeVar("V")


class Status(StrEnum):
    """How an invoice or its debtor stands, in the creditor's own books."""

    OPEN = "open"
    PAID = "paid"
    DISPUTED = "disputed"
    OPTED_OUT = "opted_out"
    DECEASED = "deceased"
    HARDSHIP = "hardship"
    MEDIATION = "mediation"
    WRONG_NUMBER = "wrong_number"
    MINOR = "minor"


_STATUS = {
    Status.OPEN: "open, unpaid, due, overdue, outstanding, openstaand, onbetaald, vervallen, te betalen, ouvert,"
    " ouverte, impaye, impayee, echu, echue, a payer, offen, unbezahlt, fallig, uberfallig",
    Status.PAID: "paid, settled, paid in full, betaald, voldaan, vereffend, paye, payee, regle, reglee, solde, soldee,"
    " bezahlt, beglichen, ausgeglichen",
    Status.DISPUTED: "disputed, dispute, in dispute, contested, betwist, betwisting, in betwisting, geschil, conteste,"
    " contestee, contestation, litige, en litige, bestritten, strittig, widerspruch, reklamation",
    Status.OPTED_OUT: "opted out, opt out, optout, do not call, dnc, no calls, stop, niet bellen, niet meer bellen,"
    " belverbod, bel me niet, ne pas appeler, ne plus appeler, opposition, nicht anrufen, keine anrufe, werbesperre,"
    " anrufsperre, gesperrt",
    Status.DECEASED: "deceased, dead, died, estate, overleden, nalatenschap, decede, decedee, succession, verstorben,"
    " nachlass, gestorben, tot",
    Status.HARDSHIP: "hardship, cannot pay, vulnerable, betalingsmoeilijkheden, betalingsproblemen, kan niet betalen,"
    " kwetsbaar, difficultes, difficultes de paiement, en difficulte, ne peut pas payer, hartefall, harte,"
    " zahlungsunfahig, zahlungsschwierigkeiten",
    Status.MEDIATION: "mediation, debt mediation, debt adviser, insolvency, insolvent, bankrupt, bankruptcy,"
    " schuldbemiddeling, collectieve schuldenregeling, csr, bewindvoering, bewindvoerder, schuldhulp,"
    " schuldhulpverlening, wsnp, faillissement, failliet, mediation de dettes, reglement collectif,"
    " reglement collectif de dettes, surendettement, faillite, insolvable, curatelle, tutelle, schuldnerberatung,"
    " privatinsolvenz, insolvenz, betreuung",
    Status.WRONG_NUMBER: "wrong number, bad number, wrong party, verkeerd nummer, fout nummer, foutief nummer,"
    " mauvais numero, faux numero, numero errone, falsche nummer, falsche telefonnummer",
    Status.MINOR: "minor, under age, underage, under 18, minderjarig, minderjarige, mineur, mineure, minderjahrig",
}
_YES = "yes, y, true, 1, x, ja, j, waar, oui, o, vrai, wahr"
_NO = "no, n, false, 0, nee, neen, onwaar, non, faux, nein, falsch"
_LANGUAGES = {
    "nl": "nl, nl be, nl nl, dutch, nederlands, vlaams, neerlandais, niederlandisch, nld, dut",
    "fr": "fr, fr be, fr fr, french, frans, francais, franzosisch, fra, fre",
    "de": "de, de de, de be, de at, german, duits, allemand, deutsch, deu, ger",
    "en": "en, en gb, en us, english, engels, anglais, englisch, eng",
}
_PARTIES = {
    "person": "person, private, consumer, individual, b2c, p, persoon, particulier, consument, personne, particuliere,"
    " privat, privatperson, verbraucher",
    "business": "business, company, firm, b2b, b, bedrijf, onderneming, zaak, firma, zelfstandig, zelfstandige,"
    " entreprise, societe, independant, independante, professionnel, unternehmen, geschaft, selbstandig",
}
_NUMBERS = {
    "own": "own, private, mobile, home, personal, eigen, prive, privaat, gsm, mobiel, thuis, vast, propre, portable,"
    " domicile, privat, mobil, handy, festnetz",
    "work": "work, office, business, employer, werk, kantoor, zakelijk, werkgever, travail, bureau, professionnel, pro,"
    " arbeit, buro, geschaftlich, dienstlich",
    "other": "other, family, neighbour, ander, andere, familie, buur, autre, famille, voisin, sonstige, nachbar",
}
_ROLES = {
    "creditor": "creditor, own, schuldeiser, crediteur, creancier, glaubiger",
    "collector": "collector, agency, agent, incasso, inkasso, recouvrement, societe de recouvrement",
}
_TONES = {
    "friendly": "friendly, soft, gentle, vriendelijk, zacht, amical, amicale, doux, freundlich, sanft",
    "firm": "firm, normal, stevig, normaal, ferme, normale, bestimmt",
}
_LETTERS = {
    "post": "post, letter, mail, registered, brief, aangetekend, poste, courrier, lettre, recommande, einschreiben",
    "email": "email, e mail, mejl, courriel, mel",
}


def _spellings(table: dict[V, str]) -> dict[str, V]:
    return {fold(word): value for value, words in table.items() for word in words.split(",")}


STATUS_WORDS = _spellings(_STATUS)
_FLAG_WORDS = _spellings({True: _YES, False: _NO})
_LANGUAGE_WORDS = _spellings(_LANGUAGES)
_PARTY_WORDS = _spellings(_PARTIES)
_NUMBER_WORDS = _spellings(_NUMBERS)
_ROLE_WORDS = _spellings(_ROLES)
_TONE_WORDS = _spellings(_TONES)
_LETTER_WORDS = _spellings(_LETTERS)


def _look(text: str, words: dict[str, V], fix: str) -> V:
    value = words.get(text)
    if value is None:
        value = words.get(fold(text))
    if value is None:
        raise BadCell(f"“{text[:32]}” is none of the words of this column", fix)
    return value


def read_status(text: str) -> Status:
    """Empty: open. Raises `BadCell` for a word that isn't known: a missed "deceased" would be a call."""
    return _look(text, STATUS_WORDS, "write " + ", ".join(Status)) if text else Status.OPEN


def read_flag(text: str) -> bool:
    """Empty: no. Raises `BadCell`."""
    return _look(text, _FLAG_WORDS, "write yes or no") if text else False


def read_language(text: str) -> str:
    """nl, fr, de or en. Raises `BadCell`."""
    return _look(text, _LANGUAGE_WORDS, "write nl, fr, de or en: the languages that Beltoon speaks")


def read_party(text: str) -> str:
    """Empty: person. Raises `BadCell`."""
    return _look(text, _PARTY_WORDS, "write person or business") if text else "person"


def read_number_kind(text: str) -> str:
    """Empty: own. Raises `BadCell`."""
    return _look(text, _NUMBER_WORDS, "write own, work or other") if text else "own"


def read_role(text: str) -> str:
    """Empty: creditor. Raises `BadCell`."""
    return _look(text, _ROLE_WORDS, "write creditor or collector") if text else "creditor"


def read_tone(text: str) -> str:
    """friendly or firm. Raises `BadCell`."""
    return _look(text, _TONE_WORDS, "write friendly or firm, or leave it empty")


def read_letter_kind(text: str) -> str:
    """Empty: post. Raises `BadCell`."""
    return _look(text, _LETTER_WORDS, "write post or email") if text else "post"

"""The ledger's values as plain JSON documents and back. Times are ISO 8601 in UTC; what has its default is left out.

`read_entry` trusts what this program wrote and is made for a hundred thousand entries; `check_entry` reads what came
from elsewhere, and what is to be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.people import Person
from ledger.suggestion import Offer, Suggestion

Document = dict[str, Any]


class BadDocument(ValueError):
    """A document that is not what it should be; the message says what is wrong with which field."""


_KINDS = {str(kind): kind for kind in Kind}
_DIRECTIONS = {str(direction): direction for direction in Direction}
_TEXTS = ("url", "my_url", "channel", "native_id", "note", "in_return_for", "account")
_FLAGS = ("substantial", "secondhand", "private")
_ENTRY_DEFAULTS: Mapping[str, Any] = {
    **dict.fromkeys(_TEXTS, ""),
    **dict.fromkeys(_FLAGS, False),
    "channel": "hand",
    "trust": 1.0,
}
_identities: dict[str, Identity] = {}


def write_time(moment: datetime) -> str:
    """An aware time as ISO 8601 in UTC, ending in Z."""
    return moment.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def read_time(text: str) -> datetime:
    """The reverse; BadDocument for what is no time with a zone."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise BadDocument(f"{text!r} is not an ISO 8601 time") from None
    if moment.tzinfo is None:
        raise BadDocument(f"{text!r} has no time zone")
    return moment


def read_identity(text: str) -> Identity:
    """`network:handle` as `str(identity)` writes it; the same text gives the same object."""
    found = _identities.get(text)
    if found is None:
        network, colon, handle = text.partition(":")
        if not (network and colon and handle):
            raise BadDocument(f"{text!r} is not network:handle")
        found = _identities[text] = Identity(network, handle)
    return found


def write_entry(entry: Entry) -> Document:
    """An entry as a document, without its key: that is made from it."""
    document: Document = {
        "direction": str(entry.direction),
        "kind": str(entry.kind),
        "identity": str(entry.identity),
        "recorded": write_time(entry.recorded),
    }
    if entry.at is not None:
        document["at"] = write_time(entry.at)
    for name, default in _ENTRY_DEFAULTS.items():
        value = getattr(entry, name)
        if value != default:
            document[name] = value
    return document


def read_entry(document: Mapping[str, Any]) -> Entry:
    """The entry in a document that `write_entry` made. KeyError or ValueError for anything else."""
    get = document.get
    at, recorded = get("at"), datetime.fromisoformat(document["recorded"])
    happened = datetime.fromisoformat(at) if at else None
    if recorded.tzinfo is None or (happened is not None and happened.tzinfo is None):
        raise BadDocument("a time has no time zone")
    return Entry(
        _DIRECTIONS[document["direction"]],
        _KINDS[document["kind"]],
        _identities.get(document["identity"]) or read_identity(document["identity"]),
        recorded,
        happened,
        get("url", ""),
        get("my_url", ""),
        get("channel", "hand"),
        get("native_id", ""),
        get("trust", 1.0),
        get("note", ""),
        get("in_return_for", ""),
        get("substantial", False),
        get("secondhand", False),
        get("private", False),
        get("account", ""),
    )


def check_entry(document: object) -> Entry:
    """The entry in a document from elsewhere; BadDocument names the first field that is wrong."""
    if not isinstance(document, dict):
        raise BadDocument("an entry is a JSON object")
    unknown = document.keys() - _ENTRY_DEFAULTS.keys() - {"direction", "kind", "identity", "recorded", "at"}
    if unknown:
        raise BadDocument(f"an entry has no field {min(map(str, unknown))!r}")
    for name in ("direction", "kind", "identity"):
        _expect(document, name, _is_text(document.get(name)), "a text")
    for name in _TEXTS:
        _expect(document, name, _is_text(document.get(name, "")), "a text")
    _expect(document, "direction", document["direction"] in _DIRECTIONS, " or ".join(_DIRECTIONS))
    _expect(document, "kind", document["kind"] in _KINDS, f"one of {', '.join(_KINDS)}")
    for name in _FLAGS:
        _expect(document, name, isinstance(document.get(name, False), bool), "true or false")
    trust = document.get("trust", 1.0)
    _expect(document, "trust", type(trust) in {int, float} and 0 < trust <= 1, "a number above 0 and up to 1")
    for name in ("recorded", "at"):
        if name == "recorded" or document.get(name) is not None:
            read_time(document.get(name, ""))
    read_identity(document["identity"])
    return read_entry(document)


def _expect(document: Mapping[str, Any], name: str, is_right: bool, wanted: str) -> None:
    if not is_right:
        raise BadDocument(f"{name} is {document.get(name)!r}; it must be {wanted}")


def _is_text(value: object) -> bool:
    """Whether it can be written as UTF-8: half a surrogate pair, as broken JSON may escape it, can't."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def write_person(person: Person) -> Document:
    """A person as a document, without the id: that is its key."""
    document: Document = {"name": person.name, "identities": [str(who) for who in person.identities]}
    optional = {
        "roles": list(person.roles),
        "note": person.note,
        "cadence_days": person.cadence_days,
        "snoozed_until": write_time(person.snoozed_until) if person.snoozed_until else None,
        "muted": person.muted,
        "opted_out": person.opted_out,
        "automatic": person.automatic,
        "spam_signs": list(person.spam_signs),
        "apart": [str(who) for who in person.apart],
        "is_person": person.is_person,
        "parts": [{"id": part.id, **write_person(part)} for part in person.parts],
    }
    return document | {name: value for name, value in optional.items() if value not in (None, "", False, [])}


def read_person(key: str, document: Mapping[str, Any]) -> Person:
    """The person in a document that `write_person` made."""
    snoozed = document.get("snoozed_until")
    return Person(
        key,
        document["name"],
        tuple(read_identity(who) for who in document["identities"]),
        tuple(document.get("roles", ())),
        document.get("note", ""),
        document.get("cadence_days"),
        read_time(snoozed) if snoozed else None,
        document.get("muted", False),
        document.get("opted_out", False),
        document.get("automatic", False),
        tuple(document.get("spam_signs", ())),
        tuple(read_identity(who) for who in document.get("apart", ())),
        document.get("is_person", False),
        tuple(read_person(part["id"], part) for part in document.get("parts", ())),
    )


def write_offer(offer: Offer) -> Document:
    """An offer as a document, without its identity: that is the key it lies under."""
    return {
        "url": offer.url,
        "title": offer.title,
        "published": write_time(offer.published),
        "score": offer.score,
        "comments": offer.comments,
        **({"comment_by": write_time(offer.comment_by)} if offer.comment_by else {}),
        **({"topics": offer.topics} if offer.topics is not None else {}),
    }


def read_offer(who: Identity, document: Mapping[str, Any]) -> Offer:
    """The offer in a document that `write_offer` made."""
    published, by = read_time(document["published"]), document.get("comment_by")
    title, score, comments = document["title"], document["score"], document["comments"]
    until = read_time(by) if by else None
    return Offer(who, document["url"], title, published, score, comments, until, document.get("topics"))


def write_suggestion(suggestion: Suggestion) -> Document:
    """A suggestion as a document."""
    return {name: getattr(suggestion, name) for name in Suggestion.__struct_fields__}


def read_suggestion(document: Mapping[str, Any]) -> Suggestion:
    """The suggestion in a document that `write_suggestion` made."""
    return Suggestion(**document)

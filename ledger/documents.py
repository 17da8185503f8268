"""The book's smaller documents, offers and acts, and the rule that nothing is written that can't be read back. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from ledger import codec
from ledger.entry import Identity
from ledger.store.base import Document
from ledger.suggestion import Act, Offer

#: What reading a document raises that is not what this program writes.
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)


def checked(document: Document, read: Callable[[Document], object]) -> Document:
    """The document, if it can be read back; else BadDocument."""
    try:
        read(document)
    except codec.BadDocument:
        raise
    except UNREADABLE as error:
        raise codec.BadDocument(f"it could not be read back: {error!r}") from error
    return document


def read_offers(key: str, document: Document) -> tuple[Identity, tuple[Offer, ...]]:
    """Whose offers a document has, and which; `write_offers` made it."""
    who = codec.read_identity(key)
    return who, tuple(codec.read_offer(who, offer) for offer in document["offers"])


def write_offers(offers: Iterable[Offer]) -> Document:
    """The offers of one identity as a document, which lies under that."""
    return {"offers": [codec.write_offer(offer) for offer in offers]}


def read_act(_key: str, document: Document) -> Act:
    """The act in a document that `write_act` made."""
    who, at = codec.read_identity(document["identity"]), codec.read_time(document["at"])
    return Act(who, document["act"], at, document["url"], document["state"])


def act_key(act: Act) -> str:
    """One act of each kind is kept about an identity and an address."""
    return hashlib.sha256("\x1f".join((str(act.identity), act.act, act.url)).encode()).hexdigest()[:20]


def write_act(act: Act) -> Document:
    """An act as a document."""
    return {
        "identity": str(act.identity),
        "act": act.act,
        "at": codec.write_time(act.at),
        "url": act.url,
        "state": act.state,
    }

"""The records in the account's own repository: write one where there is none, read it back, delete it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from platforms.base import Json
from platforms.xrpc import Refused, Xrpc


def create(xrpc: Xrpc, collection: str, rkey: str, record: Mapping[str, Json]) -> bool:
    """Write a record. False when another one is under that key; one that is just the same is as good as written."""
    try:
        # The null says "only if there is none yet".
        _write(xrpc, "putRecord", collection, rkey, record=dict(record), swapRecord=None)
    except Refused as refusal:
        if refusal.name != "InvalidSwap":
            raise
        return False
    return True


def stored(xrpc: Xrpc, collection: str, rkey: str) -> Mapping[str, Any] | None:
    """Read a record back; None when there is none."""
    try:
        answer = xrpc.query("com.atproto.repo.getRecord", _place(xrpc, collection, rkey))
    except Refused as refusal:
        if refusal.name == "RecordNotFound" or "Could not locate record" in refusal.problem:
            return None
        raise
    value = answer.get("value")
    return value if isinstance(value, dict) else None


def remove(xrpc: Xrpc, collection: str, rkey: str) -> None:
    """Delete a record; the server does not mind when it is gone."""
    _write(xrpc, "deleteRecord", collection, rkey)


def _write(xrpc: Xrpc, procedure: str, collection: str, rkey: str, **more: Json) -> None:
    xrpc.procedure(f"com.atproto.repo.{procedure}", {**_place(xrpc, collection, rkey), **more})


def _place(xrpc: Xrpc, collection: str, rkey: str) -> dict[str, Json]:
    return {"repo": xrpc.did, "collection": collection, "rkey": rkey}

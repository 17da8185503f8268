"""The one account of the small Bluesky server, how things are named there, and its error answers."""

import base64
import hashlib
import json

from counterparts.json_server import Answer

DID = "did:plc:ada234567ada234567ada234"
HANDLE = "ada.test"
PASSWORD = "abcd-efgh-ijkl-mnop"
POST = "app.bsky.feed.post"


class Fault(Exception):
    """An error answer."""

    def __init__(self, status: int, error: str, message: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(error)
        self.answer = Answer(status, {"error": error, "message": message or error}, headers or {})


def cid(content: dict | bytes, codec: int = 0x71) -> str:
    data = content if isinstance(content, bytes) else json.dumps(content, sort_keys=True).encode()
    multihash = bytes((0x01, codec, 0x12, 0x20)) + hashlib.sha256(data).digest()
    return "b" + base64.b32encode(multihash).decode().lower().rstrip("=")

"""Uploading a picture to a Mastodon server, which may take a while to look at it."""

from __future__ import annotations

import time
from urllib.parse import quote

from platforms.abilities import Picture
from platforms.errors import Rejected
from platforms.mastodon_refusals import Gone, NoSuchCall
from platforms.mastodon_server import Answer, Server

#: Seconds between the looks at a picture that is being processed; after the last, it is given up.
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)


def upload(server: Server, picture: Picture) -> str:
    """Upload a picture with its text for those who can't see it; gives its id once it may be posted.

    Rejected when the server doesn't take it, or is not done with it in half a minute.
    """
    answer = _sent(server, picture)
    media = str(answer.mapping().get("id") or "")
    if not media:
        raise NoSuchCall(server.name, "no usable answer: the picture that was uploaded has no id")
    for pause in PAUSES:
        if answer.status not in {202, 206}:  # 202: taken, not looked at yet; 206: being looked at
            return media
        time.sleep(pause)
        answer = server.ask("GET", f"/api/v1/media/{quote(media, safe='')}")
    if answer.status in {202, 206}:
        raise Rejected(server.name, "the server is not done with the picture in time")
    return media


def _sent(server: Server, picture: Picture) -> Answer:
    """By v2, which processes pictures in the background (since 3.1.3), or by v1, which all servers have."""
    form = {"description": picture.alt} if picture.alt else {}
    name = f"picture.{picture.type.rpartition('/')[2]}"
    files = {"file": (name, picture.content, picture.type)}
    try:
        return server.ask("POST", "/api/v2/media", form, files)
    except (Gone, NoSuchCall):
        with server.able_to("take pictures"):
            return server.ask("POST", "/api/v1/media", form, files)

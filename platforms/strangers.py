"""Making words safe for a post. A stranger's can't act, mislead, call anybody, link or file it under a tag. Pure.

What the networks take for a link, a mention or a tag is in `links` and `entities`. The rules here are coarser and look
at a few characters only, so that they still hold when the text is shortened or stands in a template.
"""

from __future__ import annotations

import regex  # type: ignore[import-untyped]

from platforms import tlds

_BLANK = regex.compile(r"[\s\x1c-\x1f\x85]+")
#: Controls, half surrogates and non-characters, byte order marks, and all that changes the direction of what follows.
_HARMFUL = regex.compile(r"[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\ufeff\ufff9-\ufffb\u202a-\u202e\u2066-\u206f]")

_NEXT = r"(?=[^\s\u200b])"
#: Not after a letter or digit as in `me@example.com`, but after `RT`, as X has it.
_MENTION = rf"(?:(?<![A-Za-z0-9_])|(?<=(?<![A-Za-z0-9_+~.-])[rR][tT]))[@＠]{_NEXT}"
#: What no network takes for a tag stays searchable as it is: a number (`the #1 reason`), and the key with this sign.
_HASHTAG = rf"(?<![\p{{L}}\p{{Nd}}_])[#＃](?!(?:[0-9]+[.,:;!?)]*|\ufe0f\u20e3)(?:\s|\Z)){_NEXT}"
_CASHTAG = r"(?<!\w)\$(?=[A-Za-z])"
#: Any scheme with an authority, and the two that Mastodon links without.
_SCHEME = rf":(?=//)|(?i:(?<=magnet|xmpp)):{_NEXT}"
_LIVE = regex.compile("|".join((_MENTION, _HASHTAG, _CASHTAG, _SCHEME)))

_DOT = regex.compile(r"(?<=[\w-])\.(?=([\w-]+))")
_ENDINGS = tlds.X | tlds.ROOT | {"xn--"}
_SIZES = sorted({len(name) for name in _ENDINGS})


def neutral(text: str) -> str:
    """Make a stranger's text safe for one line of a post.

    Control characters and bidi overrides go, and white space becomes single spaces. A zero-width space (U+200B) follows
    every sign that could begin a mention, a hashtag or a cashtag, the colon of every `://`, and every dot that could
    stand before a top-level domain. That looks the same, and no network takes the rest for anything: each wants a
    letter, digit or underscore right there. U+200B rather than U+2060 (word joiner): it counts 1 on X and not 2, and
    old fonts draw no box for it. A full-width `＠` would not do, since X takes it for an `@`. Doing it twice changes
    nothing.
    """
    text = str(_BLANK.sub(" ", _HARMFUL.sub("", _BLANK.sub(" ", text)))).strip()
    return str(_DOT.sub(_quiet_dot, _LIVE.sub("\\g<0>\u200b", text)))


def plain(text: str) -> str:
    """An owner's own text as it may be sent: they may call and link whom they like, but nothing invisible acts.

    Control characters, half surrogates and what changes the direction of what follows go, tabs become spaces, and every
    kind of line end is one.
    """
    return "\n".join(str(_HARMFUL.sub("", line.replace("\t", " "))) for line in text.splitlines())


def _quiet_dot(dot: regex.Match[str]) -> str:
    """The dot as it is in `Node.js`; broken even in `file.comx`, which might be cut to `file.com`."""
    name = dot[1].lower()
    return ".\u200b" if any(name[:size] in _ENDINGS for size in _SIZES) else "."

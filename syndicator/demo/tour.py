"""The tour of day 15: what is shown of the world after the fortnight, in which words, by which commands.

The commands are those that a person would type in the world's folder; `cli` carries them out and shows what they print.
"""

from __future__ import annotations

from dataclasses import dataclass

from syndicator.demo.story import Moment

WELCOME = """\
You are Robin Marlow, who writes a blog and reads five others. A pretended network, the pond, and a page of links are
your two accounts. It is all in one folder of this machine: nobody outside of it is asked or told anything.

First a fortnight passes. Three times a day there is a `syndicator run`, which a timer would start; the others write,
share, answer, follow and unfollow as people do.
"""
FAREWELL = """\
That was the main job: links go out, paced and chosen; what others do for you is booked; you say whom to answer,
and how.

For your own blog, start with `syndicator init`.
"""


@dataclass(frozen=True, slots=True)
class Step:
    """At a time of the story: what is said, the command, and what is to be seen in its answer."""

    at: Moment
    says: str
    command: str
    see: str = ""

    @property
    def words(self) -> list[str]:
        """What `syndicator` is given; `ledger` is mounted there too."""
        program, *rest = self.command.split()
        return [program, *rest] if program == "ledger" else rest


def _step(at: str, says: str, command: str, see: str = "") -> Step:
    return Step(Moment.parse(f"15 {at}"), says, command, see)


STEPS = (
    _step(
        "08:05",
        "The morning after. Here is the next run, started by hand.",
        "syndicator run",
        "It read the feeds, chose the one link that is due, posted it to both accounts, and asked the pond what others "
        "did. The next run would find nothing due: there are two times a day to post.",
    ),
    _step(
        "08:10",
        "What comes next, and why? A plan posts nothing and changes nothing.",
        "syndicator plan",
        "Each post stands there exactly as it would go out. Ada’s article waits until tomorrow: three days lie between "
        "two links to the same author. What was passed over is named with its reason.",
    ),
    _step(
        "08:12",
        "The pond tells what was done there, feeds tell who links to you. What neither tells, you book by hand: "
        "somebody who writes at moss.example left a comment under your article.",
        "ledger add comment moss.example --url https://robin.example/own-feed#c2",
    ),
    _step(
        "08:15",
        "Now the other half: who was generous to you, and what to do in return.",
        "ledger owe",
        "Noor Haddad shared your link two days ago and got nothing for it yet. Teodor Brandt and Juniper Vance are not "
        "in the list, though they linked to you: the runs shared their articles, which was booked by itself. Pat Amari "
        "only liked, which makes no debt.",
    ),
    _step(
        "08:20",
        "Where does that number come from? The ledger shows its arithmetic.",
        "ledger why pica.example",
        "A share is worth 7, and fades to a half within 180 days.",
    ),
    _step(
        "08:25",
        "Return the favour: the first suggestion is to share Noor’s article.",
        "ledger do 1",
        "No run would have shared it, since it was there before the first one. You may: it goes out at the next free "
        "time of each account.",
    ),
    _step("08:30", "Until then it waits.", "syndicator queue"),
    _step("13:05", "Some hours later comes the next run.", "syndicator run"),
    _step(
        "13:10",
        "And the debt?",
        "ledger why pica.example",
        "Paid. The share counts once, although it went to two accounts.",
    ),
    _step(
        "13:15",
        "The others are still there, each with what fits what they did.",
        "ledger owe",
        "A boost is returned by a boost, an answer by an answer. Nothing of it happens without your word.",
    ),
    _step(
        "13:20",
        "One more thing: who came, and who went?",
        "ledger follows",
        "Kit Vogel followed, waited until you followed back, and left the next day. You are told; whether you still "
        "follow Kit is for you to say.",
    ),
)

"""Adding an account: asked for step by step, or given in options; logged in first, and only then written down."""

from __future__ import annotations

from collections.abc import Mapping

from syndicator.cli import app
from syndicator.cli.app import MISUSED, fail, show, tell
from syndicator.cli.asking import Questions
from syndicator.cli.fitted import fitted
from syndicator.enlist import OFFERS, Offer, check_name, clean, name_for, offer_of, table, usual
from syndicator.settings import Settings, SettingsError, edit

#: What the account's own table may get from options.
Given = Mapping[str, str]


def networks() -> list[str]:
    """All networks, a line for each."""
    width = max(len(each.platform) for each in OFFERS)
    rows = [f"  {number:2}. {each.platform:{width}}  {each.line}" for number, each in enumerate(OFFERS, 1)]
    return [line for row in rows for line in fitted(row, app.width(), " " * (width + 8))]


def ask_account(settings: Settings, questions: Questions, offer: Offer, name: str = "") -> bool:
    """Ask for an account on this network, log it in, and write it into the settings; tells whether it was added."""
    given = {}
    for wish in offer.wishes:
        answer = _wish(questions, settings, offer, wish.key, wish.question, needed=wish.needed)
        if wish.needed and not answer:
            tell("left out: no account was added")
            return False
        given[wish.key] = answer
    keys = table(offer, given, ask_first=False)
    taken = settings.accounts
    name = name or questions.text("What to call it", name_for(offer, keys, taken), lambda text: check_name(text, taken))
    first = offer.posts and questions.yes("Shall each post wait until you approve it?", default=True)
    return _log_in_and_add(settings, questions, name, table(offer, given, ask_first=first))


def add_account(settings: Settings, name: str, platform: str, given: Given, *, ask_first: bool) -> None:
    """Add an account by what options say, logged in where its network has a login. Leaves with what is wrong."""
    from syndicator.cli.logins import log_in_as

    try:
        keys = table(offer_of(platform), given, ask_first=ask_first)
        check_name(name, settings.accounts)
    except ValueError as error:
        fail(str(error), MISUSED)
    wanted = edit.settings_with(settings, name, keys)
    if needs_login(platform):
        log_in_as(wanted, name, new=True)
    _write(settings, name, keys)


def needs_login(platform: str) -> bool:
    """Whether a network has a login at all."""
    from syndicator.networks import adapter_class

    return bool(getattr(adapter_class(platform, ""), "credential", ()))


def _wish(questions: Questions, settings: Settings, offer: Offer, key: str, question: str, *, needed: bool) -> str:
    def check(answer: str) -> str:
        return str(clean(key, offer.platform, answer)) if answer.strip() else ""

    hint = "" if needed else " (Enter: none)"
    default = usual(next(wish for wish in offer.wishes if wish.key == key), offer.platform, settings)
    return questions.text(f"{question}{hint}", default, check)


def _log_in_and_add(settings: Settings, questions: Questions, name: str, keys: Mapping[str, str | float]) -> bool:
    try:
        wanted = edit.settings_with(settings, name, keys)
    except SettingsError as error:
        tell(f"{error}; no account was added")
        return False
    if needs_login(str(keys["platform"])):
        now = questions.asks and questions.yes("Log in now?", default=True)
        while now and not _logged_in(wanted, name):
            now = questions.yes("Try the login again?", default=False)
        later = "Add it without a login, for later?"
        if not now and not questions.yes(later, default=True):
            tell("no account was added")
            return False
    _write(settings, name, keys)
    return True


def _logged_in(settings: Settings, name: str) -> bool:
    from platforms.errors import PlatformError
    from syndicator.account_check import explained
    from syndicator.cli.logins import Person, tell_of_login
    from syndicator.cli.progress import working
    from syndicator.login import log_in
    from syndicator.workspace import Workspace

    try:
        tell_of_login(name, log_in(Workspace(settings), name, Person(), working))
    except PlatformError as error:
        tell(f"error: {explained(name, error)}")
        return False
    return True


def _write(settings: Settings, name: str, keys: Mapping[str, str | float]) -> None:
    edit.add_account(settings.path, name, keys)
    show(f"{name}: added to {settings.path}")

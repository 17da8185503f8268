"""The accounts: whether each can be used, by its own network's word where that may be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from threading import Thread
from time import monotonic

from platforms.abilities import Expiring
from syndicator import alarms
from syndicator.account_check import Checked
from syndicator.accounts import Account
from syndicator.doctor.finding import Finding, error, fault, mind, ok


def without_asking(accounts: Sequence[Account], now: datetime) -> Iterator[Finding]:
    """What is known of the accounts here. Pure."""
    if not accounts:
        yield mind("accounts", "there are none", "write one into the settings, for example [accounts.links]")
    for account in accounts:
        if account.missing:
            yield fault("credentials", f"{account.name}: {account.missing.partition('; ')[0]}", _to_log_in(account))
        if account.held:
            yield fault("accounts", _named(account, account.held), _to_log_in(account))
        for reason in account.unread:
            yield mind("accounts", _named(account, reason), f"see [accounts.{account.name}] and its network's page")
    ends = {each.name: at for each in accounts if isinstance(each.adapter, Expiring) and (at := each.adapter.expires())}
    for alarm in alarms.running_out(ends, now):
        name = alarm.key.removeprefix("expiry ")
        found = error("credentials", alarm.text, f"syndicator login {name}")
        yield found if ends[name] <= now else mind(found.area, found.text, found.remedy)


def ask(
    accounts: Sequence[Account], check: Callable[[Account], Checked], seconds: float
) -> Iterator[tuple[Account, Checked | Exception | None]]:
    """Check all at the same time, within so many seconds; None for one whose network had not answered by then.

    What still hangs then is left behind: it ends with the process. What a check raised is given, not raised.
    """
    answers: dict[str, Checked | Exception] = {}

    def one(account: Account) -> None:
        try:
            answers[account.name] = check(account)
        except Exception as problem:  # told of this account, and no reason not to tell of the others
            answers[account.name] = problem

    threads = [Thread(target=one, args=(account,), daemon=True) for account in accounts]
    for thread in threads:
        thread.start()
    end = monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, end - monotonic()))
    for account in accounts:
        yield account, answers.get(account.name)


def told(account: Account, answer: Checked | Exception | None, seconds: float) -> Iterator[Finding]:
    """What came of asking one account's network. Pure."""
    if answer is None:
        text = f"{account.name}: no answer within {seconds:g} s"
        yield fault("accounts", text, f"check the address in [accounts.{account.name}], or try again later")
    elif isinstance(answer, Exception):
        yield error("accounts", _named(account, str(answer)), "try again; if it stays, tell whoever wrote this program")
    elif not answer.ok:
        text, _, remedy = answer.error.rpartition(" (")
        yield fault("accounts", _named(account, text or answer.error), remedy.removesuffix(")") or _to_log_in(account))
    else:
        who = f"logged in as {answer.handle}" if answer.handle else "needs no login"
        yield ok("accounts", f"{account.name}: {who}")
        if answer.doubt:
            yield mind("accounts", _named(account, answer.doubt), f"see its network's page, {account.table.platform}")


def _to_log_in(account: Account) -> str:
    return f"syndicator login {account.name}"


def _named(account: Account, text: str) -> str:
    return text if text.startswith(f"{account.name}:") else f"{account.name}: {text}"

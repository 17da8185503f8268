"""Documents of the contract as text that a person likes to read. Pure: documents in, lines out; times in their zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from syndicator.cli import complaints, ending, told
from syndicator.cli.fitted import exact, fitted
from syndicator.times import moment, span_text

Document = dict[str, Any]

#: How many changes of a blogroll a run lists.
_CHANGES = 20


def run(report: Any, zone: ZoneInfo) -> Iterator[str]:
    """What a run did, shortest first; what went wrong in it is told by `complaints`."""
    intake = report.intake
    left = {"failing and waiting": intake.waiting, "not due yet": intake.not_due, "retired": intake.retired}
    others = "".join(f", {count} {what}" for what, count in left.items() if count)
    yield f"Sources: {intake.ok} read, {intake.unchanged} unchanged, {intake.failed} failed{others}."
    yield from _blogrolls(report.blogrolls)
    yield from (f"Remark: {remark}" for remark in intake.remarks)
    if intake.links_to_me:
        yield f"Ledger: {intake.links_to_me} new link{'s' * (intake.links_to_me != 1)} to you."
    yield from told.news(report)
    for outcome in complaints.of_kind(report, "Posted"):
        yield f"Posted on {outcome.post.account}: {outcome.post.title}"
        yield f"    {outcome.ref.url}"
    new = {outcome.post.id for outcome in complaints.of_kind(report, "Unknown")}
    for post in report.unknown:
        if post.id not in new:
            yield from complaints.unknown(post)
    yield from _put_off(report, zone)
    for post in report.awaiting:
        yield f"Waits for you on {post.account}: {post.title}  (syndicator queue approve {post.id})"
    if not (report.outcomes or report.awaiting or report.held_back):
        later = [each.when for each in report.choice.plan.planned]
        following = f"; the next one is planned for {moment(min(later), zone)}" if later else ""
        if opening := report.choice.opening:
            following = f"; the next time to post is {moment(opening, zone)}"
        yield f"Nothing was due{following}."
    yield from ending.lines(report)


def _blogrolls(rolls: Iterable[Any]) -> Iterator[str]:
    """How many feeds each blogroll has at first sight, and after that what changed."""
    for roll in rolls:
        change, size = roll.change, f"{len(roll.feeds)} feed{'s' * (len(roll.feeds) != 1)}"
        if roll.first:
            yield f"Blogroll {roll.origin}: {size}."
        lines = [f"    added    {url}" for url in change.added]
        lines += [f"    gone     {url}" for url in change.gone]
        lines += [f"    moved    {each.before} → {each.after}" for each in change.moved]
        lines += [f"    renamed  {each.before} → {each.after}" for each in change.renamed]
        if lines:
            counts = ((len(getattr(change, name)), name) for name in ("added", "gone", "moved", "renamed"))
            told = ", ".join(f"{count} {name}" for count, name in counts if count)
            yield f"Blogroll {roll.origin}: {told}; {size} now."
        yield from lines[:_CHANGES]
        if len(lines) > _CHANGES:
            yield f"    and {len(lines) - _CHANGES} more (--json lists them)"


def _put_off(report: Any, zone: ZoneInfo) -> Iterator[str]:
    """What did not go out at its time and will later."""
    for post in report.retimed:
        if post.state == "queued":
            yield f"Moved on {post.account} to {moment(post.due, zone)}: {post.title}"
    for post in report.held_back:
        if post.state == "queued":
            yield f"Held back on {post.account} until {moment(post.due, zone)}: {post.title}"
            yield f"    {post.error}"


def sources(documents: Sequence[Document], zone: ZoneInfo, now: datetime) -> Iterator[str]:
    """Sources by folder, with how they fare."""
    if not documents:
        yield "No sources yet; `syndicator import FILE` reads a blogroll, `syndicator add URL` adds one blog."
        return
    folder: object = None
    for each in sorted(documents, key=lambda each: (each["kind"] != "own", each["folders"])):
        where = " / ".join(each["folders"]) or ("my own" if each["kind"] == "own" else "no folder")
        if where != folder:
            yield f"{where}:"
            folder = where
        yield f"  {each['title'] or each['url']}" + (f"  [{', '.join(each['tags'])}]" if each["tags"] else "")
        yield f"      {each['url']}  {_health(each, zone, now)}"
        if each["moved_to"]:
            yield f"      moved to {each['moved_to']}, and is read there; put that into your subscription"
    retired = sum(bool(each["retired"]) for each in documents)
    failing = sum(bool(each["failures"]) for each in documents) - retired
    counts = [f"{count} {what}" for what, count in {"failing": failing, "retired": retired}.items() if count]
    yield ", ".join([f"{len(documents)} source{'s' * (len(documents) != 1)}", *counts]) + "."


def _health(source: Document, zone: ZoneInfo, now: datetime) -> str:
    read = f"last read {moment(source['last_ok'], zone)}" if source["last_ok"] else "never read"
    if source["retired"]:
        return f"{read}, {source['error']}"
    due = source["next_due"]
    again = f", next in {span_text(due - now)}" if due and due > now else ", due now" if due else ""
    if source["failures"]:
        return f"{read}, failed {source['failures']}×{again}: {source['error']}"
    return read + again + (f" ({source['error']})" if source["error"] else "")


def preview(document: Document, zone: ZoneInfo, width: int = 80) -> Iterator[str]:
    """A feed's items, newest as the feed has them."""
    feed = document["feed"]
    yield from fitted(f"{feed['title'] or '(no title)'}  {feed['site'] or ''}".rstrip(), width, "    ")
    yield feed["url"]
    for item in document["items"]:
        dated = (
            moment(item["published"] or item["updated"], zone) if item["published"] or item["updated"] else "no date"
        )
        start = f"  {dated}  "
        yield from exact(item["title"] or item["name"] or "(no title, no text)", width, start, " " * len(start))
        yield f"      {item['url'] or '(no link)'}"
    yield f"{len(document['items'])} item{'s' * (len(document['items']) != 1)}."
    if document["problem"]:
        yield from fitted(f"Problem: {document['problem']}", width, "    ")
    if document["remark"]:
        yield from fitted(f"Remark: {document['remark']}", width, "    ")


def imported(document: Document) -> Iterator[str]:
    """What an import did."""
    for url in document["added"]:
        yield f"added      {url}"
    for url in document["updated"]:
        yield f"updated    {url}"
    for each in document["skipped"]:
        yield f"skipped    {each['url'] or each['title'] or '(no address)'}: {each['reason']}"
    for each in document["problems"]:
        yield f"problem    line {each['line']}: {each['message']}" if each["line"] else f"problem    {each['message']}"
    counts = Counter({key: len(document[key]) for key in ("added", "updated", "unchanged", "skipped")})
    yield ", ".join(f"{counts[key]} {key}" for key in ("added", "updated", "unchanged", "skipped")) + "."

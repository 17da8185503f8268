"""Blogrolls in OPML 2.0 (http://opml.org/spec2.opml): read leniently, write exactly, edit with care.

Nothing is fetched here, not even an included file (that is for `read_blogrolls`). The XML is `outline`'s business,
changes to existing files are `opml_edit`'s; both are reached through this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

import msgspec

from syndicator.sources import encoding, markup, outline
from syndicator.sources.blogroll import Blogroll, Include, Problem, Skip, Subscription
from syndicator.sources.opml_address import FEEDS, address_of, written_address
from syndicator.sources.opml_edit import edit
from syndicator.sources.opml_tags import attributes_of, folder_tag, tags_of
from syndicator.sources.outline import Outline

__all__ = ["Blogroll", "Include", "Problem", "Skip", "Subscription", "edit", "read", "write"]

DEEPEST_FOLDER = 100

_RDF = {"rdf", "foaf"}


@dataclass(slots=True)
class _Findings:
    """What has been found so far, each feed under its URL."""

    sources: dict[str, Subscription] = field(default_factory=dict)
    includes: list[Include] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)


def read(data: bytes, *, base: str = "", allow_files: bool = False, content_type: str = "") -> Blogroll:
    """Read a blogroll; never fails, what can't be used is in the result with its reason.

    `content_type` is the header it came with, if it came from the web. Relative addresses are resolved against `base`
    (a URL); addresses of files are accepted only when `allow_files` says that the blogroll is a file of the owner's.
    """
    text, _ = encoding.decode(data, content_type)
    document = outline.read(text)
    findings = _Findings()
    for found, folders in _walk(document.outlines, ()):
        _sort(found, folders, findings, base, allow_files=allow_files)
    if document.root in _RDF:
        _add_rdf(text, findings, base, allow_files=allow_files)
    problems = [document.problem] if document.problem else []
    is_blogroll = bool(document.outlines) or document.root in {"opml", *_RDF}
    if not is_blogroll:
        problems.append(Problem(1, None, "holds no outlines: is it OPML?"))
    return Blogroll(
        title=document.title,
        sources=tuple(findings.sources.values()),
        problems=tuple(problems),
        wellformed=document.problem is None,
        whole=is_blogroll and (document.problem is None or _ends(text, document.root)),
        includes=tuple(findings.includes),
        skipped=tuple(findings.skipped),
        duplicates=tuple(findings.duplicates),
    )


def write(title: str, subscriptions: Iterable[Subscription]) -> bytes:
    """Write OPML 2.0 in UTF-8, with nested folders and categories; `read` gives the same subscriptions back."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = markup.fold(title)
    places: dict[tuple[str, ...], ElementTree.Element] = {(): ElementTree.SubElement(root, "body")}
    for subscription in subscriptions:
        folders = tuple(markup.fold(name) for name in subscription.folders)
        for depth in range(1, len(folders) + 1):
            if folders[:depth] not in places:
                parent = places[folders[: depth - 1]]
                places[folders[:depth]] = ElementTree.SubElement(parent, "outline", text=folders[depth - 1])
        ElementTree.SubElement(places[folders], "outline", attributes_of(subscription))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'.encode()


def _ends(text: str, root: str) -> bool:
    """Whether the outermost element is closed: a malformed file that breaks off has lost its end."""
    return re.search(rf"</\s*(?:[\w.-]+:)?{re.escape(root)}\s*>", text, re.IGNORECASE) is not None


def _walk(outlines: list[Outline], folders: tuple[str, ...]) -> Iterator[tuple[Outline, tuple[str, ...]]]:
    """Every outline with the texts of those around it, in the order of the file; absurdly deep ones share a folder."""
    waiting = [(each, folders) for each in reversed(outlines)]
    while waiting:
        current, around = waiting.pop()
        yield current, around
        name = _title(current.attributes)
        inside = (*around, name) if name and len(around) < DEEPEST_FOLDER else around
        waiting.extend((child, inside) for child in reversed(current.children))


def _title(attributes: dict[str, str]) -> str:
    return markup.fold(attributes.get("text", "")) or markup.fold(attributes.get("title", ""))


def _sort(found: Outline, folders: tuple[str, ...], findings: _Findings, base: str, *, allow_files: bool) -> None:
    """Tell what an outline is: a feed, an inclusion, a page without a feed, or merely a folder or a text."""
    attributes = found.attributes
    kind, title = attributes.get("type", "").strip().lower(), _title(attributes)
    written, page = written_address(attributes), attributes.get("htmlurl", "").strip()
    included = _included(kind, attributes)
    if included:
        url, reason = address_of(included, base, allow_files=allow_files)
        if reason:
            findings.skipped.append(Skip(included, reason, title, found.line))
            return
        findings.includes.append(Include(url, title, (*folders, title) if title else folders))
    elif written:
        url, reason = address_of(written, base, allow_files=allow_files)
        if reason:
            findings.skipped.append(Skip(written, reason, title, found.line))
            return
        site = markup.absolute(page, base)
        title = "" if title == url else title
        tags = tags_of(attributes.get("category", ""))
        _add(Subscription(url, title, site, kind or "rss", tags, folders), findings)
    elif page or kind in FEEDS:
        reason = "has no feed address (xmlUrl)" + ("; `syndicator add` finds the feeds of its page" if page else "")
        findings.skipped.append(Skip(page, reason, title, found.line))


def _included(kind: str, attributes: dict[str, str]) -> str:
    """The address of another outline file: `include`, a `link` to .opml (OPML 2.0), or Liferea's `source`."""
    address = attributes.get("url", "").strip()
    if kind == "include" or (kind == "link" and address.lower().partition("?")[0].endswith(".opml")):
        return address
    is_list = kind == "source" and "opml" in attributes.get("sourcetype", "").lower()
    return attributes.get("xmlurl", "").strip() if is_list else ""


def _add(subscription: Subscription, findings: _Findings) -> None:
    known = findings.sources.setdefault(subscription.url, subscription)
    if known is subscription:
        return
    findings.duplicates.append(subscription.url)
    elsewhere = folder_tag(subscription.folders) if known.folders and subscription.folders != known.folders else ()
    findings.sources[known.url] = msgspec.structs.replace(
        known,
        title=known.title or subscription.title,
        site=known.site or subscription.site,
        folders=known.folders or subscription.folders,
        tags=tuple(dict.fromkeys((*known.tags, *subscription.tags, *elsewhere))),
    )


def _add_rdf(text: str, findings: _Findings, base: str, *, allow_files: bool) -> None:
    """FOAF and other RDF blogrolls, as far as listparser knows them; imported only here, it is slow to load."""
    import listparser

    harvest = listparser.parse(text.encode("utf-8"))
    for feed in harvest["feeds"]:
        _sort(Outline({"xmlurl": feed["url"], "text": feed["title"]}), (), findings, base, allow_files=allow_files)
    findings.includes.extend(Include(each["url"], each["title"]) for each in harvest["lists"])
    pages = ((each["url"], each["title"]) for each in harvest["opportunities"])
    findings.skipped.extend(Skip(url, "has no feed address", title) for url, title in pages)

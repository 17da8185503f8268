"""Commands about sources: import, export, sources, add, remove, preview."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli import completing
from syndicator.cli.app import (
    MISUSED,
    App,
    JsonOption,
    fail,
    load_settings,
    mention,
    open_workspace,
    show,
    show_json,
    tell,
    width,
)

if TYPE_CHECKING:
    from syndicator.settings import Settings
    from syndicator.sources.blogroll import Blogroll, Subscription
    from syndicator.sources.find import Found
    from syndicator.sources.subscriptions import Subscriptions
    from syndicator.workspace import Workspace

UrlArgument = Annotated[
    str, typer.Argument(metavar="URL", help="A feed, a page whose feeds are looked for, or @name@server.")
]


def register(app: App) -> None:
    """Add this group's commands."""
    app.command("import")(import_blogroll)
    app.command("export")(export_blogroll)
    for command in (sources, add, remove, preview):
        app.command()(command)


def import_blogroll(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FILE|URL", help="An OPML blogroll, or a page that names one.")],
    as_json: JsonOption = False,
) -> None:
    """Take over a blogroll (OPML). What a malformed file still holds is recovered, and what is lost is told."""
    from syndicator.cli import render, shapes
    from syndicator.sources import subscribe

    settings = load_settings(ctx)
    blogroll = _read_blogroll(settings, source)
    done = subscribe.take_over(settings, blogroll, _subscriptions(settings).feeds)
    if as_json:
        show_json(shapes.imported(done))
    else:
        show(*render.imported(shapes.imported(done)))
    if not blogroll.sources:
        fail(f"{source}: no feeds found; is it an OPML file?")


def export_blogroll(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to; - or nothing: stdout.")] = None,
    recommended: Annotated[
        bool, typer.Option("--recommended", help="Only whom you recommend, as anybody may see it.")
    ] = False,
) -> None:
    """Write the subscriptions as OPML, with folders and tags."""
    from syndicator.files import replace_file
    from syndicator.sources import opml

    space = open_workspace(ctx, scratch=True)
    lines = _recommended(space) if recommended else _everything(space)
    whose = f"{space.settings.me.name}: " if space.settings.me.name else ""
    title = f"{whose}recommended blogs" if recommended else f"{space.settings.me.name or 'My'} blogroll"
    data = opml.write(title, lines)
    if file is None or str(file) == "-":
        typer.echo(data, nl=False)
        return
    try:
        replace_file(file, data)
    except OSError as error:
        fail(f"{file}: can't be written: {error.strerror or error}; name another file")
    tell(f"{len(lines)} feed{'s' * (len(lines) != 1)} written to {file}")


def _everything(space: Workspace) -> list[Subscription]:
    from syndicator.follow import subscribed
    from syndicator.sources.blogroll import Subscription

    curated = [each for each in subscribed(space).feeds if each.kind == "curated"]
    if any(each.weight != 1 or each.include or each.exclude or each.comment_first for each in curated):
        tell("weights, include, exclude and comment_first stay in the settings: OPML has no place for them")
    return [Subscription(each.url, each.title, each.site, tags=each.tags, folders=each.folders) for each in curated]


def _recommended(space: Workspace) -> list[Subscription]:
    """Whom the owner recommends; says of whom no feed is known."""
    from syndicator import blogroll_page
    from syndicator.cli.owed import named
    from syndicator.follow import subscribed
    from syndicator.sources import health

    known = health.load(space.state)
    feeds = [health.named(each, known) for each in subscribed(space).feeds]
    for person in blogroll_page.unread(space, feeds):
        tell(f"no feed of {named(person)} is among your sources: `syndicator add` it, and it will be in here")
    marked = blogroll_page.recommended(space, feeds)
    return blogroll_page.public([each for each in feeds if each.url in marked], marked)


def sources(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List sources with their health."""
    from syndicator.cli import render, shapes
    from syndicator.fetch_options import bounds
    from syndicator.follow import subscribed as subscribed_in
    from syndicator.sources import health

    space = open_workspace(ctx, scratch=True)
    subscribed = subscribed_in(space)
    known = health.load(space.state)
    documents = [shapes.source(each, health.of(each, known), bounds(space.settings)) for each in subscribed.feeds]
    if as_json:
        show_json(documents)
    else:
        show(*render.sources(documents, space.settings.me.timezone, space.clock()))
    for problem in subscribed.problems:
        tell(f"problem: {problem}")
    if subscribed.problems:
        raise typer.Exit(1)


def add(ctx: typer.Context, url: UrlArgument) -> None:
    """Subscribe to one blog; from a page, to the best of its feeds."""
    from syndicator.sources import health, subscribe
    from syndicator.sources.blogroll import Subscription

    space = open_workspace(ctx)
    settings = space.settings
    feed = _find(settings, url).feed
    revived = health.revive(space.state, feed.url)
    if feed.url in {source.url for source in _subscriptions(settings).feeds}:
        show(f"already there{', and asked again from now on' if revived else ''}: {feed.title or feed.url}")
        return
    path = subscribe.add(settings, Subscription(feed.url, feed.title, feed.site))
    items = f"{len(feed.items)} item{'s' * (len(feed.items) != 1)}"
    show(f"added to {path}: {feed.title or feed.url}", f"    {feed.url}, {items}")


def remove(
    ctx: typer.Context,
    url: Annotated[
        str, typer.Argument(metavar="URL", help="The feed, as `sources` shows it.", autocompletion=completing.sources)
    ],
) -> None:
    """Unsubscribe from one feed. What was posted and booked stays."""
    from syndicator.sources import subscribe

    settings = load_settings(ctx)
    path = subscribe.remove(settings, url)
    if path:
        show(f"removed from {path}: {url}")
        return
    origin = next((source.origin for source in _subscriptions(settings).feeds if source.url == url), None)
    if origin:
        fail(f"{url} comes from {origin}: remove it there", 2)
    fail(f"{url}: not subscribed; `syndicator sources` lists the feeds", 2)


def preview(ctx: typer.Context, url: UrlArgument, as_json: JsonOption = False) -> None:
    """Show what a feed, also one in a file, would give. Stores nothing, and needs no settings."""
    from syndicator.cli import render, shapes
    from syndicator.settings import Settings, SettingsError

    try:
        settings = load_settings(ctx)
    except SettingsError:
        if ctx.obj:
            raise
        settings = Settings()
    file = Path(url)
    found = _find(settings, file.resolve().as_uri() if file.is_file() else url)
    document = shapes.preview(found.feed, found.others)
    if as_json:
        show_json(document)
    else:
        show(*render.preview(document, settings.me.timezone, width()))


def _find(settings: Settings, text: str) -> Found:
    """The feed that an address or a handle leads to; the others there are told, so that one of them can be taken."""
    from syndicator.cli.progress import working
    from syndicator.fetch_options import fetch_options
    from syndicator.paths import address_of
    from syndicator.sources.address import typed
    from syndicator.sources.find import find

    text = address_of(text, Path, Path.cwd()) or text
    if not typed(text):
        fail(f"{text!r} is not a web address; write for example https://ada.example or @ada@example.social", MISUSED)
    with working("looking for the feed"):
        found = find(text, fetch_options(settings))
    for other in found.others:
        mention(f"also there: {other.url}" + (f" ({other.title})" if other.title else ""))
    return found


def _read_blogroll(settings: Settings, source: str) -> Blogroll:
    """The blogroll in a file or at a web address; from a page, the best that it names: the others are told."""
    from syndicator import urls
    from syndicator.cli.progress import progress
    from syndicator.fetch_options import fetch_options
    from syndicator.paths import path_of
    from syndicator.sources.find_blogroll import find_blogroll, read_file

    if not urls.is_web(source):
        path = path_of(source, Path)
        if not path.exists():
            fail(f"{path}: there is no such file; check the path, or write a web address with https://", MISUSED)
        return read_file(path)
    with progress() as counting:
        if counting:
            counting("reading the blogroll", 0, 1)
        found = find_blogroll(source, fetch_options(settings))
    if found.answer.url != source:
        mention(f"found: {found.answer.url}")
    for other in found.others:
        mention(f"also there: {other.url}" + (f" ({other.title})" if other.title else ""))
    return found.blogroll


def _subscriptions(settings: Settings) -> Subscriptions:
    from syndicator.follow import subscribed
    from syndicator.workspace import Workspace

    return subscribed(Workspace(settings, scratch=True))

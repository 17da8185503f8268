"""Articles with authors who can be named: their pages, the feed that tells of them, and the people behind."""

from typing import Any

from counterparts.feed_server import FeedServer
from counterparts.page_server import page
from directories import live
from small_world import SmallWorld, entry

from syndicator.report import Report

ADA = "ada@example.social"
CREATOR = f'<meta name="fediverse:creator" content="@{ADA}">'


def announce(world: SmallWorld, site: FeedServer, **heads: str) -> list[str]:
    """Pages with these heads, and a feed that tells of them, the first the freshest."""
    for name, head in heads.items():
        site.routes[f"/{name}"] = page(f"The story of {name}", head=head)
    entries = (entry(site.url(f"/{name}"), title=f"The story of {name}", hours=2 + n) for n, name in enumerate(heads))
    world.feed("ada", *entries)
    return [site.url(f"/{name}") for name in heads]


def author(site: FeedServer, network: str, handle: str, **more: Any) -> None:
    """Somebody lives on a network whose profile leads to the site."""
    live(network, handle, **{"links": (site.url("/"),), **more})


def texts(world: SmallWorld) -> dict[str, str]:
    """The text of each post, by the last part of its article's address."""
    return {post.article.rpartition("/")[2]: post.draft.text for post in world.posts()}


def whys(report: Report) -> list[str]:
    """What the plan says of authors."""
    return [why for each in report.choice.plan.planned for why in each.why if "author" in why]

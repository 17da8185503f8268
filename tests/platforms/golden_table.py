"""What becomes of every payload of the corpus's `wire` folder, written by hand: its entries, or why it has none.

An entry is "kind who my-page", in the order in which they stand in the file; `*` is a like or boost of somebody else's
share of mine. "nothing" is a payload of a file that is read and tells of nothing done for me, with the reason behind.
"""

_AS = "granary's own form of what networks say (and its sources in HTML and mf2): no network that is read speaks it"
_BARE = "a bare record, as in a repository or on the firehose: what is read are the notifications of the same acts"
_FEED = "an entry of a feed: what is read are the notifications of the same posts"
_V1 = "version 1.1 of X's API, which is no more"
_PAID = "X takes money for each person or post in such a list: none is asked for"
_GROUPED = "notifications in groups, which leave out who did what when: the single ones are read"
_QUOTES = "a list of quotes: what is read are the notifications of the same quotes"
_MINE = "what was asked for and answered about my own posts: nobody else did anything"
_GRAPH = "who follows whom: read as the graph of followers, which tells states and no acts"
_INSTANCE = "what a server says of itself: read for its limits"
_WHO = "who somebody is: nothing was done"

#: File → its entries in their order.
READ: dict[str, tuple[str, ...]] = {
    "bluesky/atproto_snapshot_notifications.json": (
        # likes via own repost
        "like* bluesky:alice.test record(4)",
        # default priority
        "boost* bluesky:alice.test record(4)",
        "like* bluesky:alice.test record(4)",
        "like bluesky:alice.test record(8)",
        "follow bluesky:alice.test",
        # explicit priority
        "boost* bluesky:alice.test record(4)",
        "like* bluesky:alice.test record(4)",
        "like bluesky:bob.test record(9)",
        "like bluesky:alice.test record(9)",
        "quote bluesky:dan.test record(9)",
        "follow bluesky:bob.test",
        "follow bluesky:alice.test",
        # by multiple reasons
        "reply bluesky:carol.test record(3)",
        "reply bluesky:carol.test record(4)",
        "reply bluesky:bob.test record(4)",
        "mention bluesky:dan.test",
        # likes
        "like bluesky:dan.test record(2)",
        "like bluesky:carol.test record(6)",
        "like bluesky:carol.test record(2)",
        "like bluesky:bob.test record(6)",
        "like bluesky:bob.test record(2)",
        # likes via repost
        "like* bluesky:alice.test record(4)",
        # reposts, one of them of a post that I had reposted
        "boost bluesky:dan.test record(2)",
        "boost bluesky:dan.test record(4)",
        # reposts via repost
        "boost* bluesky:alice.test record(4)",
        # verification
        "nothing: it says who somebody is",
        "nothing: it says who somebody is",
    ),
    "bluesky/atproto_snapshot_reposts.json": (
        "boost bluesky:eve.test my-post",
        "boost bluesky:dan.test my-post",
        "boost bluesky:carol.test my-post",
        "boost bluesky:bob.test my-post",
        "boost bluesky:eve.test my-post",
        "boost bluesky:dan.test my-post",
    ),
    "mastodon/bigbone_notifications.json": (
        "reply mastodon:zsc 103186038209478945",
        "like mastodon:haskal@cybre.space 103186046267791694",
    ),
    "mastodon/bigbone_reblogged_by.json": ("boost mastodon:test@test.com my-post",),
    "mastodon/cassette_status_reblogged_by.json": ("nothing: I boosted a post of mine",),
    "mastodon/granary_mention_notification.json": ("mention mastodon:bob@other.net",),
    "mastodon/granary_reblog.json": ("boost mastodon:bob@other.net http://foo.com/@snarfed/123",),
    "mastodon/granary_reply.json": ("reply mastodon:snarfed@foo.com 456",),
    "mastodon/granary_status.json": ("nothing: a post of its own, to nobody",),
    "mastodon/mastodonkit_notifications.json": (
        "like mastodon:ornithocoder@mastodon.technology https://mastodon.technology/@ornithocoder",
        "like mastodon:ornithocoder@mastodon.technology https://mastodon.technology/@ornithocoder",
    ),
    "mastodon/notifications_local.json": (
        "nothing: somebody whom I watch wrote something",
        *("nothing: somebody joined the server",) * 3,
        *("mention mastodon:admin@localhost:3000",) * 5,
    ),
    "x/pytwitter_timeline_mentions.json": ("mention x:2",) * 5,
}

#: File → why it is never read, or nothing in it is an act of somebody else's for me.
UNREAD: dict[str, str] = {
    **{
        f"activitystreams/{name}": _AS
        for name in (
            *("article_with_comments.as.json", "article_with_comments.mf2.html", "article_with_comments.mf2.json"),
            *("article_with_likes.as-from-mf2.json", "article_with_likes.as.json"),
            *("article_with_likes.mf2.html", "article_with_likes.mf2.json"),
            *("bookmark.as-from-mf2.json", "bookmark.as.json", "bookmark.mf2.json"),
            *("comment_inreplyto_id.as.json", "comment_inreplyto_id.as2.json", "favorite.as.json"),
            *("invite.as.json", "invite.as2.json", "invite.mf2.json"),
            *("like.as-from-mf2.json", "like.as.json", "like.as2.json", "like.mf2.html", "like.mf2.json"),
            *("like_with_string_object_actor.as.json", "like_with_string_object_actor.as2.json"),
            *("like_with_summary.as.json", "like_with_summary.mf2.html", "multiple_types_repost.as.json"),
            *("quote_with_image.as.json", "repost.as-from-mf2.json", "repost.as.json", "repost.as2.json"),
            *("repost.mf2.html", "repost.mf2.json", "repost_of_with_h_cite.as.json"),
            *("repost_of_with_h_cite.mf2.html", "repost_of_with_h_cite.mf2.json"),
            *("undo_repost.as.json", "undo_repost.as2.json"),
        )
    },
    "bluesky/atproto_snapshot_quotes.json": _QUOTES,
    **{f"bluesky/granary_{kind}_record.json": _BARE for kind in ("follow", "like", "reply", "repost")},
    **{f"bluesky/granary_td_{kind}.json": _BARE for kind in ("follow", "like")},
    **{f"bluesky/granary_td_{kind}.json": _FEED for kind in ("comment_inreplyto_id", "note", "quote")},
    "bluesky/jetstream_golden.jsonl.json": _BARE,
    "bluesky/marshalx__extended_like_record.json": _BARE,
    "bluesky/marshalx__like_record.json": _BARE,
    "bluesky/marshalx__get_follows.json": _GRAPH,
    "bluesky/marshalx__resolve_handle.json": _WHO,
    "mastodon/bigbone_context.json": "a whole thread: those who name me in it are told of by notifications",
    "mastodon/bigbone_error_401.json": "a refused login: told as such",
    "mastodon/bigbone_grouped.json": _GROUPED,
    "mastodon/cassette_grouped_notifications.json": _GROUPED,
    "mastodon/cassette_account_follow_unfollow.json": _GRAPH,
    "mastodon/cassette_account_followers.json": _GRAPH,
    "mastodon/cassette_account_relationships.json": _GRAPH,
    "mastodon/cassette_instance.json": _INSTANCE,
    "mastodon/tootsdk_instance_mastodon45.json": _INSTANCE,
    "mastodon/tootsdk_instance_pleroma.json": _INSTANCE,
    "mastodon/cassette_status_card.json": _MINE,
    "mastodon/cassette_status_post_with_quote.json": _MINE,
    "mastodon/cassette_status_quote_revoke.json": _MINE,
    "mastodon/cassette_status_quotes.json": _QUOTES,
    **{
        f"x/granary_v1_{kind}.json": _V1
        for kind in ("favorite_event", "quote", "reply_1", "reply_3", "retweet_0", "tweet")
    },
    **{
        f"x/pytwitter_{what}_resp.json": _PAID
        for what in ("followers", "tweet_liking_users", "tweet_quote_tweets", "tweet_retweet_tweets")
    },
    "x/pytwitter_me_resp.json": _WHO,
    "x/pytwitter_timeline_reverse_chronological.json": "what those whom I follow wrote: to everybody, not to me",
    "x/pytwitter_tweets_resp.json": "posts that were asked for by their ids: read back, or looked at, and no acts",
    "x/tweepy_create_tweet.json": _MINE,
    "x/tweepy_delete_tweet.json": _MINE,
    "x/tweepy_headers.json": "headers alone: read for the limits of calls",
}

"""Blogrolls: everything that can be read is, what can't says why, and what is written reads back."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.sources import encoding, opml, outline
from syndicator.sources.base import SourceError
from syndicator.sources.opml import Blogroll, Subscription


def read(body: str, **named: object) -> Blogroll:
    return opml.read(f'<opml version="2.0"><body>{body}</body></opml>'.encode(), **named)  # type: ignore[arg-type]


def urls(blogroll: Blogroll) -> list[str]:
    return [each.url for each in blogroll.sources]


def test_a_feed_with_everything() -> None:
    found = read(
        '<outline text="News"><outline text=" Local\n"><outline type="rss" text="Ada &amp; Bob" title="no"'
        ' xmlUrl=" https://ada.example/feed " htmlUrl="https://ada.example/" category="/Boston/Weather, news,news"/>'
        "</outline></outline>"
    )
    assert found.wellformed
    assert found.sources == (
        Subscription(
            url="https://ada.example/feed",
            title="Ada & Bob",
            site="https://ada.example/",
            kind="rss",
            tags=("Boston/Weather", "news"),
            folders=("News", "Local"),
        ),
    )


@pytest.mark.parametrize(
    ("outline", "url"),
    [
        ('<outline XMLURL="https://a.example/f"/>', "https://a.example/f"),
        ('<outline xmlUrl="feed:https://a.example/f"/>', "https://a.example/f"),
        ('<outline xmlUrl="feed://a.example/f"/>', "http://a.example/f"),
        ('<outline xmlUrl="FEED://https://a.example/f"/>', "https://a.example/f"),
        ('<outline xmlUrl="https://a.example/&#10;  f"/>', "https://a.example/f"),
        ('<outline xmlUrl="https://a.example/\n  f"/>', "https://a.example/f"),
        ('<outline xmlUrl="https://a.example/my feed"/>', "https://a.example/my%20feed"),
        ('<outline type="link" xmlUrl="https://a.example/f"/>', "https://a.example/f"),
        ('<outline type="RSS" url="https://a.example/f"/>', "https://a.example/f"),
        ('<outline xmlUrl="https://a.example/f?a=1&amp;copy=2"/>', "https://a.example/f?a=1&copy=2"),
    ],
)
def test_addresses_as_people_write_them(outline: str, url: str) -> None:
    assert urls(read(outline)) == [url]


@pytest.mark.parametrize(
    ("outline", "reason"),
    [
        ('<outline xmlUrl="ftp://a.example/f"/>', "ftp: addresses can't be read, only http and https"),
        ('<outline xmlUrl="javascript:alert(1)"/>', "javascript: addresses can't be read, only http and https"),
        ('<outline xmlUrl="file:///etc/passwd"/>', "is a file, which only a blogroll on this machine may name"),
        ('<outline xmlUrl="feeds/a.xml"/>', "is not a whole web address"),
        ('<outline xmlUrl="http://"/>', "is not a whole web address"),
        ('<outline xmlUrl="http://Outline XML URL/"/>', "is not a whole web address"),
        ('<outline xmlUrl="Outline XML URL"/>', "holds spaces: is it an address?"),
        ('<outline type="rss" text="x"/>', "has no feed address (xmlUrl)"),
        ('<outline htmlUrl="https://a.example/"/>', "has no feed address (xmlUrl); `syndicator add` finds"),
    ],
)
def test_what_can_not_be_followed_says_why(outline: str, reason: str) -> None:
    found = read(outline)
    assert found.sources == ()
    assert found.skipped[0].reason.startswith(reason)
    assert found.skipped[0].line == 1


def test_relative_addresses_hang_on_where_the_blogroll_lies() -> None:
    relative = '<outline xmlUrl="feeds/a.xml"/>'
    assert urls(read(relative, base="https://ada.example/lists/b.opml")) == ["https://ada.example/lists/feeds/a.xml"]
    local = read(relative, base="file:///home/ada/b.opml", allow_files=True)
    assert urls(local) == ["file:///home/ada/feeds/a.xml"]
    assert urls(read(relative, base="file:///home/ada/b.opml")) == []
    assert urls(read('<outline xmlUrl="/etc/passwd"/>', base="https://ada.example/")) == [
        "https://ada.example/etc/passwd"
    ]


@pytest.mark.parametrize("base", ["", "https://ada.example/b.opml", "file:///home/ada/b.opml"])
def test_a_phrase_is_no_address_wherever_it_stands(base: str) -> None:
    found = read('<outline text="A" xmlUrl="Outline XML URL"/>', base=base, allow_files=True)
    assert found.sources == ()
    assert [(skip.url, skip.title) for skip in found.skipped] == [("Outline XML URL", "A")]


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("file:feeds/ada.xml", "file:///home/ada/lists/feeds/ada.xml"),
        ("file:../ada.xml", "file:///home/ada/ada.xml"),
        ("FILE:ada.xml", "file:///home/ada/lists/ada.xml"),
        ("file:///srv/ada.xml", "file:///srv/ada.xml"),
        ("file:/srv/ada.xml", "file:///srv/ada.xml"),
        ("file:my feeds/ada.xml", "file:///home/ada/lists/my%20feeds/ada.xml"),
    ],
)
def test_files_are_found_from_the_blogroll_not_from_where_the_command_was_started(written: str, url: str) -> None:
    found = read(f'<outline xmlUrl="{written}"/>', base="file:///home/ada/lists/b.opml", allow_files=True)
    assert urls(found) == [url]


def test_the_first_of_two_wins_and_the_other_is_told() -> None:
    found = read('<outline text="A" xmlUrl="https://a.example/"/><outline text="B" xmlUrl="https://a.example/"/>')
    assert [each.title for each in found.sources] == ["A"]
    assert found.duplicates == ("https://a.example/",)


def test_other_lists_are_shown_not_followed() -> None:
    found = read(
        '<outline type="include" text="I" url="https://a.example/list"/>'
        '<outline type="link" url="https://a.example/more.opml"/><outline type="link" url="https://a.example/page"/>'
        '<outline type="source" sourceType="fl_opml" xmlUrl="https://a.example/third"/>'
    )
    assert [each.url for each in found.includes] == [
        "https://a.example/list",
        "https://a.example/more.opml",
        "https://a.example/third",
    ]
    assert found.sources == ()


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1251"]
)
def test_encodings(codec: str) -> None:
    word = "Жизнь" if codec == "cp1251" else "Fête"
    declared = {"latin-1": "ISO-8859-1", "cp1251": "windows-1251"}.get(codec, "utf-8")
    text = f'<?xml version="1.0" encoding="{declared}"?><opml><body><outline text="{word}" xmlUrl="http://a.example/"/>'
    found = opml.read(f"{text}</body></opml>".encode(codec))
    assert found.wellformed
    assert found.sources[0].title == word


@pytest.mark.parametrize("declared", ["utf-16", "klingon", "utf-8", "us-ascii"])
def test_a_wrong_declaration_loses_nothing(declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?><opml><body><outline text="Fête" xmlUrl="http://a.example/"/>'
    found = opml.read(f"{text}</body></opml>".encode("latin-1"))
    assert found.sources[0].title == "Fête"


MALFORMED = {
    "bare ampersand": '<outline text="Q & A" xmlUrl="https://a.example/f?a=1&copy=2"/>',
    "angle brackets": '<outline text="a < b > c" xmlUrl="https://a.example/f?a=1&copy=2"/>',
    "quotes in quotes": '<outline text="The "best" blog" xmlUrl="https://a.example/f?a=1&copy=2"/>',
    "no quotes": "<outline text=A xmlUrl=https://a.example/f?a=1&copy=2 />",
    "no quotes, closed tightly": "<outline text=A xmlUrl=https://a.example/f?a=1&copy=2/>",
    "attribute twice": '<outline text="A" text="B" xmlUrl="https://a.example/f?a=1&copy=2" title=>',
    "no space": '<outline text="A"xmlUrl="https://a.example/f?a=1&copy=2"/>',
    "single quotes": "<outline text='it's' xmlUrl='https://a.example/f?a=1&copy=2'/>",
    "html entity": '<outline text="caf&eacute;" xmlUrl="https://a.example/f?a=1&copy=2"/>',
    "control character": '<outline text="A\x03" xmlUrl="https://a.example/f?a=1&copy=2"/>',
    "cut off after": '<outline text="A" xmlUrl="https://a.example/f?a=1&copy=2"/><outline text="B" xmlU',
    "cut off before": '<outline text="B" titl\n<outline text="A" xmlUrl="https://a.example/f?a=1&copy=2"/>',
    "unclosed quote before": '<outline text="B\n<outline text="A" xmlUrl="https://a.example/f?a=1&copy=2"/>',
    "stray end": '</outline><outline text="A" xmlUrl="https://a.example/f?a=1&copy=2"/>',
    "undeclared prefix and comment": '<!-- -- --><outline xmlUrl="https://a.example/f?a=1&copy=2"/>',
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_outlines_are_recovered(case: str) -> None:
    found = opml.read(f"<opml>\n<body>\n{MALFORMED[case]}".encode())
    assert not found.wellformed
    assert urls(found) == ["https://a.example/f?a=1&copy=2"]
    assert found.problems[0].line >= 3
    assert "what could be read was kept" in str(found.problems[0])


def test_folders_survive_recovery() -> None:
    found = opml.read(
        b'<opml><body><outline text="R&D"><outline text="A" xmlUrl="http://a.example/"/></outline>'
        b'<outline text="B" xmlUrl="http://b.example/"/>',
    )
    assert [each.folders for each in found.sources] == [("R&D",), ()]


def test_feeds_without_end_tags_do_not_nest() -> None:
    found = opml.read(
        b'<opml><body><outline text="F"><outline text="A" xmlUrl="http://a.example/">'
        b'<outline text="B" xmlUrl="http://b.example/"></outline>',
    )
    assert [each.folders for each in found.sources] == [("F",), ("F",)]


@pytest.mark.parametrize("data", [b"", b"\0", b"hello", b"<html><body>x</body></html>", b'{"a": 1}', b"\xff\xfe", b"<"])
def test_what_is_no_opml_says_so(data: bytes) -> None:
    found = opml.read(data)
    assert found.sources == ()
    assert found.problems[-1].message == "holds no outlines: is it OPML?"


def test_a_doctype_is_harmless_and_an_entity_bomb_too() -> None:
    feed = '<opml><body><outline text="&z;" xmlUrl="http://a.example/"/></body></opml>'
    plain = opml.read(f'<!DOCTYPE opml SYSTEM "opml.dtd">{feed.replace("&z;", "A")}'.encode())
    assert plain.wellformed
    assert urls(plain) == ["http://a.example/"]
    steps = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(25))
    bomb = opml.read(f'<!DOCTYPE opml [<!ENTITY a "lol">{steps}]>{feed}'.encode())
    assert urls(bomb) == ["http://a.example/"]
    assert bomb.problems[0].message == "declares XML entities, which were left unread"
    outside = opml.read(f'<!DOCTYPE o [<!ENTITY z SYSTEM "file:///etc/passwd">]>{feed}'.encode())
    assert outside.sources[0].title == "&z;"


@pytest.mark.parametrize(
    "piece", ["<outline ", "<outline text='", '<outline a="b', "<!--", "<", "&", "<outline a=b ", '"']
)
def test_hostile_repetition_costs_little(piece: str) -> None:
    start = time.process_time()
    opml.read(("<opml><body>" + piece * (400_000 // len(piece))).encode())
    assert time.process_time() - start < 10


def test_deep_nesting() -> None:
    found = read('<outline text="x">' * 200_000 + '<outline xmlUrl="http://a.example/"/>' + "</outline>" * 200_000)
    assert found.sources[0].folders == ("x",) * 100


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Cf", "Zs", "Zl", "Zp")), min_size=1)
subscriptions = st.builds(
    Subscription,
    url=st.integers(0, 10_000).map("https://{}.example/feed?a=1&b=<2>".format),
    title=words,
    site=st.sampled_from(["", "https://ada.example/"]),
    kind=st.sampled_from(["rss", "atom"]),
    tags=st.lists(words.filter(lambda tag: not set(tag) & set(",/")), unique=True).map(tuple),
    folders=st.lists(words, max_size=3).map(tuple),
)


@given(title=words, rolled=st.lists(subscriptions, unique_by=lambda each: each.url))
def test_what_is_written_reads_back(title: str, rolled: list[Subscription]) -> None:
    found = opml.read(opml.write(title, rolled))
    assert found.wellformed
    assert found.title == opml.markup.fold(title)
    assert set(found.sources) == set(rolled)


def test_writing_nests_folders_once() -> None:
    written = opml.write("T", [Subscription(f"http://{n}.example/", folders=("A", "B")) for n in range(3)]).decode()
    assert written.count('<outline text="A">') == written.count('<outline text="B">') == 1


@pytest.mark.corpus
def test_the_corpus(corpus: Path) -> None:
    """Well-formed files: the same feeds in the same folders. Malformed ones: at least what another parser recovers.

    One file names its feeds by phrases ("Outline XML URL") instead of addresses: those are skipped, with the reason.
    """
    expected = json.loads((corpus / "opml" / "expected.json").read_text())
    same = whole = folders = recovered = malformed = 0
    for name, entry in expected.items():
        facts = entry.get("basic", entry)
        data = (corpus / name).read_bytes()
        found = opml.read(data)
        if not facts["wellformed"]:
            malformed += 1
            recovered += set(facts["listparser_feed_urls"]) <= set(urls(found)) and not found.wellformed
            continue
        assert found.wellformed, name
        assert set(opml.read(opml.write("x", found.sources)).sources) == set(found.sources), name
        if facts.get("agree") is False:
            assert set(facts.get("listparser_feed_urls", [])) == set(urls(found)), name
            continue
        whole += 1
        wanted = {feed["xmlUrl"].strip() for feed in facts["feeds"] if feed["xmlUrl"]}
        same += wanted == set(urls(found))
        assert wanted == set(urls(found)) | {skip.url for skip in found.skipped if skip.url in wanted}, name
        first = {}
        for feed in facts["feeds"]:
            first.setdefault((feed["xmlUrl"] or "").strip(), tuple(" ".join(text.split()) for text in feed["folders"]))
        for each in found.sources:
            assert each.folders == first[each.url], name
            folders += 1
    print(f"OPML: {same} of {whole} well-formed files equal, {folders} feeds in their folders,", end=" ")
    print(f"{recovered} of {malformed} malformed files recovered")
    assert (recovered, same) == (malformed, whole - 1)


@pytest.mark.corpus
def test_recovery_reads_well_formed_files_like_the_strict_reader(corpus: Path) -> None:
    for path in sorted((corpus / "opml").rglob("*.*ml")):
        text, _ = encoding.decode(path.read_bytes())
        strict = outline.read(text)
        if strict.problem is None:
            lenient = outline._lenient(text, outline.Problem(1, 1, ""))
            assert _shape(lenient.outlines) == _shape(strict.outlines), path.name


def _shape(outlines: list[outline.Outline]) -> list[object]:
    return [(each.attributes.get("xmlurl"), each.attributes.get("text"), _shape(each.children)) for each in outlines]


HAND_MADE = b"""\xef\xbb\xbf<?xml version="1.0"?>\r
<!-- mine -->\r
<opml version="2.0" mine="yes">\r
  <head><title>T</title></head>\r
  <body>\r
    <outline text="News">\r
      <!-- keep -->\r
      <outline type="rss" text="A" xmlUrl="http://a.example/f" custom='1'/>\r
      <outline type="rss" text="B &amp; C" xmlUrl="http://b.example/f"></outline>\r
    </outline>\r
    <outline text="Empty"/>\r
  </body>\r
</opml>\r
"""


def test_editing_keeps_everything_else() -> None:
    edited = opml.edit(
        HAND_MADE,
        add=[
            Subscription("http://c.example/?a=1&b=2", "Ç", folders=("News",), tags=("x", "y/z")),
            Subscription("http://d.example/", "D", folders=("Empty",)),
            Subscription("http://e.example/", "E", folders=("New", "Sub")),
            Subscription("http://a.example/f", "there already"),
        ],
        remove=["http://b.example/f", "http://never.example/"],
    )
    expected = HAND_MADE.replace(
        b'      <outline type="rss" text="B &amp; C" xmlUrl="http://b.example/f"></outline>\r\n',
        b'      <outline type="rss" text="\xc3\x87" title="\xc3\x87" xmlUrl="http://c.example/?a=1&amp;b=2"'
        b' category="x,/y/z"/>\r\n',
    ).replace(
        b'    <outline text="Empty"/>\r\n',
        b'    <outline text="Empty">\r\n'
        b'      <outline type="rss" text="D" title="D" xmlUrl="http://d.example/"/>\r\n'
        b"    </outline>\r\n"
        b'    <outline text="New">\r\n'
        b'      <outline text="Sub">\r\n'
        b'        <outline type="rss" text="E" title="E" xmlUrl="http://e.example/"/>\r\n'
        b"      </outline>\r\n"
        b"    </outline>\r\n",
    )
    assert edited == expected


@pytest.mark.parametrize("indent", [b"", b"  ", b"\t"])
def test_a_removed_feed_takes_its_line_with_it(indent: bytes) -> None:
    line = indent + b'<outline xmlUrl="http://a.example/"/>\n'
    assert opml.edit(b"<opml><body>\n" + line + b"</body></opml>", remove=["http://a.example/"]) == (
        b"<opml><body>\n</body></opml>"
    )


def test_a_removed_feed_leaves_the_feeds_it_held() -> None:
    nested = (
        b'<opml><body><outline xmlUrl="http://a.example/"><outline xmlUrl="http://b.example/"/></outline></body></opml>'
    )
    assert opml.edit(nested, remove=["http://a.example/"]) == (
        b'<opml><body><outline xmlUrl="http://b.example/"/></body></opml>'
    )


def test_editing_a_latin_1_file_keeps_it_latin_1() -> None:
    data = '<?xml version="1.0" encoding="iso-8859-1"?><opml><body><outline text="é"/></body></opml>'.encode("latin-1")
    edited = opml.edit(data, add=[Subscription("http://a.example/", "Fête €")])
    assert "é".encode("latin-1") in edited
    assert opml.read(edited).sources[0].title == "Fête €"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'<opml>\n<body>\n<outline text="a & b"/></body></opml>', "is malformed at line 3, column 19"),
        (b"<opml><head/></opml>", "has no <body> to hold subscriptions"),
        (b'<!DOCTYPE o [\n<!ENTITY a "b">]><opml><body/></opml>', "declares XML entities at line 2"),
    ],
)
def test_what_is_malformed_is_not_edited(data: bytes, problem: str) -> None:
    with pytest.raises(SourceError, match=problem) as caught:
        opml.edit(data, add=[Subscription("http://a.example/")], where="mine.opml")
    assert caught.value.subject == "mine.opml"
    assert caught.value.remedy


@pytest.mark.corpus
def test_editing_every_file_of_the_corpus(corpus: Path) -> None:
    new, edited = Subscription("https://new.example/feed", "Ñew", folders=("Fo", "Ba")), 0
    for path in sorted((corpus / "opml").rglob("*.*ml")):
        data = path.read_bytes()
        before = opml.read(data)
        if not before.wellformed or b"<body" not in data.lower().replace(b"\0", b"") or b"rdf:" in data:
            continue
        assert opml.edit(data) == data
        grown = opml.edit(data, add=[new])
        assert set(opml.read(grown).sources) == {*before.sources, new}, path.name
        if before.sources:
            gone = before.sources[0].url
            left = opml.read(opml.edit(grown, remove=[gone]))
            assert set(urls(left)) == {*urls(before), new.url} - {gone}, path.name
        edited += 1
    assert edited > 80


def test_many_feeds_are_added_at_once_in_the_folders_that_are_there_and_in_new_ones() -> None:
    before = [Subscription(f"https://b{n}.example/f", folders=(f"F{n % 9}",)) for n in range(3_000)]
    new = [Subscription(f"https://n{n}.example/f", folders=(f"F{n % 9}", "New")) for n in range(3_000)]
    data = opml.write("T", before)
    start = time.process_time()
    edited = opml.edit(data, add=new, remove=[each.url for each in before[:1_000]])
    assert time.process_time() - start < 20
    assert set(opml.read(edited).sources) == {*before[1_000:], *new}
    assert edited.count(b'<outline text="New">') == 9


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<opml><body/></opml>", b'<opml><body>\n  <outline type="rss" text="http://a.example/"'),
        (b"<opml><body></body></opml>", b'<opml><body>\n  <outline type="rss" text="http://a.example/"'),
        (b"<opml>\n\t<body>\n\t</body></opml>", b'\t<body>\n\t\t<outline type="rss" text="http://a.example/"'),
    ],
)
def test_a_new_feed_is_indented_as_the_file_is(data: bytes, expected: bytes) -> None:
    edited = opml.edit(data, add=[Subscription("http://a.example/")])
    assert expected in edited
    assert urls(opml.read(edited)) == ["http://a.example/"]


# --- Odd, and met with


def test_a_feed_in_several_folders_keeps_them_all() -> None:
    found = read(
        '<outline text="News"><outline text="Local"><outline text="A" xmlUrl="https://a.example/" category="x"/>'
        '</outline></outline><outline text="Also, here"><outline xmlUrl="https://a.example/" htmlUrl="https://a.example/home"'
        ' category="x,y"/></outline><outline xmlUrl="https://a.example/"/>'
    )
    assert found.sources == (
        Subscription(
            "https://a.example/", "A", "https://a.example/home", tags=("x", "y", "Also here"), folders=("News", "Local")
        ),
    )
    assert found.duplicates == ("https://a.example/",) * 2
    assert set(opml.read(opml.write("T", found.sources)).sources) == set(found.sources)


def test_included_lists_belong_to_their_folder() -> None:
    inside = '<outline type="include" text="More" url="more.opml"/><outline type="include" url="javascript:x"/>'
    found = read(f'<outline text="F">{inside}</outline>', base="https://a.example/lists/b.opml")
    assert found.includes == (opml.Include("https://a.example/lists/more.opml", "More", ("F", "More")),)
    assert [skip.reason for skip in found.skipped] == ["javascript: addresses can't be read, only http and https"]
    assert read('<outline type="include" url="file:///etc/x"/>').includes == ()


@pytest.mark.parametrize(
    ("tail", "whole"),
    [("</body></opml>", True), ("</body></OPML >", True), ("</body>", False), ("", False), ("</body></opml", False)],
)
def test_a_malformed_file_is_whole_when_its_end_is_there(tail: str, whole: bool) -> None:
    found = opml.read(f'<opml><body><outline text="Q & A" xmlUrl="https://a.example/f"/>{tail}'.encode())
    assert (found.whole, found.wellformed, len(found.sources)) == (whole, False, 1)


@pytest.mark.parametrize("data", [b"", b"hello", b"<html><body>x</body></html>"])
def test_what_is_no_blogroll_is_none_that_is_whole(data: bytes) -> None:
    assert not opml.read(data).whole


def test_the_encoding_may_be_told_by_the_server_alone() -> None:
    data = '<opml><body><outline text="Ж" xmlUrl="https://a.example/"/></body></opml>'.encode("koi8-r")
    assert opml.read(data, content_type="text/xml; charset=koi8-r").sources[0].title == "Ж"


hostile = st.text(
    st.one_of(st.characters(), st.sampled_from("\0\x1b\x7f\u202e\ufeff\ufffe\n\t <>&\"'/,;\\]\u00a0\u2028")),
    max_size=12,
)
hostile_feeds = st.builds(
    Subscription,
    url=st.integers(0, 10_000).map("https://{}.example/feed".format),
    title=hostile,
    tags=st.lists(hostile, max_size=3).map(tuple),
    folders=st.lists(hostile, max_size=3).map(tuple),
)


@given(title=hostile, rolled=st.lists(hostile_feeds, unique_by=lambda each: each.url))
def test_hostile_texts_are_written_so_that_they_read_back_for_ever(title: str, rolled: list[Subscription]) -> None:
    """What a first reading makes of them is what every later one gives: nothing leaks out of its attribute."""
    once = opml.read(opml.write(title, rolled))
    assert once.wellformed
    assert {each.url for each in once.sources} == {each.url for each in rolled}
    again = opml.read(opml.write(once.title, once.sources))
    assert set(again.sources) == set(once.sources)
    assert again.title == once.title
    added = opml.read(opml.edit(b"<opml><body/></opml>", add=rolled))
    assert set(added.sources) == set(once.sources)


@pytest.mark.parametrize(
    "outline",
    [
        '<outline text="A" xmlUrl="feeds/ada.xml"/>',
        '<outline xmlUrl="feed:https://a.example/f"/>',
        '<outline type="rss" url="https://a.example/f"/>',
        '<outline xmlUrl="https://a.example/my feed"/>',
        '<outline xmlUrl="https://a.example/\n   f"/>',
        '<outline XMLURL="HTTPS://A.example/f"/>',
    ],
)
def test_what_is_read_can_be_taken_out_under_the_address_it_has_then(outline: str) -> None:
    base = "file:///home/ada/lists/b.opml"
    data = f"<opml><body>{outline}</body></opml>".encode()
    [feed] = opml.read(data, base=base, allow_files=True).sources
    assert opml.edit(data, remove=[feed.url], base=base) == b"<opml><body></body></opml>"
    assert opml.edit(data, add=[feed], base=base) == data, "and it is not added again"

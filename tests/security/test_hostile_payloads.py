"""Whatever a server answers, and whatever people write: nothing gets out but values, skips and connector errors.

No test looks at a clock: what may be slow is counted.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from datetime import UTC, timedelta
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.action_items import digest, open_items
from connectors.errors import ConnectorError
from connectors.google import docs_model, docs_read
from connectors.google.failures import Failure as GoogleFailure
from connectors.google.parse import parse_event as parse_google
from connectors.google.series import series_of as google_series
from connectors.outlook import body, docx_read
from connectors.outlook.failures import Failure as OutlookFailure
from connectors.outlook.parse import parse_event as parse_outlook
from connectors.outlook.people import Viewer
from connectors.outlook.series import series_of as outlook_series
from connectors.outlook.wire import Answer
from connectors.values import Event, Link, Skipped, Tombstone
from daemon import codec
from daemon.core.detect import OneOff, Rules, Verdict, label
from daemon.core.ledger.classify import classify
from daemon.core.model import Change, OneOnOne
from daemon.core.texts import neutral_title, page_heading
from daemon.render.lines import clean, width
from daemon.store.heartbeat import Heartbeat, read_heartbeat
from daemon.store.state import State
from tests.build import NOW, look
from tests.connectors.word_file import changed as with_part
from tests.connectors.word_file import p, word_file
from tests.security.hostile import deep, mutated, payloads, values

GOOGLE, OUTLOOK = payloads("google"), payloads("outlook")
VIEWER = Viewer(frozenset({"alex@example.com"}))
RULES = Rules(me=frozenset({"alex@example.com"}), one_off=OneOff.ALL)
MANY = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


# --- events --------------------------------------------------------------------------------------------------


def sane(item):
    """What came out of parsing is bounded, printable as UTF-8, and in the world."""
    assert item is None or isinstance(item, Event | Tombstone | Skipped)
    if not isinstance(item, Event):
        return
    assert item.start <= item.end
    assert 1900 <= item.start.year <= 2200
    assert item.start.tzinfo == UTC
    assert len(item.title) <= 1_000
    assert len(item.attendees) <= 102
    for text in (
        item.title,
        item.id,
        *(a.name for a in item.attendees),
        *(a.address for a in item.attendees),
    ):
        text.encode("utf-8")
        assert "\n" not in text
        assert "\x1b" not in text
    found = label(item, RULES)
    assert found.reason
    assert codec.decode(codec.encode(item), Event) == item


@MANY
@given(mutated(GOOGLE), st.booleans(), st.sampled_from(["", "Europe/London", "../x", "\x00"]))
def test_googles_events_become_values_or_are_skipped(payload, listed, zone):
    sane(parse_google(payload, zone, listed=listed))
    with contextlib.suppress(ConnectorError):
        google_series("an-id", payload)


@MANY
@given(mutated(OUTLOOK), st.booleans())
def test_outlooks_events_become_values_or_are_skipped(payload, listed):
    sane(parse_outlook(payload, VIEWER, listed=listed))
    with contextlib.suppress(ConnectorError):
        outlook_series("an-id", payload)


@MANY
@given(values)
def test_anything_at_all_is_no_event(anything):
    sane(parse_google(anything))
    sane(parse_outlook(anything, VIEWER))


@settings(MANY, max_examples=100)
@given(
    st.lists(st.one_of(mutated(GOOGLE, most=2), st.sampled_from(GOOGLE)), min_size=1, max_size=6), st.data()
)
def test_what_is_read_can_be_classified_and_written_down(found, data):
    """Two looks after each other: what is new, and what became of it."""
    records, candidates = {}, ()
    for n in range(2):
        shown = [parse_google(raw) for raw in found]
        items = [i for i in shown if isinstance(i, Event | Tombstone)]
        now = NOW + n * timedelta(hours=1)
        seen = look(*items, now=now, since=NOW if n else None, rules=RULES)
        result = classify(records, [seen], candidates, now, timedelta(days=7))
        records |= {record.id: record for record in result.records}
        candidates = result.candidates
        for entry in result.changes:
            assert codec.decode(codec.encode(entry), Change) == entry
        for record in records.values():
            assert codec.decode(codec.encode(record), OneOnOne) == record
            neutral_title("alex@example.com", record.name).encode()
            page_heading(record.start, UTC).encode()
        found = [data.draw(mutated([raw])) if data.draw(st.booleans()) else raw for raw in found]


def test_a_hundred_thousand_attendees_cost_fifty():
    for parse, many in (
        (parse_google, [{"email": f"p{n}@example.com"} for n in range(100_000)]),
        (
            lambda raw: parse_outlook(raw, VIEWER),
            [{"emailAddress": {"address": f"p{n}@example.com"}} for n in range(100_000)],
        ),
    ):
        base = next(
            r for r in (GOOGLE if parse is parse_google else OUTLOOK) if len(r.get("attendees", ())) > 1
        )
        item = parse({**base, "attendees": many})
        assert isinstance(item, Event)
        assert len(item.attendees) <= 52
        assert label(item, RULES).verdict is not Verdict.ONE_ON_ONE


def test_of_two_keys_of_one_name_the_last_counts_and_nothing_breaks():
    text = (
        json.dumps(GOOGLE[0])[:-1]
        + ', "id": 7, "id": {"a": 1}, "start": [], "attendees": 1, "attendees": []}'
    )
    sane(parse_google(json.loads(text)))


@given(
    st.binary(max_size=200) | values.map(lambda v: json.dumps({"error": v}).encode()), st.integers(300, 599)
)
def test_errors_of_whatever_shape_are_sentences(content, status):
    for failure in (
        GoogleFailure("work", "calendar.events.list", "GET", status, "soon", content),
        OutlookFailure(
            "work", "Account work, reading", "GET", Answer(status, {"retry-after": "soon"}, content)
        ),
    ):
        error = failure.error("")
        assert isinstance(error, ConnectorError)
        assert len(str(error)) < 600
        assert str(error).isprintable()


# --- bodies --------------------------------------------------------------------------------------------------

BITS = [
    "<", ">", "</", "<a ", "href=", '"', "'", "</a>", "<p>", "</p>", "<div", "<!--", "-->", "<style>", "</style>",
    "<script", "&", "&#", "&#x110000;", "&nbsp;", "\x00", "\x01", "\x02", "\x03", "\ud800", "Added by prepd:",
    "https://x.example/1", "<span>", "</span>", " ", "\r\n", "</body>", "İ", "<o:p>", "\u202e",
]  # fmt: skip
LINK = Link("https://x.example/1", 'a "title" <b>')


@MANY
@given(st.lists(st.sampled_from(BITS), max_size=60).map("".join), st.sampled_from(["html", "text", "", None]))
def test_a_body_of_whatever_html_is_compared_and_changed(content, kind):
    body.digest(content, kind)
    assert len(body.links(content, kind)) <= 100
    with_it = body.with_block(content, kind, LINK)
    assert "<b>" not in with_it.replace(content, "") or kind == "text"
    body.has_block(with_it, kind)
    body.without_link(with_it, kind, LINK.url)


@pytest.mark.parametrize("bit", BITS)
def test_a_megabyte_of_anything_is_looked_at_once(bit):
    """It ends: what is not linear in it takes minutes here, and the suite with it."""
    content = bit * (1_000_000 // len(bit))
    body.digest(content)
    body.links(content)
    body.without_link(content, "html", "https://y.example")


# --- documents -----------------------------------------------------------------------------------------------

DOC = {
    "revisionId": "r",
    "tabs": [
        {
            "tabProperties": {"tabId": "t"},
            "documentTab": {
                "body": {
                    "content": [
                        {"endIndex": 1, "sectionBreak": {}},
                        {
                            "startIndex": 1,
                            "endIndex": 10,
                            "paragraph": {
                                "elements": [
                                    {"startIndex": 1, "endIndex": 10, "textRun": {"content": "3 Nov, 1:\n"}}
                                ],
                                "paragraphStyle": {"namedStyleType": "HEADING_1", "headingId": "h.1"},
                            },
                        },
                        {
                            "startIndex": 10,
                            "endIndex": 20,
                            "paragraph": {
                                "elements": [
                                    {"startIndex": 10, "endIndex": 19, "textRun": {"content": "☐ an item\n"}},
                                    {
                                        "startIndex": 19,
                                        "endIndex": 20,
                                        "person": {"personProperties": {"name": "D"}},
                                    },
                                ],
                                "bullet": {"listId": "l", "nestingLevel": 1},
                            },
                        },
                        {
                            "startIndex": 20,
                            "endIndex": 30,
                            "table": {"tableRows": [{"tableCells": [{"content": []}]}]},
                        },
                    ]
                },
                "namedRanges": {
                    "prepd:key": {
                        "namedRanges": [
                            {
                                "namedRangeId": "n",
                                "name": "prepd:key",
                                "ranges": [{"startIndex": 1, "endIndex": 10}],
                            },
                            {
                                "namedRangeId": "m",
                                "name": "prepd-words:key:9:00",
                                "ranges": [{"startIndex": 1, "endIndex": 10}],
                            },
                        ]
                    }
                },
            },
            "childTabs": [],
        }
    ],
}


@MANY
@given(mutated([DOC]))
def test_googles_docs_become_values_or_a_bad_answer(payload):
    try:
        document = docs_model.parse(payload)
    except ConnectorError:
        return
    docs_read.home(document)
    found = docs_read.find_page(document, "key", "h.1")
    if found is not None:
        docs_read.read(found)
        for mark in found.marks("key"):
            docs_model.find_wording(found.heading, mark)


@pytest.mark.parametrize("units", ["9" * 6_000, "400000", "2001", "٣٣", "-1", "", "0"])
def test_a_range_that_names_itself_ours_costs_no_more_than_a_heading(units, monkeypatch):
    """Whoever may edit the doc may name ranges."""
    run = docs_model.Run(1, "x" * 900_000, "x" * 900_000)
    paragraph = docs_model.Paragraph(1, 900_001, (run,))
    hashed = []
    real = hashlib.sha256
    monkeypatch.setattr(docs_model.hashlib, "sha256", lambda data: hashed.append(len(data)) or real(data))
    docs_model.find_wording(paragraph, docs_model.Mark("m", f"prepd-words:key:{units}:00", 1, 5))
    assert sum(hashed) <= 4_000 * 10_000


def test_tabs_in_tabs_in_tabs_are_a_bad_answer():
    tab = DOC["tabs"][0]
    for _ in range(3_000):
        tab = {"documentTab": tab.get("documentTab", {"body": {"content": []}}), "childTabs": [tab]}
    with contextlib.suppress(ConnectorError):
        docs_model.parse({"tabs": [tab]})


XML = [
    "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "text", "&amp;", "&lt;", "<w:tbl>", "</w:tbl>", "<w:tr/>",
    "<w:sdt>", "</w:sdt>", '<w:sym w:font="Wingdings" w:char="F0FE"/>', '<w:ilvl w:val="99999999999"/>', "&xxe;",
    "<!--", "-->", "<?x?>", "<![CDATA[", "]]>", "\x00", "<w:pPr><w:outlineLvl w:val='-1'/></w:pPr>",
]  # fmt: skip


@MANY
@given(st.lists(st.sampled_from(XML), max_size=25).map("".join))
def test_a_word_file_of_whatever_xml_is_read_or_a_bad_answer(inside):
    content = word_file(p("before") + inside)
    with contextlib.suppress(ConnectorError):
        found = docx_read.lines(content)
        open_items(found)
        digest(found)
    with contextlib.suppress(ConnectorError):
        docx_read.marks(content)


@MANY
@given(st.data())
def test_a_damaged_word_file_is_read_or_a_bad_answer(data):
    content = bytearray(word_file(p("one") + p("two")))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
        content = content or bytearray(b"P")
    with contextlib.suppress(ConnectorError):
        docx_read.lines(bytes(content))


@pytest.mark.parametrize("where", ["word/document.xml", "word/styles.xml", "_rels/.rels"])
def test_no_entity_of_a_word_file_is_looked_up(tmp_path, where):
    secret = tmp_path / "secret"
    secret.write_text("kanarie")
    prolog = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}"><!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'
    content = with_part(word_file(p("&e;")), where, lambda text: prolog + text)
    with pytest.raises(ConnectorError) as caught:
        docx_read.lines(content)
    assert "kanarie" not in str(caught.value)


def test_a_bomb_is_put_away_unopened():
    import zipfile

    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("_rels/.rels", "word/document.xml"):
            with archive.open(part, "w", force_zip64=True) as out:
                for _ in range(64):
                    out.write(b"\0" * 1_000_000)
    assert len(stream.getvalue()) < 200_000
    with pytest.raises(ConnectorError):
        docx_read.lines(stream.getvalue())


# --- what is kept and shown ----------------------------------------------------------------------------------


@MANY
@given(values, st.sampled_from([State, Heartbeat, Change, OneOnOne, Event]))
def test_documents_of_whatever_shape_are_values_or_codec_errors(anything, kind):
    text = json.dumps(anything).encode("utf-8", "surrogatepass")
    for act in (lambda: codec.decode(text, kind), lambda: codec.convert(anything, kind)):
        said = refusal(act)
        assert "<script" not in said
        assert "alex@" not in said.lower()


def refusal(act):
    """What a CodecError says; '' where there is none."""
    try:
        act()
    except codec.CodecError as error:
        return str(error)
    return ""


@given(st.binary(max_size=300) | st.just(json.dumps(deep(900)).encode()) | st.just(b"[" * 100_000))
def test_bytes_of_whatever_kind_are_values_or_codec_errors(content):
    for kind in (State, Heartbeat):
        with contextlib.suppress(codec.CodecError):
            codec.decode(content, kind)


@FEW
@given(st.binary(max_size=100) | values.map(lambda v: json.dumps(v).encode()))
def test_a_heartbeat_that_is_none_is_an_empty_one(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("state")
    (folder / "heartbeat.json").write_bytes(content)
    assert isinstance(read_heartbeat(folder), Heartbeat)


@MANY
@given(st.text(max_size=200), st.integers(1, 60))
def test_what_is_shown_stays_on_its_line(text, most):
    shown = clean(text, most)
    assert "\n" not in shown
    assert "\x1b" not in shown
    assert len(shown) <= most
    assert width(shown) <= 2 * most
    shown.encode("utf-8")

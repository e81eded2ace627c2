"""Documents: indices, lists, named ranges, revisions, and what a person types meanwhile."""

import pytest
from googleapiclient.errors import HttpError


@pytest.fixture
def docs(service, alex):
    return service(alex, "docs").documents()


@pytest.fixture
def write(docs):
    def send(document, *requests, **control):
        body = {"requests": list(requests), **({"writeControl": control} if control else {})}
        return docs.batchUpdate(documentId=document, body=body).execute()

    return send


@pytest.fixture
def document(docs):
    return docs.create(body={"title": "1:1 Alex / Dana"}).execute()["documentId"]


def span(start, end):
    return {"startIndex": start, "endIndex": end}


def insert(text, index=1):
    return {"insertText": {"location": {"index": index}, "text": text}}


def refusal(error):
    return error.value.status_code, error.value.reason


def test_an_empty_document_is_a_section_break_and_a_newline(docs, document):
    content = docs.get(documentId=document).execute()["body"]["content"]
    assert (content[0]["endIndex"], list(content[0])) == (1, ["endIndex", "sectionBreak"])
    assert content[1] == {
        "startIndex": 1,
        "endIndex": 2,
        "paragraph": {
            "elements": [{"startIndex": 1, "endIndex": 2, "textRun": {"content": "\n", "textStyle": {}}}],
            "paragraphStyle": {"namedStyleType": "NORMAL_TEXT", "direction": "LEFT_TO_RIGHT"},
        },
    }


def test_indices_count_utf16_units(docs, write, document):
    write(document, insert("😀 hi"))
    end = docs.get(documentId=document).execute()["body"]["content"][-1]["endIndex"]
    assert end == 1 + 2 + 3 + 1
    with pytest.raises(HttpError) as error:
        write(document, {"deleteContentRange": {"range": span(1, 2)}})
    assert "surrogate" in refusal(error)[1]


def test_the_final_newline_cannot_be_deleted_and_text_goes_before_it(write, document):
    write(document, insert("abc"))
    for request in ({"deleteContentRange": {"range": span(1, 5)}}, insert("x", 5), insert("x", 0)):
        with pytest.raises(HttpError) as error:
            write(document, request)
        assert refusal(error)[0] == 400


def test_new_paragraphs_inherit_style_and_bullets(google, write, document):
    write(
        document,
        insert("one\n"),
        {"createParagraphBullets": {"range": span(1, 5), "bulletPreset": "BULLET_CHECKBOX"}},
        insert("zero\n"),
    )
    lines = google.document(document).lines()
    assert [(line.text, line.preset) for line in lines] == [
        ("zero", "BULLET_CHECKBOX"),
        ("one", "BULLET_CHECKBOX"),
        ("", None),
    ]


def test_bullets_strip_tabs_and_join_a_matching_list_before_them(google, docs, write, document):
    write(
        document,
        insert("a\n\tb\nc\n"),
        {"createParagraphBullets": {"range": span(1, 6), "bulletPreset": "BULLET_DISC_CIRCLE_SQUARE"}},
    )
    assert google.document(document).text == "a\nb\nc\n\n"
    write(
        document,
        {"createParagraphBullets": {"range": span(5, 6), "bulletPreset": "BULLET_DISC_CIRCLE_SQUARE"}},
    )
    got = docs.get(documentId=document).execute()
    bullets = [element["paragraph"].get("bullet") for element in got["body"]["content"][1:]]
    assert [bullet and bullet.get("nestingLevel", 0) for bullet in bullets] == [0, 1, 0, None]
    assert len({bullet["listId"] for bullet in bullets if bullet}) == len(got["lists"]) == 1
    levels = next(iter(got["lists"].values()))["listProperties"]["nestingLevels"]
    assert [level["glyphSymbol"] for level in levels[:3]] == ["●", "○", "■"]


def test_headings_get_ids_that_stay_with_them(docs, write, document):
    heading = {"namedStyleType": "HEADING_2"}
    write(
        document,
        insert("Monday\ntext"),
        {
            "updateParagraphStyle": {
                "range": span(1, 2),
                "paragraphStyle": heading,
                "fields": "namedStyleType",
            }
        },
    )
    before = docs.get(documentId=document).execute()["body"]["content"][1]["paragraph"]["paragraphStyle"]
    write(document, insert("Tuesday\n"))
    content = docs.get(documentId=document).execute()["body"]["content"]
    styles = [element["paragraph"]["paragraphStyle"] for element in content[1:]]
    assert [style["namedStyleType"] for style in styles] == ["HEADING_2", "HEADING_2", "NORMAL_TEXT"]
    assert styles[1]["headingId"] == before["headingId"] != styles[0]["headingId"]


def test_named_ranges_shift_with_edits_and_go_with_their_text(google, write, document):
    write(document, insert("hello world"))
    reply = write(document, {"createNamedRange": {"name": "page", "range": span(7, 12)}})
    assert reply["replies"][0]["createNamedRange"]["namedRangeId"]
    paper = google.document(document)
    paper.type_before("hello", "oh, ")
    assert paper.ranges == {"page": ["world"]}
    paper.replace("orl", "")
    assert paper.ranges == {"page": ["wd"]}
    write(document, {"replaceNamedRangeContent": {"namedRangeName": "page", "text": "all"}})
    assert (paper.text, paper.ranges) == ("oh, hello all\n", {"page": ["all"]})
    write(document, {"deleteNamedRange": {"name": "page"}})
    assert paper.ranges == {}


def test_a_batch_is_all_or_nothing(google, write, document):
    revision = google.document(document).revision
    with pytest.raises(HttpError) as error:
        write(document, insert("kept?"), {"deleteContentRange": {"range": span(50, 60)}})
    assert "requests[1].deleteContentRange" in refusal(error)[1]
    assert (google.document(document).text, google.document(document).revision) == ("\n", revision)


def test_a_stale_revision_is_refused(google, docs, write, document):
    revision = docs.get(documentId=document).execute()["revisionId"]
    answer = write(document, insert("a"), requiredRevisionId=revision)
    assert answer["writeControl"]["requiredRevisionId"] == google.document(document).revision != revision
    with pytest.raises(HttpError) as error:
        write(document, insert("b"), requiredRevisionId=revision)
    assert refusal(error)[0] == 400
    assert google.document(document).text == "a\n"


def test_text_styles_follow_their_mask(docs, write, document):
    write(
        document,
        insert("bold plain"),
        {"updateTextStyle": {"range": span(1, 5), "textStyle": {"bold": True}, "fields": "bold"}},
        {"updateTextStyle": {"range": span(3, 5), "textStyle": {}, "fields": "*"}},
    )
    (paragraph,) = [e["paragraph"] for e in docs.get(documentId=document).execute()["body"]["content"][1:]]
    runs = [(e["textRun"]["content"], e["textRun"]["textStyle"]) for e in paragraph["elements"]]
    assert runs == [("bo", {"bold": True}), ("ld plain\n", {})]


@pytest.mark.parametrize(
    "request_",
    [
        {"updateTextStyle": {"range": span(1, 2), "textStyle": {"bold": True}}},
        {"updateTextStyle": {"range": span(1, 2), "textStyle": {}, "fields": "colour"}},
        {"updateParagraphStyle": {"range": span(1, 2), "paragraphStyle": {}, "fields": "headingId"}},
        {"insertTable": {"rows": 1, "columns": 1, "location": {"index": 1}}},
        {"insertText": {"text": "x"}},
        {"insertText": {"location": {"index": 1, "segmentId": "kix.header"}, "text": "x"}},
        {"insertText": {"location": {"index": 1}, "txt": "x"}},
        {"createParagraphBullets": {"range": span(1, 2), "bulletPreset": "BULLET_UNKNOWN"}},
        {"deleteNamedRange": {"name": "nowhere"}},
    ],
)
def test_what_a_document_does_not_take_is_400(write, document, request_):
    with pytest.raises(HttpError) as error:
        write(document, request_)
    assert refusal(error)[0] == 400


def test_replace_all_text_says_how_often(google, write, document):
    write(document, insert("{date} and {date}"))
    request = {"containsText": {"text": "{date}", "matchCase": True}, "replaceText": "Monday"}
    answer = write(document, {"replaceAllText": request})
    assert answer["replies"] == [{"replaceAllText": {"occurrencesChanged": 2}}]
    assert google.document(document).text == "Monday and Monday\n"


def test_tabs_come_instead_of_the_body_when_asked_for(docs, document):
    got = docs.get(documentId=document, includeTabsContent=True).execute()
    assert "body" not in got
    assert got["tabs"][0]["tabProperties"]["tabId"] == "t.0"
    assert got["tabs"][0]["documentTab"]["body"]["content"][1]["endIndex"] == 2


def test_a_person_goes_on_with_a_list_and_ticks_a_box(google, write, document):
    heading = {"namedStyleType": "HEADING_2"}
    write(
        document,
        insert("Action items\ncall Bo\nNotes\n"),
        {"createParagraphBullets": {"range": span(14, 15), "bulletPreset": "BULLET_CHECKBOX"}},
        {
            "updateParagraphStyle": {
                "range": span(1, 2),
                "paragraphStyle": heading,
                "fields": "namedStyleType",
            }
        },
        {
            "updateParagraphStyle": {
                "range": span(22, 23),
                "paragraphStyle": heading,
                "fields": "namedStyleType",
            }
        },
    )
    paper = google.document(document)
    paper.append("write to Cy", under="Action items")
    paper.append("free text", under="Notes")
    paper.tick("call Bo")
    paper.tick("write to Cy", "x")
    assert paper.section("action items") == ["call Bo", "[x] write to Cy"]
    lines = {line.text: line for line in paper.lines()}
    assert lines["call Bo"].struck
    assert lines["[x] write to Cy"].preset == "BULLET_CHECKBOX"
    assert not lines["[x] write to Cy"].struck
    assert (lines["free text"].style, lines["free text"].preset) == ("NORMAL_TEXT", None)


def test_a_document_that_a_person_made_is_not_there_for_drive_file(google, docs, alex, service):
    paper = google.write_document(alex, "Mine", "secret")
    with pytest.raises(HttpError) as error:
        docs.get(documentId=paper.id).execute()
    assert refusal(error)[0] == 404
    wide = service(alex, "docs", scopes=["https://www.googleapis.com/auth/documents"])
    assert wide.documents().get(documentId=paper.id).execute()["title"] == "Mine"

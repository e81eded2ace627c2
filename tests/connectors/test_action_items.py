"""What counts as an action item, and when it is done, as people write it."""

import pytest

from connectors.action_items import Line, Stretch, digest, is_title, open_items

H2 = Line((Stretch("Action items"),), level=2)


def heading(text, level=2):
    return Line((Stretch(text),), level=level)


def bullet(text, *, struck=False, **more):
    return Line((Stretch(text, struck),), listed=True, **more)


def plain(text):
    return Line((Stretch(text),))


@pytest.mark.parametrize(
    "title",
    [
        "Action items",
        "ACTION ITEMS:",
        "Action items and takeaways",
        "Action items & takeaways",
        "Action Items / Next Steps",
        "Actions",
        "Our action items",
        "✅ Next steps",
        "📝 To-dos!",
        "To dos",
        "TODO",
        "7. Action points",
    ],
)
@pytest.mark.parametrize("level", [1, 2, 6])
def test_a_heading_of_action_items_is_known_by_its_words(title, level):
    assert is_title(heading(title, level))


@pytest.mark.parametrize(
    "title", ["Goals", "Interactions", "Actionable feedback", "Actions speak louder than words", "", "Items"]
)
def test_other_headings_are_not(title):
    assert not is_title(heading(title))


def test_a_typed_title_with_a_colon_counts_and_ends_at_any_heading():
    lines = [plain("Next steps:"), bullet("Call Sam"), heading("Feedback", 6), bullet("Be bold")]
    assert open_items(lines) == ("Call Sam",)


def test_the_sentence_actions_is_no_title_without_a_colon():
    assert open_items([plain("Actions"), bullet("Call Sam")]) == ()


@pytest.mark.parametrize(
    ("typed", "item"),
    [
        ("- Send the plan", "Send the plan"),
        ("* Send the plan", "Send the plan"),
        ("• Send the plan", "Send the plan"),
        ("[ ] Send the plan", "Send the plan"),
        ("[] Send the plan", "Send the plan"),
        ("- [ ] Send the plan", "Send the plan"),
        ("☐ Send the plan", "Send the plan"),
        ("☐\ufe0f Send the plan", "Send the plan"),
    ],
)
def test_items_typed_as_plain_text_count_without_their_marks(typed, item):
    assert open_items([H2, plain(typed)]) == (item,)


def test_text_under_the_heading_that_is_no_list_is_no_item():
    assert open_items([H2, plain("We agreed on a lot."), plain("-dash without space")]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "[x] Send the plan",
        "[X] Send the plan",
        "✔ Send the plan",
        "✔️ Send the plan",
        "Send the plan ✅",
        "Send the plan ☑️",
        "Send the plan [x]",
        "✓ Send the plan",
        "done: Send the plan",
        "Done - Send the plan",
        "DONE – Send the plan",
        "(done) Send the plan",
        "[Done] Send the plan",
        "Send the plan (done)",
        "Send the plan (Done).",
        "Send the plan – done",
        "Send the plan — done!",
        "Send the plan - DONE",
        "Send the plan—done",
        "Done",
        "done ✅",
    ],
)
def test_done_as_a_mark_is_done(text):
    assert open_items([H2, bullet(text)]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Get it done by Friday",
        "Get it done",
        "Write the definition of done",
        "Done is better than perfect: write about it",
        "Ask what has to be done: the list",
        "Book the done-for-you service",
        "done-for-you service: book it",
        "Abandoned - look again",
        "Make the steak well-done",
        "Ask Dana why ✅ shows twice on the page",
        "Undone",
        "Fix box[x] in the parser",
    ],
)
def test_done_as_a_word_is_open(text):
    assert open_items([H2, bullet(text)]) == (text,)


def test_struck_out_and_ticked_items_are_done():
    mixed = Line((Stretch("Send ", True), Stretch("the plan")), listed=True)
    spaced = Line((Stretch("Send", True), Stretch(" "), Stretch("it", True)), listed=True)
    lines = [H2, bullet("Gone", struck=True), mixed, spaced, bullet("Ticked", ticked=True)]
    assert open_items(lines) == ("Send the plan",)


def test_empty_items_are_dropped():
    assert open_items([H2, bullet(""), bullet("  "), bullet("\u200b"), plain("- [ ] "), plain("☐")]) == ()


def test_lists_end_with_a_heading_as_high_and_go_on_below_lower_ones():
    lines = [
        H2,
        bullet("One"),
        heading("Dana's", 3),
        bullet("Two", nesting=1),
        heading("", 2),
        bullet("Three"),
        heading("Feedback", 2),
        bullet("Not one"),
        heading("Next steps", 4),
        bullet("Four"),
        heading("Anything", 3),
        bullet("Not one either"),
    ]
    assert open_items(lines) == ("One", "Two", "Three", "Four")


def test_an_item_is_one_line_of_text():
    assert open_items([H2, bullet("Send\vthe \t plan ")]) == ("Send the plan",)


def test_the_digest_knows_striking_and_bullets_but_not_how_text_is_cut_or_blank_lines():
    whole = [bullet("Send the plan")]
    cut = [plain(""), Line((Stretch("Send "), Stretch("the plan")), listed=True), plain("  ")]
    assert digest(whole) == digest(cut)
    others = [[bullet("Send the plan", struck=True)], [plain("Send the plan")], [bullet("Send a plan")]]
    assert len({digest(lines) for lines in [whole, *others]}) == 4

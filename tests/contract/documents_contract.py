"""What every provider of documents promises, whatever it keeps them in.

A provider's tests subclass `DocumentsContract`, and give it the fixtures `documents` (a `Documents` on an
empty account) and `hand` (that account's user, and the world around them).
"""

from __future__ import annotations

from typing import Protocol

import pytest

from connectors.errors import NotFound
from connectors.kept import Notebook, PageRef
from connectors.protocols import Documents
from connectors.values import Access, Block, BlockKind, PageDraft, Span


class Hand(Protocol):
    """The user, who opens a prep doc in the browser."""

    def headings(self, notebook: Notebook) -> list[str]:
        """The pages' headings, or what stands for them, newest page first."""

    def lines(self, notebook: Notebook, page: PageRef) -> list[str]:
        """The texts on a page that are not blank, its heading excepted."""

    def type_below(self, notebook: Notebook, page: PageRef, line: str, text: str) -> None:
        """Puts the cursor behind a line of a page, presses return and types."""

    def tick(self, notebook: Notebook, page: PageRef, line: str) -> None:
        """Marks an action item as done."""

    def trash(self, notebook: Notebook) -> None: ...

    def readers(self, notebook: Notebook) -> dict[str, Access]:
        """Who else may see the notebook."""

    def mails(self) -> int:
        """How many people were mailed so far."""


def block(kind, *texts, level=0):
    return Block(kind, tuple(Span(text) for text in texts), level)


AGENDA = (
    block(BlockKind.HEADING, "Goals", level=2),
    Block(BlockKind.PARAGRAPH, (Span("Where to, "), Span("really", bold=True), Span("? 🧭"))),
    block(BlockKind.BULLET, "Business"),
    block(BlockKind.HEADING, "Action items and takeaways", level=2),
    block(BlockKind.CHECKBOX, "Send the plan"),
    block(BlockKind.CHECKBOX, "Book a room"),
)
LINES = [
    "Goals",
    "Where to, really? 🧭",
    "Business",
    "Action items and takeaways",
    "Send the plan",
    "Book a room",
]

MONDAY = PageDraft("one-on-one-1", "2026-11-02 Monday", AGENDA)
TUESDAY = PageDraft("one-on-one-2", "2026-11-10 Tuesday", AGENDA)


class DocumentsContract:
    @pytest.fixture
    def notebook(self, documents: Documents) -> Notebook:
        return documents.create_notebook("dana@example.com", "1:1 Alex / Dana", "1:1s")

    # --- notebooks --------------------------------------------------------------------------------------

    def test_a_notebook_that_nobody_made_is_not_found(self, documents):
        assert documents.find_notebook("dana@example.com") is None

    def test_a_notebook_is_found_by_its_key_and_no_other(self, documents, notebook):
        other = documents.create_notebook("it's \\sam@example.com", "1:1 Alex / Sam", "1:1s")
        assert documents.find_notebook("dana@example.com") == notebook
        assert documents.find_notebook("it's \\sam@example.com") == other
        assert documents.find_notebook("kim@example.com") is None
        assert notebook.url != other.url

    def test_a_very_long_key_is_as_good_as_any(self, documents):
        keys = ["k" * 300 + end for end in "ab"] + ["ключ" * 40]
        made = [documents.create_notebook(key, "1:1", "1:1s") for key in keys]
        assert [documents.find_notebook(key) for key in keys] == made

    def test_a_trashed_notebook_is_gone(self, documents, hand, notebook):
        page = documents.add_page(notebook, MONDAY)
        hand.trash(notebook)
        assert documents.find_notebook("dana@example.com") is None
        with pytest.raises(NotFound):
            documents.add_page(notebook, TUESDAY)
        with pytest.raises(NotFound):
            documents.read_page(notebook, page)
        with pytest.raises(NotFound):
            documents.retitle_page(notebook, page, "2026-11-03 Tuesday")

    # --- pages ------------------------------------------------------------------------------------------

    def test_a_page_reads_as_it_was_drafted(self, documents, hand, notebook):
        page = documents.add_page(notebook, MONDAY)
        assert hand.headings(notebook) == ["2026-11-02 Monday"]
        assert hand.lines(notebook, page) == LINES
        assert page.key == "one-on-one-1"
        assert page.url

    def test_a_page_is_made_once_for_each_key(self, documents, hand, notebook):
        page = documents.add_page(notebook, MONDAY)
        again = PageDraft(MONDAY.key, "Another heading", ())
        assert documents.add_page(notebook, again) == page
        assert hand.headings(notebook) == ["2026-11-02 Monday"]

    def test_the_newest_page_comes_first_and_leaves_the_others_as_they_were(self, documents, hand, notebook):
        first = documents.add_page(notebook, MONDAY)
        hand.tick(notebook, first, "Send the plan")
        before = documents.read_page(notebook, first)
        second = documents.add_page(notebook, TUESDAY)
        assert hand.headings(notebook) == ["2026-11-10 Tuesday", "2026-11-02 Monday"]
        assert documents.read_page(notebook, first) == before
        assert hand.lines(notebook, first) == hand.lines(notebook, second) == LINES
        assert first.url != second.url

    def test_text_from_others_is_data(self, documents, hand, notebook):
        text = "# <b>x</b> [y](javascript:alert(1)) & \\ {{z}} =1+1 \x1b[31m\x00 a\nb"
        kept = "# <b>x</b> [y](javascript:alert(1)) & \\ {{z}} =1+1 [31m a b"
        page = documents.add_page(notebook, PageDraft("k", "Page", (block(BlockKind.PARAGRAPH, text),)))
        assert hand.lines(notebook, page) == [kept]

    # --- action items -----------------------------------------------------------------------------------

    def test_action_items_are_open_until_they_are_ticked(self, documents, hand, notebook):
        page = documents.add_page(notebook, MONDAY)
        assert documents.read_page(notebook, page).open_items == ("Send the plan", "Book a room")
        hand.tick(notebook, page, "Send the plan")
        assert documents.read_page(notebook, page).open_items == ("Book a room",)

    def test_action_items_that_the_user_adds_are_open_too(self, documents, hand, notebook):
        page = documents.add_page(notebook, MONDAY)
        hand.type_below(notebook, page, "Send the plan", "Ask Sam 🙋")
        assert documents.read_page(notebook, page).open_items == (
            "Send the plan",
            "Ask Sam 🙋",
            "Book a room",
        )

    def test_each_page_has_its_own_action_items(self, documents, hand, notebook):
        first = documents.add_page(notebook, MONDAY)
        second = documents.add_page(notebook, TUESDAY)
        hand.tick(notebook, second, "Book a room")
        assert documents.read_page(notebook, first).open_items == ("Send the plan", "Book a room")
        assert documents.read_page(notebook, second).open_items == ("Send the plan",)

    # --- the digest -------------------------------------------------------------------------------------

    def test_the_digest_tells_a_page_that_somebody_typed_on(self, documents, hand, notebook):
        page = documents.add_page(notebook, MONDAY)
        made = documents.read_page(notebook, page).digest
        assert documents.read_page(notebook, page).digest == made
        hand.type_below(notebook, page, "Business", "Grow")
        assert documents.read_page(notebook, page).digest != made

    def test_a_new_heading_is_no_typing(self, documents, notebook):
        page = documents.add_page(notebook, MONDAY)
        made = documents.read_page(notebook, page)
        page = documents.retitle_page(notebook, page, "2026-11-03 Tuesday")
        assert documents.read_page(notebook, page) == made

    # --- headings ---------------------------------------------------------------------------------------

    def test_retitling_changes_one_heading_and_nothing_else(self, documents, hand, notebook):
        first = documents.add_page(notebook, MONDAY)
        documents.add_page(notebook, TUESDAY)
        hand.type_below(notebook, first, "Business", "Grow")
        lines = hand.lines(notebook, first)
        ref = documents.retitle_page(notebook, first, "2026-11-03 Tuesday 🎉")
        assert hand.headings(notebook) == ["2026-11-10 Tuesday", "2026-11-03 Tuesday 🎉"]
        assert hand.lines(notebook, ref) == lines
        assert ref.key == first.key
        assert documents.retitle_page(notebook, ref, "2026-11-03 Tuesday 🎉") == ref
        assert documents.add_page(notebook, MONDAY) == ref

    def test_a_heading_whose_answer_was_lost_still_follows(self, documents, hand, notebook):
        first = documents.add_page(notebook, MONDAY)
        documents.retitle_page(notebook, first, "2026-11-03 Tuesday")
        again = documents.retitle_page(notebook, first, "2026-11-03 Tuesday")
        documents.retitle_page(notebook, again, "2026-11-04 Wednesday")
        assert hand.headings(notebook) == ["2026-11-04 Wednesday"]

    # --- sharing ----------------------------------------------------------------------------------------

    def test_a_notebook_is_shared_with_one_person_and_nobody_is_mailed(self, documents, hand, notebook):
        assert hand.readers(notebook) == {}
        documents.share(notebook, "dana@example.com", Access.EDIT)
        documents.share(notebook, "dana@example.com", Access.EDIT)
        assert hand.readers(notebook) == {"dana@example.com": Access.EDIT}
        assert hand.mails() == 0

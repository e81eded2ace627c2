"""A prep doc as its provider's editor would show it, to type into and to tick items in; and the list of them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from daemon.commands.demo.serve.cast import CLIENT, SHOWN, WORK
from daemon.commands.demo.serve.forms import Fields, button, form
from daemon.commands.demo.serve.frame import Page, page_of
from daemon.commands.demo.serve.papers import (
    Line,
    Paper,
    Section,
    Sheet,
    Shelf,
    address,
    folder,
    name,
    sheets,
)
from daemon.render.lines import harmless
from daemon.render.markup import Element, Node, element
from sandbox.microsoft.paper import Paper as WordFile

LONGEST = 300
"""Characters that can be typed at once."""
_PREVIEWED = 3
"""Sections of a page that an invite shows beside it."""
_MADE_BY = {WORK: "Google Doc", CLIENT: "Word file"}


def doc_page(account: str, paper: Paper, here: str) -> Page:
    title = harmless(name(paper))
    about = {"account": account, "doc": paper.id, "back": here}
    first, *earlier = sheets(paper) or [Sheet("", ())]
    content: list[Node] = [
        element("p", element("a", "Prep docs", href="/docs"), class_="crumbs"),
        element("p", f"{_MADE_BY[account]} · {_place(paper)}", class_="from"),
        element("h1", title),
        element("div", *_sheet(first, about), class_="sheet"),
    ]
    if earlier:
        content.append(element("h2", "Earlier pages"))
        content += (
            element(
                "details", element("summary", harmless(sheet.title)), *_sheet(sheet, None), class_="sheet"
            )
            for sheet in earlier
        )
    return page_of(title, *content, place="/docs")


def preview(account: str, paper: Paper) -> Element:
    """The beginning of its open page."""
    sheet = next(iter(sheets(paper)), Sheet("", ()))
    beginning = replace(sheet, sections=sheet.sections[:_PREVIEWED])
    title = element("p", element("strong", harmless(sheet.title)), class_="sheet-title")
    link = element("a", "Open it, to type and to tick", href=address(account, paper))
    return element(
        "section",
        element("h2", f"The prep doc, a {_MADE_BY[account]}"),
        element("div", title, *_sheet(beginning, None), class_="sheet small"),
        element("p", link),
        class_="previewed",
    )


def docs_page(shelf: Shelf) -> Page:
    content: list[Node] = [
        element("h1", "Prep docs"),
        element(
            "p",
            "One for each person: a Google Doc at work, a folder of Word files at the client’s.",
            class_="lead",
        ),
    ]
    for account in (WORK, CLIENT):
        items = (
            element(
                "li",
                element("a", harmless(name(paper)), href=address(account, paper)),
                element("span", _place(paper), class_="quiet"),
            )
            for paper in shelf.papers(account)
        )
        heading = element("h2", f"{SHOWN[account]}: {_MADE_BY[account]}s")
        content.append(element("section", heading, element("ul", *items, class_="docs")))
    return page_of("Prep docs", *content, place="/docs")


def _place(paper: Paper) -> str:
    shared = ", ".join(paper.shared_with)
    seen_by = f"shared with {shared}" if shared else f"only {paper.owner} can see it"
    where = f"in “{harmless(folder(paper))}” on OneDrive · " if isinstance(paper, WordFile) else ""
    return f"{where}{seen_by}"


def _sheet(sheet: Sheet, about: Fields | None) -> Iterator[Element]:
    """:param about: what a form says of the doc; None for a page that is only read."""
    if about is not None and sheet.title:
        yield element("h2", harmless(sheet.title), class_="sheet-title")
    for number, section in enumerate(sheet.sections):
        heading = (element("h3", harmless(section.heading)),) if section.heading else ()
        typing = (_typing(section, number, about),) if about and section.heading else ()
        yield element("section", *heading, *_lines(section, about), *typing)


def _lines(section: Section, about: Fields | None) -> Iterator[Element]:
    items: list[Element] = []
    for line in section.lines:
        if line.kind in ("bullet", "check"):
            if line.text:
                items.append(_item(line, about))
            continue
        if items:
            yield element("ul", *items)
            items = []
        if line.text:
            yield element("p", harmless(line.text), class_="quiet" if line.kind == "note" else "")
    if items:
        yield element("ul", *items)


def _item(line: Line, about: Fields | None) -> Element:
    text = harmless(line.text)
    if line.kind == "bullet":
        return element("li", text, class_="bullet")
    if line.done:
        box = element("span", "☑", class_="box", aria_hidden="true")
        return element(
            "li", box, element("s", text), element("span", " (done)", class_="unseen"), class_="check"
        )
    if about is None:
        box = element("span", "☐", class_="box", aria_hidden="true")
    else:
        box = form("tick", {**about, "item": line.text}, button("☐", class_="box", label=f"Tick: {text}"))
    return element("li", box, element("span", text), class_="check")


def _typing(section: Section, number: int, about: Fields) -> Element:
    label = f"Add under “{harmless(section.heading)}”"
    entry = element(
        "input",
        type="text",
        name="text",
        id=f"type{number}",
        maxlength=str(LONGEST),
        required="required",
        placeholder="Type here …",
        autocomplete="off",
        aria_label=label,
    )
    return form(
        "type", {**about, "heading": section.heading}, entry, button("Add", label=label), class_="typing"
    )

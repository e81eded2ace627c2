"""Forms: fields with labels, buttons, and where one comes back to."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from daemon.commands.demo.world import ZONE
from daemon.render.markup import Element, Node, element

Fields: TypeAlias = dict[str, str]


def form(act: str, hidden: Fields, *inside: Node, class_: str = "", label: str = "") -> Element:
    """Sends itself to `/act/<act>`; `hidden` says what it is about, and `back` where to go afterwards. `label` tells
    forms with the same fields apart.
    """
    fields = (element("input", type="hidden", name=name, value=value) for name, value in hidden.items())
    shown = (*fields, *inside)
    return element("form", *shown, method="post", action=f"/act/{act}", class_=class_, aria_label=label)


def button(text: str, *, class_: str = "", name: str = "", value: str = "", label: str = "") -> Element:
    return element("button", text, type="submit", class_=class_, name=name, value=value, aria_label=label)


def field(label: str, name: str, value: str = "", kind: str = "text", longest: int = 0) -> Element:
    """A labelled input that must be filled in."""
    most = str(longest) if longest else ""
    entry = element("input", type=kind, name=name, value=value, required="required", maxlength=most)
    return element("label", element("span", label), entry, class_="field")


def when(moment: datetime) -> tuple[Element, Element]:
    """A day and a time of day, in Alex's time."""
    local = moment.astimezone(ZONE)
    return (
        field("Day", "day", f"{local:%Y-%m-%d}", "date"),
        field("Time", "time", f"{local:%H:%M}", "time"),
    )


def choice(label: str, name: str, options: dict[str, str]) -> Element:
    """:param options: what is sent, and how it is called."""
    shown = (element("option", text, value=value) for value, text in options.items())
    return element("label", element("span", label), element("select", *shown, name=name), class_="field")

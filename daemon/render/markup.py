"""Elements of HTML and SVG as values, and how they are written: the one place where anything is escaped for HTML.

Text is text wherever it stands, so that nothing in it can become an element or an attribute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import TypeAlias

from connectors.frozen import dataclass

_VOID = {"meta", "br", "input", "link"}


@dataclass(frozen=True, slots=True)
class Element:
    name: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """A style sheet of our own, which is written as it is."""

    css: str


Node: TypeAlias = "str | Element | Style"


def element(name: str, /, *children: Node, **attributes: str) -> Element:
    """`class_` and `aria_label` stand for class and aria-label; an empty attribute is left out."""
    named = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items() if value)
    return Element(name, tuple(named), children)


def written(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield escape(node, quote=False)
        elif isinstance(node, Style):
            yield f"<style>{node.css}</style>"
        else:
            shown = "".join(f' {key}="{escape(value)}"' for key, value in node.attributes)
            yield f"<{node.name}{shown}>"
            yield from written(node.children)
            if node.name not in _VOID:
                yield f"</{node.name}>"

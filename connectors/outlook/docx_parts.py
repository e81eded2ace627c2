"""A Word file as an archive of XML parts, opened without unpacking anything, and its mark. Pure.

A file may come from anybody who can edit it: every size is bounded before it costs memory, and what is no Word
file is a BadAnswer. Names are compared without namespace, since there are two sets of those (transitional and
strict).
"""

from __future__ import annotations

import hashlib
import posixpath
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

from connectors.errors import BadAnswer

if TYPE_CHECKING:
    from lxml.etree import _Element

    Element: TypeAlias = _Element

MOST_BYTES = 32 * 1024 * 1024
"""Of a whole file: pages with pictures are allowed for."""

_MOST_PARTS = 5_000
_MOST_OF_A_PART = 8 * 1024 * 1024
_MOST_TAGS = 300_000  # tags and attributes: each costs over a hundred bytes of memory, whatever its length


_MARK = "prepd:"


def page_mark(key: str) -> str:
    """What a file says among its keywords, to be known as the page with this key, whatever it is called."""
    return f"{_MARK}{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def is_page_mark(mark: str) -> bool:
    """Whether a keyword is that of any page."""
    return mark.startswith(_MARK)


# --- the archive ----------------------------------------------------------------------------------------


def is_archive(content: bytes) -> bool:
    """Whether this is a whole archive: its directory stands at its end."""
    return zipfile.is_zipfile(BytesIO(content))


class Archive:
    """A package of parts (ISO/IEC 29500-2), opened without unpacking anything."""

    def __init__(self, content: bytes) -> None:
        # each part has an entry in the archive's directory, which is read as a whole on opening
        if len(content) > MOST_BYTES or content.count(b"PK\x01\x02") > _MOST_PARTS:
            raise BadAnswer("The prep page is too large to be read.")
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except Exception as error:  # damaged archives raise whatever they please
            raise unreadable() from error

    def related(self, source: str, kind: str) -> str | None:
        """The name of the part that `source` ("" for the package) refers to as this."""
        folder, name = posixpath.split(source)
        relations = self.parse(posixpath.join(folder, "_rels", f"{name}.rels"))
        for relation in relations if relations is not None else ():
            if (relation.get("Type") or "").endswith(f"/{kind}"):
                return posixpath.normpath(posixpath.join("/", folder, relation.get("Target") or "")).lstrip(
                    "/"
                )
        return None

    def parse(self, part: str | None) -> Element | None:
        """The root of a part; None where there is no such part."""
        from lxml import etree  # loaded late: most cycles read no page

        if part is None or (data := self._read(part)) is None:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise unreadable() from error
        if root.getroottree().docinfo.doctype:
            raise unreadable()  # Word writes none; entities that blow up need one
        return root

    def _read(self, part: str) -> bytes | None:
        try:
            info = self._zip.getinfo(part)
        except KeyError:
            return None
        if info.file_size > _MOST_OF_A_PART:
            raise BadAnswer("The prep page is too large to be read.")
        try:
            with self._zip.open(info) as stream:
                data = stream.read(_MOST_OF_A_PART + 1)
        except Exception as error:  # as above
            raise unreadable() from error
        if len(data) > _MOST_OF_A_PART or data.count(b"<") + data.count(b"=") > _MOST_TAGS:
            raise BadAnswer("The prep page is too large to be read.")
        return data


def unreadable() -> BadAnswer:
    """For what is no Word file, or not a sane one."""
    return BadAnswer("The prep page can't be read: it is damaged, protected by a password, or no Word file.")


# --- XML ------------------------------------------------------------------------------------------------


def name_of(element: Element) -> str:
    """An element's name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Element | None, name: str) -> Element | None:
    """The first child with this name, of an element that may be missing itself."""
    return next((e for e in element if name_of(e) == name), None) if element is not None else None


def attribute(element: Element, name: str) -> str:
    """The value of an attribute in whatever namespace; empty where there is none."""
    found = (str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name)
    return next(found, "")


def said(element: Element | None, name: str) -> str:
    """What a child with this name has for its value (`w:val`); empty where there is none."""
    found = child(element, name)
    return attribute(found, "val") if found is not None else ""


def is_on(element: Element) -> bool:
    """Whether a switch is on, which it is without a value too (ISO/IEC 29500-1, CT_OnOff)."""
    return attribute(element, "val").casefold() not in {"0", "false", "off", "none"}


def number(text: str) -> int | None:
    """A small number, or None where it is none."""
    return int(text) if len(text) < 5 and text.isdecimal() else None

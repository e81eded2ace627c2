"""What prepd calls its folders and files on OneDrive, and how it knows them again by name. Pure.

OneDrive for work keeps no marks of an application's own on an item (a description only on personal ones), so a
person's folder carries a short tag of its key, in brackets behind its name: it is found again after a lost answer,
two people of the same name have two folders, and the user may rename it as long as the brackets stay. A file
needs none: it holds its key inside.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b32encode
from collections.abc import Iterator

from connectors.wording import one_line

ENDING = ".docx"

_LONGEST = 90  # of each part of a name, in characters; a whole path may have 400
_MOST_ALIKE = 9

_ONE_ON_ONE = re.compile(r"\b1\s?[:/]\s?1(?=s?\b)")
_TIME = re.compile(r"(?<=\d):(?=\d)")
_APART = re.compile(r"\s+[/\\|:]\s+")
_TOGETHER = re.compile(r"[/\\|:]")
# https://support.microsoft.com/office/64883a5d-228e-48f5-b3d2-eb39e07630fa; # and % where libraries are old
_FORBIDDEN = re.compile(r'["*<>?#%]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|forms|desktop\.ini)(?:\..*)?", re.IGNORECASE)
_TAG = re.compile(r"\s*\(([a-z2-7]{6})\)")


def allowed(text: str) -> str:
    """Text as a name on OneDrive: "1:1 Alex / Dana, 10:00" is "1-1 Alex – Dana, 10.00". Never empty."""
    text = _ONE_ON_ONE.sub("1-1", one_line(text))
    text = _APART.sub(" – ", _TIME.sub(".", text))
    text = _FORBIDDEN.sub("", _TOGETHER.sub("-", text)).replace("_vti_", "_")
    text = " ".join(text.split())[:_LONGEST].strip(" .~")
    return f"{text}_" if _RESERVED.fullmatch(text) else text or "Untitled"


# --- folders --------------------------------------------------------------------------------------------


def tag(key: str) -> str:
    """Six letters and digits that stand for a key: among a hundred people, two alike are one in 200,000."""
    return b32encode(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest())[:6].decode().lower()


def notebook_name(title: str, key: str) -> str:
    """What the folder of one person is called."""
    return f"{allowed(title)} ({tag(key)})"


def is_of(name: str, key: str) -> bool:
    """Whether a folder's name carries this key, wherever in it."""
    return tag(key) in _TAG.findall(name)


def is_notebook(name: str) -> bool:
    """Whether a folder's name carries any key."""
    return _TAG.search(name) is not None


def title_in(name: str) -> str:
    """A folder's name without its tag, as it is spelled in text."""
    return _TAG.sub("", name).strip().replace("1-1", "1:1", 1) or "1:1"


# --- files ----------------------------------------------------------------------------------------------


def page_names(heading: str, title: str) -> Iterator[str]:
    """Names for a page's file, the best first: "Tue 24 Nov 2026, 10.00 – 1-1 Alex – Dana.docx", then with a number."""
    stem = f"{allowed(heading)} – {allowed(title)}"
    yield f"{stem}{ENDING}"
    for number in range(2, _MOST_ALIKE + 1):
        yield f"{stem} ({number}){ENDING}"


def heading_in(name: str, title: str) -> str:
    """What a file's name says beside the title: when its 1:1 is."""
    return name.removesuffix(ENDING).removesuffix(f" – {allowed(title)}")


def fingerprint(name: str) -> str:
    """A short hash of a name, to tell later whether it is still the one that prepd gave."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]

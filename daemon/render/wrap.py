"""Styled text laid out in lines of so many columns, wide characters and very long words included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from daemon.render.lines import Style, Styled, width

Line = tuple[Styled, ...]


def wrapped(
    parts: Iterable[Styled | str], room: int, first: str = "", rest: str = "", *, addresses: bool = False
) -> list[Line]:
    """The parts one after the other, broken at blanks; a word that fits no line is broken where the line ends.

    :param first: stands before the first line, `rest` before the others; both count.
    :param addresses: URLs and paths stay whole, to be clicked and copied, and run over the end if they must.
    """
    lines: list[Line] = []
    line: list[Styled] = [Styled(first, Style.PLAIN)]
    used, begun = width(first), False
    for word in _words(parts):
        whole = addresses and ("://" in word.text or word.text.strip().startswith("/"))
        for piece in [word] if whole else _pieces(word, room - width(rest)):
            blank = " " if begun and piece.text[:1] == " " else ""
            text = piece.text.lstrip(" ")
            if begun and used + len(blank) + width(text) > room:
                lines.append(_trimmed(line))
                line, used, blank = [Styled(rest, Style.PLAIN)], width(rest), ""
            if line[-1].style is piece.style:
                line[-1] = Styled(line[-1].text + blank + text, piece.style)
            else:
                line.append(Styled(blank + text, piece.style))
            used, begun = used + len(blank) + width(text), True
    return [*lines, _trimmed(line)]


def _trimmed(line: list[Styled]) -> Line:
    """Without the blanks that would end it, and without empty parts."""
    while len(line) > 1 and not line[-1].text.strip():
        line.pop()
    last = line.pop()
    return tuple(part for part in (*line, Styled(last.text.rstrip(), last.style)) if part.text)


def _words(parts: Iterable[Styled | str]) -> Iterator[Styled]:
    """Each word with the blank that stands before it, if there is one."""
    for part in parts:
        styled = part if isinstance(part, Styled) else Styled(part, Style.PLAIN)
        for number, word in enumerate(styled.text.split(" ")):
            if word or number:
                yield Styled(f" {word}" if number else word, styled.style)


def _pieces(word: Styled, room: int) -> Iterator[Styled]:
    if width(word.text) <= room:
        yield word
        return
    start, used = 0, 0
    for at, char in enumerate(word.text):
        if used + width(char) > room:
            yield Styled(word.text[start:at], word.style)
            start, used = at, 0
        used += width(char)
    yield Styled(word.text[start:], word.style)


def cut(text: str, room: int) -> str:
    """At most so many columns of it, with an ellipsis where something is missing."""
    if width(text) <= room:
        return text
    kept, used = [], 1
    for char in text:
        if used + width(char) > room:
            break
        kept.append(char)
        used += width(char)
    return "".join(kept).rstrip() + "…"

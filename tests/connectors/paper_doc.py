"""A small model of a Google Doc, written against the reference of documents.batchUpdate alone.

One cell for each UTF-16 unit; a paragraph's style sits on the cell that ends it. Where the reference leaves
open whether a named range grows, the model can be told either answer.
"""

import re
from copy import deepcopy
from dataclasses import dataclass, field


@dataclass
class Cell:
    unit: int
    style: dict = field(default_factory=dict)
    paragraph: dict | None = None  # of line ends only: style, bullet


def units(text):
    data = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(data[i : i + 2], "little") for i in range(0, len(data), 2)]


def text_of(cells):
    return b"".join(c.unit.to_bytes(2, "little") for c in cells).decode("utf-16-le", "surrogatepass")


class PaperDoc:
    def __init__(self, *, grows_at_start=False, grows_at_end=False):
        self.cells: list[Cell] = []
        self.ranges: dict[str, list] = {}  # id → [name, start, end]
        self.grows = grows_at_start, grows_at_end
        self.counter = 0

    def new_id(self, kind):
        self.counter += 1
        return f"{kind}.{self.counter}"

    def type_paragraph(self, text, style="NORMAL_TEXT", bullet=None, text_style=None, **more):
        """As the user would, at the end."""
        paragraph = {"style": {"namedStyleType": style, **more}, "bullet": None}
        if style.startswith("HEADING"):
            paragraph["style"]["headingId"] = self.new_id("h")
        if bullet:
            paragraph["bullet"] = {"listId": self.new_id("list"), "preset": bullet}
        self.cells += [Cell(u, dict(text_style or {})) for u in units(text)]
        self.cells.append(Cell(10, dict(text_style or {}), paragraph))

    # --- requests ---------------------------------------------------------------------------------------

    def apply(self, requests):
        for request in requests:
            ((name, body),) = request.items()
            getattr(self, re.sub("[A-Z]", lambda c: "_" + c[0].lower(), name))(deepcopy(body))

    def insert_text(self, body):
        at = body["location"]["index"] - 1
        new = units(body["text"])
        assert 0 <= at < len(self.cells)
        first_of_line = at == 0 or self.cells[at - 1].paragraph is not None
        style = self.cells[at if first_of_line else at - 1].style
        paragraph = next(c.paragraph for c in self.cells[at:] if c.paragraph)
        added = [Cell(u, dict(style), deepcopy(paragraph) if u == 10 else None) for u in new]
        assert not any(u < 9 or 11 < u < 32 or 0xE000 <= u <= 0xF8FF for u in new), "Google would strip this"
        self.cells[at:at] = added
        start_grows, end_grows = self.grows
        for extent in self.ranges.values():
            if extent[1] > at + 1 or (extent[1] == at + 1 and not start_grows):
                extent[1] += len(new)
            if extent[2] > at + 1 or (extent[2] == at + 1 and end_grows):
                extent[2] += len(new)

    def delete_content_range(self, body):
        start, end = self.bounds(body)
        assert not any(c.paragraph for c in self.cells[start:end]), "crosses a paragraph"
        del self.cells[start:end]
        for extent in self.ranges.values():
            for side in (1, 2):
                extent[side] -= max(0, min(extent[side], end + 1) - (start + 1))
        self.ranges = {i: e for i, e in self.ranges.items() if e[1] < e[2]}

    def delete_paragraph_bullets(self, body):
        for paragraph in self.paragraphs_in(body):
            if paragraph["bullet"]:
                paragraph["bullet"] = None
                paragraph["style"]["indentStart"] = {"magnitude": 36, "unit": "PT"}

    def create_paragraph_bullets(self, body):
        start, _ = self.bounds(body)
        before = next((c.paragraph for c in reversed(self.cells[:start]) if c.paragraph), None)
        bullet = {"listId": self.new_id("list"), "preset": body["bulletPreset"]}
        if before and before["bullet"] and before["bullet"]["preset"] == body["bulletPreset"]:
            bullet = before["bullet"]
        lines = self.paragraphs_in(body)
        for paragraph in lines:
            paragraph["bullet"] = dict(bullet)
        assert not any(t.startswith("\t") for t, p in self.lines() if any(p is x for x in lines))

    def update_paragraph_style(self, body):
        for paragraph in self.paragraphs_in(body):
            style, was = paragraph["style"], paragraph["style"].get("headingId")
            for name in body["fields"].split(","):
                style.pop(name, None)
                if name in body["paragraphStyle"]:
                    style[name] = body["paragraphStyle"][name]
            style.pop("headingId", None)
            if style["namedStyleType"].startswith("HEADING"):
                style["headingId"] = was or self.new_id("h")

    def update_text_style(self, body):
        start, end = self.bounds(body)
        if end < len(self.cells) and self.cells[end].unit == 10:
            end += 1  # "may be extended to include adjacent newlines"
        for cell in self.cells[start:end]:
            if body["fields"] == "*":
                cell.style.clear()
            cell.style.update({k: v for k, v in body["textStyle"].items() if v})

    def create_named_range(self, body):
        start, end = self.bounds(body)
        assert 1 <= len(units(body["name"])) <= 256
        self.ranges[self.new_id("kix")] = [body["name"], start + 1, end + 1]

    def delete_named_range(self, body):
        del self.ranges[body["namedRangeId"]]

    def bounds(self, body):
        start, end = body["range"]["startIndex"] - 1, body["range"]["endIndex"] - 1
        assert 0 <= start < end <= len(self.cells)
        return start, end

    def paragraphs_in(self, body):
        start, end = self.bounds(body)
        found = [c.paragraph for c in self.cells[start:end] if c.paragraph]
        if not self.cells[end - 1].paragraph:
            found.append(next(c.paragraph for c in self.cells[end:] if c.paragraph))
        return found

    # --- reading ----------------------------------------------------------------------------------------

    def lines(self):
        """(text, paragraph) of every paragraph."""
        line = []
        for cell in self.cells:
            if cell.paragraph is None:
                line.append(cell)
            else:
                yield text_of(line), cell.paragraph
                line = []

    def answer(self):
        """As documents.get gives it."""
        content = [{"endIndex": 1, "sectionBreak": {}}]
        line, start = [], 1
        for index, cell in enumerate(self.cells, 1):
            line.append(cell)
            if cell.paragraph:
                content.append(self._element(line, start, cell.paragraph))
                line, start = [], index + 1
        named: dict = {}
        for range_id, (name, begin, end) in self.ranges.items():
            group = named.setdefault(name, {"name": name, "namedRanges": []})
            extent = {"startIndex": begin, "endIndex": end}
            group["namedRanges"].append({"namedRangeId": range_id, "name": name, "ranges": [extent]})
        return {"revisionId": str(self.counter), "body": {"content": content}, "namedRanges": named}

    def _element(self, line, start, paragraph):
        runs, at = [], start
        while line:
            size = next((i for i, c in enumerate(line) if c.style != line[0].style), len(line))
            run = {"content": text_of(line[:size]), "textStyle": dict(line[0].style)}
            runs.append({"startIndex": at, "endIndex": at + size, "textRun": run})
            line, at = line[size:], at + size
        value = {"elements": runs, "paragraphStyle": dict(paragraph["style"])}
        if paragraph["bullet"]:
            value["bullet"] = {"listId": paragraph["bullet"]["listId"]}
        return {"startIndex": start, "endIndex": at, "paragraph": value}

"""Word files for the tests: as other programs save them, and damaged ones."""

from __future__ import annotations

import io
import zipfile

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
NAMES = (
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def package(parts):
    """A zip archive of these parts, by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def word_file(body, styles="", *, strict=False, prolog="", main="word/document.xml", more=None):
    """A Word file with the XML of its body, and of its styles."""
    name = _STRICT if strict else _MAIN
    folder, _, file = main.rpartition("/")
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}">'
            f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="/{main}"/></Relationships>',
            f"{folder}/_rels/{file}.rels": f'<Relationships xmlns="{_RELATIONS}">'
            f'<Relationship Id="r1" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
            f"{folder}/styles.xml": f'<w:styles xmlns:w="{name}">{styles}</w:styles>',
            main: f'{prolog}<w:document xmlns:w="{name}" {NAMES}><w:body>{body}</w:body></w:document>',
            **(more or {}),
        }
    )


def p(text, properties="", run=""):
    """A paragraph with one run of text."""
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr>"
        f'<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def changed(content, part, change):
    """A file with one part changed as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    return package(parts)

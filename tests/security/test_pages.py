"""Links of the report are over HTTPS alone, and the template of a page runs nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.values import BlockKind
from daemon.apply.template import Agenda, agenda_blocks
from daemon.render.links import safe_link

# --- pages of the report and of docs -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\nscript:x", "data:text/html,x", "file:///etc/passwd",
        "http://docs.example/x", "//docs.example/x", "https://", "https:docs.example", "https://user@docs.example/",
        "https://a:b@docs.example/", "https://docs.example/\u202e", "https://[", " https://docs.example/", "", None,
        "vbscript:x", "blob:https://x", "https:/\\docs.example",
    ],
)  # fmt: skip
def test_only_pages_over_https_are_linked(url):
    assert safe_link(url) is None


@given(st.text(max_size=40))
def test_a_link_never_leaves_its_attribute(tail):
    link = safe_link(f"https://docs.example/{tail}")
    assert link is None or not set(link) & set('"<> `\\{}|^\n\x00')


TEMPLATES = [
    "{person.__class__}", "{0}", "{person!r}", "{{person}}", "{%s}", "%(person)s", "$person ${person} $(id) `id`",
    "{{ 7*7 }} {% raw %}", "<%= 7*7 %>", "<?php x ?>", "<script>alert(1)</script>", "[x](javascript:alert(1))",
    "![x](https://evil.example/x.png)", "<img src=x onerror=y>", "<!-- private -->{person}<!-- /private -->",
]  # fmt: skip


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("name", ["Dana", "{date}", "**x**", "[x](javascript:y)", "# x\n- y"])
def test_a_template_runs_nothing_and_names_in_it_are_text(template, name):
    blocks = agenda_blocks(f"{template}\n\n{{person}}\n", Agenda(name, "3 November", "never"))
    said = ["".join(span.text for span in block.spans) for block in blocks]
    assert any(name in line for line in said)
    assert not any("49" in line or "<class" in line or "uid=" in line for line in said)
    assert {block.kind for block in blocks} <= set(BlockKind)
    assert sum(block.kind is BlockKind.HEADING for block in blocks) <= 1


@pytest.mark.parametrize("name", ["{action_items}", "[x] Dana", "[ ] ", "Action items", "{last}"])
@pytest.mark.parametrize(
    "template", ["## {person}\n\n- {person}\n\n{person}\n\n{action_items}\n", "## {person}\n\n- {person}\n"]
)
def test_a_name_is_no_place_for_action_items_no_box_and_no_heading(template, name):
    def shape(who):
        blocks = agenda_blocks(template, Agenda(who, "3 November", "never", ("Send the {person} plan",)))
        return [(block.kind, block.level) for block in blocks], [
            "".join(s.text for s in b.spans) for b in blocks
        ]

    kinds, said = shape(name)
    usual, lines = shape("Dana")
    assert kinds == usual
    assert said == [name if line == "Dana" else line for line in lines]
    assert "Send the {person} plan" in said

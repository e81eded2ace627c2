"""Links on Outlook's invites: whose hand took one off, what it stands beside, and whom it mails."""

from __future__ import annotations

import pytest

from connectors.errors import Refused
from connectors.values import Link
from tests.world import at

OWN_INVITES = "[prep_doc]\noutlook_update_own_invites = true\n"


def test_a_link_that_went_when_the_organizer_changed_the_guests_is_put_back(outlook):
    meeting = outlook.dana.schedule("1:1 Alex / Dana", at(3), guests=[outlook.alex], weekly=True)
    outlook.cycle()
    sam = outlook.microsoft.account("sam@example.com")
    first = outlook.dana.instances(meeting)[0]
    outlook.dana.invite(first, sam)
    outlook.wait(minutes=1)
    assert outlook.linked() == ["10.11. 10:00"]
    outlook.dana.uninvite(first, sam)
    outlook.wait(minutes=1)
    outlook.wait(minutes=1)
    assert outlook.linked() == ["03.11. 10:00"]


def test_nobody_is_mailed_any_more_once_own_invites_are_to_be_left_alone_again(outlook):
    outlook.configure(OWN_INVITES)
    outlook.alex.schedule("1:1 Alex / Dana", at(5), guests=[outlook.dana])
    outlook.cycle()
    assert outlook.linked() == ["05.11. 10:00"]
    assert {mail.kind for mail in outlook.microsoft.mailbox.sent_by_clients()} == {"update"}
    outlook.microsoft.mailbox.clear()
    outlook.configure()
    outlook.alex.schedule("1:1 Alex / Dana", at(4), guests=[outlook.dana])
    outlook.wait(minutes=1)
    outlook.wait(minutes=1)
    assert outlook.microsoft.mailbox.sent_by_clients() == []


@pytest.mark.parametrize("html", ["kept", "stripped", "renamed"])
def test_the_link_stands_inside_the_body_whatever_the_script_before_it(outlook, html):
    outlook.microsoft.settings.html = html
    body = "<html><body><p>İİİ: İstanbul</p><STYLE>İ {}</STYLE><p>Bring <b>numbers</b></p></body></html>"
    meeting = outlook.dana.schedule(
        "1:1 Alex / Dana", at(3), guests=[outlook.alex], body={"contentType": "html", "content": body}
    )
    before = outlook.alex.event(meeting)["body"]["content"]
    outlook.cycle()
    after = outlook.alex.event(meeting)["body"]["content"]
    start = after.index("<p>Added by prepd")
    end = after.index("</p>", start) + len("</p>")
    assert after[:start].rstrip().endswith("</p>")
    assert after[end:].lstrip().lower().startswith("</body>")
    assert "".join((after[:start] + after[end:]).split()) == "".join(before.split())


def test_no_link_goes_on_the_calendar_of_somebody_else(outlook):
    meeting = outlook.dana.schedule("1:1 Alex / Dana", at(3), guests=[outlook.alex])
    calendar = outlook.open_account(outlook.config.account[0]).calendar("default")
    calendar._own = False
    with pytest.raises(Refused):
        calendar.attach(outlook.alex.event(meeting)["id"], Link("https://example.com/page", "Prep"))

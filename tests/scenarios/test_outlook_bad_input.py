"""Events of Outlook that make little sense: skipped with a reason, or read for what they are; the cycle goes on."""

from __future__ import annotations

import pytest

from sandbox.microsoft import view
from tests.world import at

X500 = "/o=ExchangeLabs/ou=Exchange Administrative Group/cn=Recipients/cn=abc-dana"


def bent(outlook, monkeypatch, change):
    """Whatever shows an event called "Odd" shows it changed."""
    real = view.resource

    def resource(*args, **kwargs):
        shown = real(*args, **kwargs)
        if shown.get("subject") == "Odd 1:1":
            change(shown)
        return shown

    monkeypatch.setattr(view, "resource", resource)
    outlook.dana.schedule("Odd 1:1", at(4), guests=[outlook.alex])
    outlook.dana.schedule("1:1 Alex / Dana", at(5), guests=[outlook.alex])


BENT = {
    "no subject": lambda e: e.update(subject=None),
    "no UID": lambda e: e.update(iCalUId=None, seriesMasterId=None),
    "no times": lambda e: e.update(start=None),
    "a zone that nobody knows": lambda e: e.update(
        start={"dateTime": "2026-11-04T10:00:00", "timeZone": "tzone://Microsoft/Custom"}
    ),
    "a time that is none": lambda e: e["start"].update(dateTime="soon"),
    "no guest list": lambda e: e.update(attendees=None),
    "guests that are no list": lambda e: e.update(attendees={"Dana": True}),
    "guests without addresses": lambda e: [a.update(emailAddress={"name": "D"}) for a in e["attendees"]],
    "guests that are null": lambda e: e.update(attendees=[None, 5]),
    "an X.500 address": lambda e: [a["emailAddress"].update(address=X500) for a in e["attendees"]],
    "no organizer": lambda e: e.update(organizer=None),
    "a body of megabytes": lambda e: e["body"].update(content="<p>" + "<b>word " * 130_000),
    "HTML that is no HTML": lambda e: e["body"].update(content="<<<a href=><p <!-- <style><" * 2_000),
    "no body": lambda e: e.update(body=None, bodyPreview=""),
    "another type": lambda e: e.update(type="pudding", isCancelled="maybe", responseStatus=7),
}


@pytest.mark.parametrize("change", BENT.values(), ids=BENT.keys())
def test_an_odd_event_keeps_no_other_from_its_preparation(outlook, monkeypatch, change):
    bent(outlook, monkeypatch, change)
    result = outlook.cycle()
    assert [a.error for a in result.accounts] == [None]
    assert "05.11. 09:50-10:00" in outlook.slot_times()
    assert "scheduled 05.11. 10:00" in outlook.told()
    (calendar,) = outlook.state.calendars.values()
    assert all("Odd" not in reason for reason in calendar.skipped.values())
    result = outlook.wait(days=1)
    assert [a.error for a in result.accounts] == [None]
    assert outlook.told("cancelled") == []

"""Answers to invitations, as Outlook shows them: a declined meeting goes to Deleted Items as a rule."""

from __future__ import annotations

import pytest

from tests.world import at


@pytest.mark.parametrize("stays", [True, False])
def test_an_invitation_that_the_user_declined_is_declined_by_them_wherever_outlook_keeps_it(outlook, stays):
    outlook.microsoft.settings.declined_stays = stays
    meeting = outlook.dana.schedule("1:1 Alex / Dana", at(5), guests=[outlook.alex])
    outlook.cycle()
    outlook.alex.respond(meeting, "declined")
    outlook.wait(minutes=1)
    assert outlook.told("declined") == ["declined by me 05.11. 10:00"]
    assert outlook.slot_times() == []
    outlook.wait(days=1)
    assert outlook.told("cancelled") == []


def test_a_decline_that_the_organizer_answers_with_another_time_is_a_rescheduling(outlook):
    meeting = outlook.dana.schedule("1:1 Alex / Dana", at(5), guests=[outlook.alex])
    outlook.cycle()
    outlook.alex.respond(meeting, "declined")
    outlook.wait(minutes=1)
    outlook.dana.move(meeting, at(6))
    outlook.wait(minutes=1)
    assert outlook.told("rescheduled") == ["moved by them 05.11. 10:00 -> 06.11. 10:00"]
    assert outlook.slot_times() == ["06.11. 09:50-10:00"]
    assert outlook.linked() == ["06.11. 10:00"]


def test_an_invitation_that_the_user_only_deleted_is_blamed_on_nobody(outlook):
    meeting = outlook.dana.schedule("1:1 Alex / Dana", at(5), guests=[outlook.alex])
    outlook.cycle()
    outlook.alex.delete(meeting)
    outlook.wait(minutes=1)
    assert outlook.told("cancelled") == ["cancelled by unknown 05.11. 10:00"]

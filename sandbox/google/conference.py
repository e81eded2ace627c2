"""Google Meet: what becomes of a request for a conference. Source: the Calendar guide "Create events"."""

from __future__ import annotations

from sandbox.google.world import Fields, World


def follow(world: World, fields: Fields) -> None:
    """Gives an event the conference that it asks for, once."""
    request = fields.get("conferenceData", {}).get("createRequest")
    if not request or fields["conferenceData"].get("conferenceId"):
        return
    code = "-".join((world.new_id(3), world.new_id(4), world.new_id(3)))
    uri = f"https://meet.google.com/{code}"
    fields["hangoutLink"] = uri
    fields["conferenceData"] = {
        "createRequest": {**request, "status": {"statusCode": "success"}},
        "entryPoints": [{"entryPointType": "video", "uri": uri, "label": uri.removeprefix("https://")}],
        "conferenceSolution": {"key": {"type": "hangoutsMeet"}, "name": "Google Meet"},
        "conferenceId": code,
    }

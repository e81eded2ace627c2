"""An emulated calendar that answers back, in a process of its own, and a prepd that is signed in to it.

    python benchmarks/emulated.py google|outlook FOLDER EVENTS

Writes FOLDER/config.toml and the sign-in below FOLDER/state; prints a line when it is ready, and ends with its input.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import service

from sandbox import Clock, GoogleSandbox
from sandbox.microsoft import MicrosoftSandbox
from tests import google_account, outlook_account

OUTLOOK = """\
timezone = "Europe/London"

[[account]]
name = "work"
provider = "outlook"
client_id = "{client}"
graph_root = "{root}"
authority = "{authority}"

[network]
ca_bundle = "{ca}"
"""


def main() -> None:
    provider, folder, events = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    token = folder / "state" / "tokens" / "work.json"
    token.parent.mkdir(parents=True)
    sandbox = GoogleSandbox(Clock.real()) if provider == "google" else MicrosoftSandbox(Clock.real())
    with sandbox:
        service.fill(sandbox, events)
        alex = sandbox.account("alex@example.com")
        if provider == "google":
            settings = google_account.signed_in(sandbox, alex, folder)
            config = service.CONFIG.format(root=sandbox.root, ca=sandbox.ca_path)
        else:
            settings = outlook_account.signed_in(sandbox, alex, folder)
            config = OUTLOOK.format(
                client=sandbox.client_id,
                root=sandbox.graph_root,
                authority=sandbox.authority,
                ca=sandbox.ca_path,
            )
        settings.token_file.replace(token)
        (folder / "config.toml").write_text(config)
        print("ready", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()

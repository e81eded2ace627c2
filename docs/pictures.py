"""Takes the README's pictures: the demo's story is played and served, and Chromium shows what comes of it.

python docs/pictures.py [CHROMIUM]
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

IMAGES = Path(__file__).parent / "images"
# of the report: the top of the page, by day and by night, and all of it
REPORTS = {
    "report.png": ("1", "860,900"),
    "report-dark.png": ("0", "860,900"),
    "report-whole.png": ("1", "860,2190"),
}
CALENDAR, INVITE = "1200,1300", "1200,1090"


def take(chromium: str, page: str, picture: Path, size: str, scheme: str = "1") -> None:
    subprocess.run(  # noqa: S603 - the browser that was named
        [
            chromium,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--force-device-scale-factor=1",
            f"--blink-settings=preferredColorScheme={scheme}",
            f"--window-size={size}",
            f"--screenshot={picture}",
            page,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    print(f"{picture.name}: {picture.stat().st_size // 1000} kB")


def pictures() -> int:
    given = sys.argv[1] if len(sys.argv) > 1 else None
    chromium = given or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("No Chromium found: name one.", file=sys.stderr)
        return 1
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "demo"
        command = [sys.executable, "-m", "daemon.commands.main", "demo", "--serve", "--keep", str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:  # noqa: S603
            address = next((line.strip() for line in demo.stdout or () if line.startswith("http://")), None)
            if address is None:
                return demo.wait() or 1
            for picture, (scheme, size) in REPORTS.items():
                take(chromium, (folder / "report.html").as_uri(), IMAGES / picture, size, scheme)
            take(chromium, address, IMAGES / "demo-calendar.png", CALENDAR)
            take(chromium, address + invite(address), IMAGES / "demo-invite.png", INVITE)
            demo.terminate()
    return 0


def invite(address: str) -> str:
    """The path of the first 1:1 of the calendar's week."""
    with urllib.request.urlopen(address, timeout=30) as page:  # noqa: S310 - the demo's own
        found = re.search(r'entry work one [^>]*><a href="/([^"]+)', page.read().decode())
    assert found
    return found[1]


if __name__ == "__main__":
    sys.exit(pictures())

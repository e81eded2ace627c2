"""Takes the README's pictures of the report: the demo's story is played, and Chromium shows what comes of it.

python docs/pictures.py [CHROMIUM]
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from daemon.commands.main import main

IMAGES = Path(__file__).parent / "images"
SIZE = "860,2190"
SCHEMES = {"report.png": "1", "report-dark.png": "0"}


def take(chromium: str, page: Path, picture: Path, scheme: str) -> None:
    subprocess.run(  # noqa: S603 - the browser that was named
        [
            chromium,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--force-device-scale-factor=1",
            f"--blink-settings=preferredColorScheme={scheme}",
            f"--window-size={SIZE}",
            f"--screenshot={picture}",
            page.as_uri(),
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
        if code := main(["demo", "--keep", str(folder)]):
            return code
        for picture, scheme in SCHEMES.items():
            take(chromium, folder / "report.html", IMAGES / picture, scheme)
    return 0


if __name__ == "__main__":
    sys.exit(pictures())

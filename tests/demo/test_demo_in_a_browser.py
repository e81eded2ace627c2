"""The demo's pages in Chromium, driven as a person's hands would: click, type, press Enter."""

from __future__ import annotations

import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="needs Chromium and its chromedriver (Debian: chromium, chromium-driver)",
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.add_experimental_option("prefs", {"webkit.webprefs.javascript_enabled": False})
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.implicitly_wait(20)
    yield driver
    driver.quit()


@pytest.fixture
def page(browser, visitor):
    return Hands(browser, f"http://{visitor.host}")


class Hands:
    def __init__(self, browser, root):
        self.browser, self.root = browser, root

    def open(self, path):
        self.browser.get(f"{self.root}{path}")

    def find(self, path):
        from selenium.webdriver.common.by import By

        return self.browser.find_element(By.XPATH, path)

    def click(self, text):
        """A link or a button, by what it says."""
        self.press(f"//*[self::a or self::button][contains(normalize-space(), '{text}')]")

    def press(self, path, *keys):
        """Clicks, or types, and waits for the page that this leads to."""
        from selenium.webdriver.support.expected_conditions import staleness_of
        from selenium.webdriver.support.wait import WebDriverWait

        before, found = self.find("/html"), self.find(path)
        if keys:
            found.send_keys(*keys)
        else:
            found.click()
        WebDriverWait(self.browser, 30).until(staleness_of(before))

    @property
    def text(self):
        return self.find("//main").text

    @property
    def heading(self):
        return self.find("//h1").text


def test_from_the_calendar_to_the_report_by_hand(page, visitor):
    from selenium.webdriver.common.keys import Keys

    page.open("/?week=2026-W46")
    page.click("1:1 Alex / Dana")
    assert page.heading == "1:1 Alex / Dana"
    assert "Dana Reyes organizer" in page.text

    # Dana's 1:1 of this week is the next one: its invite has the prep doc.
    page.open("/?week=2026-W45")
    page.click("1:1 Alex / Dana")
    page.press("//ul[@class='attached']//a")
    assert "Tue 3 Nov 2026, 10:00" in page.text
    field = "//input[@aria-label='Add under “Progress, and what I need”']"
    page.press(field, "Ask for <two> more weeks & a decision", Keys.ENTER)
    assert (
        "Ask for <two> more weeks & a decision" in page.find("//section[h3='Progress, and what I need']").text
    )
    page.press("//button[@aria-label='Tick: Ask Finance about a second hire']")
    assert page.find("//s").text == "Ask Finance about a second hire"
    assert "Ask for <two> more weeks & a decision" in visitor.stage.world.doc("Dana").text

    page.open("/?week=2026-W45")
    page.click("1:1 Alex / Dana")
    page.click("Cancel it")
    assert page.find("//*[@role='status']/h2").text == "Dana cancelled “1:1 Alex / Dana” of Tue 3 Nov 10:00"
    page.press("//*[@role='status']//button")
    told = page.find("//*[@role='status']").text
    assert "cancelled by them: Dana, Tue 3 Nov 10:00" in told
    assert "prep page follows" in told

    page.click("Ledger")
    first = page.find("//ol/li[1]").text
    assert "cancelled by them" in first
    assert "Dana" in first
    page.click("Report")
    flag = page.find("//section[contains(@class, 'part-flag')]").text
    assert "Tue 3 Nov 10:00, cancelled by them" in flag

    page.click("Prep docs")
    page.click("1:1 Alex / Dana")
    assert "Ask for <two> more weeks & a decision" in page.text
    assert "Thu 5 Nov 2026, 16:00" in page.text  # the page is that of the next 1:1 now


def test_a_week_goes_by_and_alex_plays_along(page):
    page.open("/?week=2026-W46&calendar=client")
    page.click("1:1 Noor / Alex")
    page.click("Decline")
    assert "Alex declined" in page.find("//*[@role='status']").text
    assert page.heading == "9 to 15 November 2026"  # Outlook took the invite off the calendar
    page.open("/")
    page.press("//button[@aria-label='Let a day go by']")
    assert "A day went by; prepd looked" in page.find("//*[@role='status']").text
    assert "1 date more of standing series" in page.find("//*[@role='status']").text
    # Outlook tells nobody whose hand it was when an occurrence is gone, so that prepd doesn't either.
    assert "cancelled by unknown: Noor, Fri 13 Nov 11:00" in page.find("//*[@role='status']").text


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_pages_scroll_down_only(page, visitor, width):
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        for path in ("/", "/docs", "/ledger", "/report", visitor.invite("1:1 Noor / Alex")):
            page.open(path)
            measured = page.browser.execute_cdp_cmd("Page.getLayoutMetrics", {})
            assert measured["cssContentSize"]["width"] <= width, path
    finally:
        page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_no_page_breaks_its_own_policy(page, visitor):
    page.browser.get_log("browser")
    for path in ("/", "/docs", "/ledger", "/report", "/report.html", visitor.invite("Reflect: 1:1 with")):
        page.open(path)
    assert page.browser.get_log("browser") == []


def test_all_can_be_reached_with_the_keyboard(page):
    from selenium.webdriver.common.keys import Keys

    page.open("/")
    reached = []
    for _ in range(12):
        page.find("//body").send_keys(
            Keys.TAB
        ) if not reached else page.browser.switch_to.active_element.send_keys(Keys.TAB)
        reached.append(page.browser.switch_to.active_element.text)
    assert reached[:8] == [
        "Skip to the content",
        "Calendar",
        "Prep docs",
        "Ledger",
        "Report",
        "Sync now",
        "+ 1 day",
        "+ 1 week",
    ]

"""Opens and retitles prep pages: the part of `apply` that works on documents.

Making a person's doc can't be repeated safely (providers give its id), so that the intent is committed first; after a
lost answer the doc is looked for before another is made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from connectors.errors import ConnectorError, NotFound
from connectors.kept import Notebook, PageRef
from connectors.protocols import Account
from connectors.values import PageDraft
from daemon.apply.desk import Desk
from daemon.apply.template import Agenda, agenda_blocks, load_template
from daemon.core.artefacts import OpenPage, PrepDoc
from daemon.core.model import OneOnOne, short_hash
from daemon.core.planning.actions import CreatePage, UpdatePage
from daemon.core.planning.plan import career_month
from daemon.core.texts import neutral_title, page_heading
from daemon.wishes import access

_LOOKS = 3
"""How often a doc whose creation was not confirmed is looked for: the provider's index may lag."""

_REMEMBERED = 60
"""1:1s for which a page was opened last that a doc remembers."""


@dataclass(slots=True)
class PageMaker:
    """Works on one person's prep doc. `account` is the one that has it, `called` their name, as it tells them from
    everybody else.
    """

    account: Account
    desk: Desk
    called: str

    def create(self, action: CreatePage, record: OneOnOne) -> None:
        """Opens a page in front of the person's others; the items still open on the last one come along."""
        before = self.desk.artefacts.pages.get(record.person)
        carried = self._open_items(before)
        doc, ref = self._added(action, record, before, carried)
        month = career_month(record.start, self.desk.wishes.zone) if action.career_check else doc.career_month
        self.desk.artefacts.docs[record.person] = replace(
            doc,
            pages=doc.pages + 1,
            career_month=month,
            opened_for=(*doc.opened_for, record.id)[-_REMEMBERED:],
        )
        page = OpenPage(
            record.person,
            doc.account,
            doc.notebook,
            ref,
            record.id,
            action.heading,
            self.desk.now,
            open_items=carried,
            career_check=action.career_check and access(self.desk.config) is None,
        )
        # On record before it is looked at: the look may fail, and is not worth a second page.
        self.desk.artefacts.pages[record.person] = page
        self.desk.artefacts.pages[record.person] = self._as_made(page)

    def _added(
        self, action: CreatePage, record: OneOnOne, before: OpenPage | None, carried: tuple[str, ...]
    ) -> tuple[PrepDoc, PageRef]:
        """The page, in the person's doc; in a new one where the user threw that away."""
        try:
            doc = self._doc(record)
            return doc, self._page(doc, action, record, before, carried)
        except NotFound:
            missed = self.desk.artefacts.docs.pop(record.person, None)
            doc = self._doc(record)
            if missed is not None and missed.notebook == doc.notebook:
                doc = missed  # it was only missing for a moment
            return doc, self._page(doc, action, record, before, carried)

    def update(self, action: UpdatePage, record: OneOnOne) -> None:
        """Makes the open page that of another 1:1, or of another time."""
        page = self.desk.artefacts.pages[record.person]
        try:
            ref = self._retitled(page, action.heading)
        except NotFound:
            # Thrown away by the user: there is none to update.
            del self.desk.artefacts.pages[record.person]
            self.create(CreatePage(record.id, record.person, action.heading, career_check=False), record)
            return
        self.desk.artefacts.pages[record.person] = replace(
            page, ref=ref, one_on_one=record.id, heading=action.heading
        )

    def _retitled(self, page: OpenPage, heading: str) -> PageRef:
        """Asks twice before it takes a page for gone: what is written on it would be left behind."""
        documents = self.account.documents()
        try:
            return documents.retitle_page(page.notebook, page.ref, heading)
        except NotFound:
            self.desk.sleep(1.0)
            return documents.retitle_page(page.notebook, page.ref, heading)

    def _as_made(self, page: OpenPage) -> OpenPage:
        """The page with what stands for its content, by which it shows later whether anybody wrote on it."""
        try:
            found = self.account.documents().read_page(page.notebook, page.ref)
        except ConnectorError:
            return page
        return replace(page, digest=found.digest, open_items=found.open_items)

    def _open_items(self, before: OpenPage | None) -> tuple[str, ...]:
        if before is None:
            return ()
        try:
            return self.account.documents().read_page(before.notebook, before.ref).open_items
        except NotFound:
            return ()

    def _page(
        self,
        doc: PrepDoc,
        action: CreatePage,
        record: OneOnOne,
        before: OpenPage | None,
        carried: tuple[str, ...],
    ) -> PageRef:
        # Numbered: a page may have become another 1:1's, and its first 1:1 may need a page again. By the 1:1, so that
        # a doc of which no more is known than that it is there shows the page that this 1:1 has.
        key = short_hash("page", record.id, str(doc.opened_for.count(record.id)))
        alone = access(self.desk.config) is None
        last = f"our last 1:1 ({before.heading})" if before else "we last spoke"
        agenda = Agenda(
            person=record.name,
            date=page_heading(record.start, self.desk.wishes.zone),
            last=last,
            carried=carried,
            private=alone,
            career_check=alone and action.career_check,
        )
        blocks = agenda_blocks(load_template(self.desk.config.prep_doc.template), agenda)
        return self.account.documents().add_page(doc.notebook, PageDraft(key, action.heading, blocks))

    def _doc(self, record: OneOnOne) -> PrepDoc:
        doc = self.desk.artefacts.docs.get(record.person)
        if doc is None:
            doc = PrepDoc(record.person, record.account, self._notebook(record))
            self.desk.artefacts.docs[record.person] = doc
        return self._shared(doc)

    def _shared(self, doc: PrepDoc) -> PrepDoc:
        wanted = access(self.desk.config)
        if wanted is not None and doc.shared_as != wanted.value:
            self.account.documents().share(doc.notebook, doc.person, wanted)
            doc = replace(doc, shared_as=wanted.value)
            self.desk.artefacts.docs[doc.person] = doc
        return doc

    def _notebook(self, record: OneOnOne) -> Notebook:
        key = short_hash("doc", record.person)
        documents = self.account.documents()
        asked_before = record.person in self.desk.intents
        for attempt in range(_LOOKS if asked_before else 1):
            if attempt:
                self.desk.sleep(1.0)
            if found := documents.find_notebook(key):
                return found
        if not asked_before:
            self.desk.intents[record.person] = self.desk.now
            self.desk.journal(self.desk.intents)
        title = neutral_title(self.account.address, self.called)
        return documents.create_notebook(key, title, self.desk.config.prep_doc.folder)

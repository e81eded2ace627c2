"""Drive: finding one's own files again, folders, the bin, and sharing with and without a mail."""

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload

DOCUMENT = "application/vnd.google-apps.document"
FOLDER = "application/vnd.google-apps.folder"


@pytest.fixture
def drive(service, alex):
    return service(alex, "drive")


def make(drive, name="1:1 Dana", kind=DOCUMENT, **more):
    body = {"name": name, "mimeType": kind, **more}
    return drive.files().create(body=body, fields="id,webViewLink,parents").execute()


def find(drive, query):
    return [file["name"] for file in drive.files().list(q=query).execute()["files"]]


def test_a_file_is_found_by_its_app_property_its_folder_its_name_and_kind(drive):
    folder = make(drive, "1:1s", FOLDER)
    file = make(drive, parents=[folder["id"]], appProperties={"prepd": "it's"})
    assert file["parents"] == [folder["id"]]
    assert find(drive, "appProperties has { key='prepd' and value='it\\'s' } and trashed = false") == [
        "1:1 Dana"
    ]
    assert find(drive, f"'{folder['id']}' in parents and mimeType='{DOCUMENT}'") == ["1:1 Dana"]
    assert find(drive, "name = '1:1s' and 'root' in parents") == ["1:1s"]
    assert find(drive, "appProperties has { key='prepd' and value='other' }") == []
    with pytest.raises(HttpError):
        find(drive, "name like 'x'")


def test_drive_answers_four_fields_unless_asked_for_more(drive):
    file = drive.files().create(body={"name": "x", "mimeType": DOCUMENT}).execute()
    assert set(file) == {"kind", "id", "name", "mimeType"}


def test_a_document_opens_in_the_browser(google, drive):
    file = make(drive)
    assert file["webViewLink"] == f"{google.root}/document/d/{file['id']}/edit"
    google.document(file["id"]).append("Hello <you>")
    status, _, text = google.browse(file["webViewLink"])
    assert status == 200
    assert "Hello &lt;you&gt;" in text


def test_a_new_file_may_stay_unfound_for_a_while(google, drive):
    google.settings.search_lag = 2
    make(drive)
    assert [find(drive, "trashed = false") for _ in range(3)] == [[], [], ["1:1 Dana"]]


def test_ids_for_documents_cannot_be_made_beforehand(drive):
    ids = drive.files().generateIds(count=1).execute()["ids"]
    with pytest.raises(HttpError) as error:
        make(drive, id=ids[0])
    assert error.value.status_code == 400


def test_a_permission_mails_unless_told_not_to(google, service, drive, alex, dana):
    file = make(drive)
    grant = {"type": "user", "role": "commenter", "emailAddress": "dana@example.com"}
    assert service(dana, "drive").files().list().execute()["files"] == []
    drive.permissions().create(fileId=file["id"], body=grant, sendNotificationEmail=False).execute()
    assert len(google.mailbox) == 0
    assert google.document(file["id"]).shared_with == {"dana@example.com": "commenter"}
    with pytest.raises(HttpError) as error:
        service(dana, "drive").files().update(fileId=file["id"], body={"name": "x"}).execute()
    assert error.value.status_code == 403
    drive.permissions().create(fileId=file["id"], body=grant).execute()
    assert [(mail.to, mail.kind) for mail in google.mailbox.sent_by_clients()] == [
        ("dana@example.com", "share")
    ]
    google.mailbox.clear()


def test_a_file_can_be_renamed_moved_trashed_and_deleted(google, drive):
    file, folder = make(drive), make(drive, "1:1s", FOLDER)
    old = ",".join(file["parents"])
    drive.files().update(
        fileId=file["id"], body={"name": "New"}, addParents=folder["id"], removeParents=old
    ).execute()
    paper = google.document(file["id"])
    assert (paper.title, paper.folders) == ("New", [folder["id"]])
    drive.files().update(fileId=file["id"], body={"trashed": True}).execute()
    assert paper.trashed
    drive.files().delete(fileId=file["id"]).execute()
    with pytest.raises(HttpError) as error:
        drive.files().get(fileId=file["id"]).execute()
    assert error.value.status_code == 404


def test_fields_that_drive_makes_itself_are_403(drive):
    with pytest.raises(HttpError) as error:
        make(drive, webViewLink="https://example.com")
    assert (error.value.status_code, error.value.error_details[0]["reason"]) == (403, "fieldNotWritable")


def test_properties_are_limited_to_124_bytes(drive):
    with pytest.raises(HttpError) as error:
        make(drive, appProperties={"prepd": "x" * 120})
    assert error.value.status_code == 400


def test_an_upload_becomes_the_content(google, drive):
    media = MediaInMemoryUpload(b"agenda", mimetype="text/plain")
    body = {"name": "Notes", "mimeType": DOCUMENT}
    file = drive.files().create(body=body, media_body=media, fields="id").execute()
    assert google.document(file["id"]).text == "agenda\n"

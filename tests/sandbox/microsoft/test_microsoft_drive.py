"""OneDrive: the app's folder, uploads that collide, locks, sharing, and a person with the file before them."""

import io
import zipfile

import pytest
import requests

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word_file(*paragraphs):
    """A Word file of paragraphs, each `(style, text)`."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
        for style, text in paragraphs
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
    return out.getvalue()


@pytest.fixture
def client(graph, alex):
    return graph(alex)


def put(client, path, content=b"one", behaviour=None, **headers):
    query = f"?@microsoft.graph.conflictBehavior={behaviour}" if behaviour else ""
    return client.call(
        "PUT", f"/me/drive/special/approot:/{path}:/content{query}", data=content, headers=headers
    )


def refusal(response):
    return response.status_code, response.json()["error"]["code"]


def test_the_app_folder_is_made_on_first_use(microsoft, client):
    folder = client.get("/me/drive/special/approot")
    assert folder["specialFolder"] == {"name": "approot"}
    assert client.get("/me/drive/special/approot/children")["value"] == []
    assert list(microsoft.folders().values()) == ["/Apps", "/Apps/prepd sandbox"]


def test_a_file_is_put_found_and_read(microsoft, client):
    made = put(client, "1:1s".replace(":", "-") + "/Dana/2026-11-03.docx")
    assert made.status_code == 201
    item = made.json()
    assert client.get("/me/drive/special/approot:/1-1s/Dana/2026-11-03.docx")["id"] == item["id"]
    assert (
        client.get(f"/me/drive/items/{item['parentReference']['id']}/children")["value"][0]["id"]
        == item["id"]
    )
    found = client.call("GET", f"/me/drive/items/{item['id']}/content", allow_redirects=False)
    assert found.status_code == 302
    assert (
        requests.get(found.headers["Location"], verify=str(microsoft.ca_path), timeout=10).content == b"one"
    )
    assert microsoft.browse(item["webUrl"])[0] == 200


def test_a_path_without_its_folders_may_be_refused(microsoft, client):
    microsoft.settings.missing_folders = "not_found"
    assert refusal(put(client, "Dana/x.docx")) == (404, "itemNotFound")
    root = client.get("/me/drive/special/approot")["id"]
    made = client.post(f"/me/drive/items/{root}/children", name="Dana", folder={})
    assert made.status_code == 201
    assert put(client, "Dana/x.docx").status_code == 201
    assert (
        refusal(client.post(f"/me/drive/items/{root}/children", name="Dana", folder={}))[1]
        == "nameAlreadyExists"
    )


def test_names_collide_as_the_address_says(microsoft, client):
    first = put(client, "x.docx").json()
    assert refusal(put(client, "X.docx", behaviour="fail")) == (409, "nameAlreadyExists")
    assert put(client, "x.docx", behaviour="rename").json()["name"] == "x 1.docx"
    replaced = put(client, "x.docx", b"two").json()
    assert (replaced["id"], replaced["cTag"] != first["cTag"]) == (first["id"], True)
    assert refusal(put(client, "x.docx", b"three", **{"If-Match": first["eTag"]})) == (
        412,
        "resourceModified",
    )
    assert refusal(put(client, "a*b.docx")) == (400, "invalidRequest")


def test_a_file_is_renamed_moved_and_deleted(microsoft, client):
    item = put(client, "Dana/x.docx").json()
    path = f"/me/drive/items/{item['id']}"
    renamed = client.patch(path, name="y.docx").json()
    assert (renamed["name"], renamed["cTag"], renamed["eTag"] != item["eTag"]) == (
        "y.docx",
        item["cTag"],
        True,
    )
    root = client.get("/me/drive/special/approot")["id"]
    client.patch(path, parentReference={"id": root})
    assert [paper.path for paper in microsoft.documents()] == ["/Apps/prepd sandbox/y.docx"]
    assert client.delete(path).status_code == 204
    assert client.call("GET", path).status_code == 404


@pytest.mark.parametrize("code", ["resourceLocked", "notAllowed"])
def test_a_file_open_in_word_is_locked(microsoft, client, code):
    microsoft.settings.locked_error = code
    item = put(client, "x.docx").json()
    path = f"/me/drive/items/{item['id']}"
    with microsoft.document(item["id"]).opened_in_word():
        assert refusal(put(client, "x.docx", b"two")) == (423, code)
        assert refusal(client.patch(path, name="y.docx")) == (423, code)
        microsoft.settings.locked_rename = False
        assert client.patch(path, name="y.docx").status_code == 200
        assert client.call("GET", f"{path}/content").content == b"one"
    assert put(client, "y.docx", b"two").status_code == 200


def test_the_app_folders_permission_reaches_no_further(microsoft, graph, client, alex, dana):
    outside = microsoft.write_document(alex, "/Private/plan.docx", b"secret")
    refused = client.call("GET", f"/me/drive/items/{outside.id}")
    assert refusal(refused) == (403, "accessDenied")
    assert refusal(client.call("GET", "/me/drive/root/children")) == (403, "accessDenied")
    item = put(client, "x.docx").json()
    invite = {
        "recipients": [{"email": dana.email}],
        "roles": ["read"],
        "requireSignIn": True,
        "sendInvitation": False,
    }
    assert refusal(client.post(f"/me/drive/items/{item['id']}/invite", **invite)) == (403, "accessDenied")
    assert graph(alex, scopes=["Files.ReadWrite"]).get(f"/me/drive/items/{outside.id}")["name"] == "plan.docx"
    assert (
        refusal(graph(dana, scopes=["Files.ReadWrite"]).call("GET", f"/me/drive/items/{item['id']}"))[0]
        == 404
    )


@pytest.mark.parametrize("sends", [False, True])
def test_sharing_mails_only_if_it_is_to(microsoft, graph, alex, dana, sends):
    sharer = graph(alex, scopes=["Files.ReadWrite"])
    item = put(sharer, "Dana/x.docx").json()
    folder = f"/me/drive/items/{item['parentReference']['id']}"
    invite = {
        "recipients": [{"email": dana.email}],
        "roles": ["write"],
        "requireSignIn": True,
        "sendInvitation": sends,
    }
    (permission,) = sharer.post(f"{folder}/invite", **invite).json()["value"]
    assert permission["grantedToV2"]["user"]["email"] == dana.email
    assert sharer.get(f"{folder}/permissions")["value"] == [permission]
    assert microsoft.document(item["id"]).shared_with == {dana.email: "write"}
    assert [mail.kind for mail in microsoft.mailbox] == (["share"] if sends else [])
    microsoft.mailbox.clear()
    assert sharer.delete(f"{folder}/permissions/{permission['id']}").status_code == 204
    link = sharer.post(f"{folder}/createLink", type="view", scope="organization")
    assert (link.status_code, link.json()["link"]["type"]) == (201, "view")
    assert sharer.post(f"{folder}/createLink", type="view", scope="organization").json() == link.json()
    assert refusal(sharer.post(f"{folder}/invite", **{**invite, "roles": ["owner"]}))[0] == 400


def test_a_person_reads_types_and_ticks(microsoft, client):
    content = word_file(
        ("Title", "1:1 Dana"), ("Heading1", "Goals"), ("ListBullet", "Ship"), ("Heading1", "Action items"),
        ("ListBullet", "☐ Write &amp; send"), ("ListBullet", "☐ Call"), ("Normal", ""),
    )  # fmt: skip
    item = put(client, "x.docx", content).json()
    paper = microsoft.document(item["webUrl"])
    assert paper.section("action items") == ["☐ Write & send", "☐ Call", ""]
    paper.tick("Call")
    paper.tick("Write", "strikethrough")
    paper.append("Ask Bo", under="Action items")
    paper.append("Rest", under="Goals")
    assert paper.section("Goals") == ["Ship", "Rest"]
    assert paper.section("Action items") == ["☐ Write & send", "☒ Call", "☐ Ask Bo", ""]
    assert [line.text for line in paper.lines() if line.struck] == ["☐ Write & send"]
    paper.replace("Ship", "Ship <it>")
    assert "Ship <it>" in paper.text
    assert client.get(f"/me/drive/items/{item['id']}")["cTag"] != item["cTag"]
    paper.delete()
    assert microsoft.documents() == []

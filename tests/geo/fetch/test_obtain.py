"""Every way to a file: one after another, each told of, and the first good one taken."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from geo.errors import AbsentError, ChangedError, InputError, SourceError
from geo.fetch import lists
from geo.fetch.receipts import receipt_of
from geo.files import archives
from tests.geo.publisher import (
    CONTENT,
    HASH,
    QUICK,
    Areas,
    Reply,
    in_turn,
    layer,
    left,
    locate,
    said,
    source,
)

SLUG = "government/statistics/people"


@pytest.fixture(autouse=True)
def _lists_here(monkeypatch, host):
    """Let GOV.UK and the portal be the host."""
    monkeypatch.setattr(lists, "GOVUK", f"{host.url}/api/content/")
    monkeypatch.setattr(lists, "PORTAL", f"{host.url}/sharing/rest")


def packed(**files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name.replace("__", "."))  # of one time, whenever it is made
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def test_further_addresses_are_tried_in_turn(tmp_path, host):
    host.at["/c.csv"] = Reply(body=CONTENT)
    also = (f"{host.url}/b.csv", f"{host.url}/c.csv", f"{host.url}/d.csv")
    path = locate(source(url=f"{host.url}/a.csv", also=also), cache=tmp_path)
    assert [asked.path for asked in host.asked] == ["/a.csv", "/b.csv", "/c.csv"]
    receipt = receipt_of(path)
    assert (receipt.url, receipt.how) == (f"{host.url}/c.csv", "another recorded address")
    assert (receipt.size, receipt.rows, receipt.sha256) == (len(CONTENT), None, HASH)


def test_each_way_that_leads_nowhere_is_told_of_in_one_paragraph(tmp_path, host):
    host.at["/b.csv"] = Reply(body=b"<html>Sorry</html>")
    wanted = source(
        url=f"{host.url}/a.csv", also=(f"{host.url}/b.csv",), slug=SLUG, attachment="people.csv"
    )
    with pytest.raises(AbsentError) as caught:
        locate(wanted, cache=tmp_path)
    assert not isinstance(caught.value, ChangedError)
    nothing = f"the recorded address, {host.url}/a.csv; the attachment of the publisher's page"
    assert f"404 Not Found ({nothing})" in caught.value.found
    assert "a web page, which begins “<html>Sorry</html>”" in caught.value.found
    assert f"(another recorded address, {host.url}/b.csv)" in caught.value.found
    assert left(tmp_path) == []


def test_what_is_wrong_with_several_ways_alike_is_told_once(tmp_path, host):
    wanted = source(url=f"{host.url}/a.csv", also=(f"{host.url}/b.csv",))
    with pytest.raises(AbsentError) as caught:
        locate(wanted, cache=tmp_path)
    assert caught.value.found == (
        "the server answered 404 Not Found "
        f"(the recorded address, {host.url}/a.csv; another recorded address, {host.url}/b.csv)"
    )


def test_parts_from_other_addresses_go_once_the_file_is_there(tmp_path, host):
    """A file that was broken off at two addresses, and then came whole from the first."""
    half = Reply(body=CONTENT, headers={"ETag": '"a"'}, cut=10)
    host.at |= {"/a.csv": in_turn(half, half, half, Reply(body=CONTENT)), "/b.csv": half}
    wanted = source(url=f"{host.url}/a.csv", also=(f"{host.url}/b.csv",))
    with pytest.raises(AbsentError):
        locate(wanted, cache=tmp_path)
    parts = tmp_path / "files" / ".partial"
    assert len([*parts.glob("*/body")]) == 2
    assert locate(wanted, cache=tmp_path).read_bytes() == CONTENT
    assert [*parts.glob("*/body")] == []


def test_an_address_that_brings_other_contents_gives_way_to_the_next(tmp_path, host):
    host.at |= {"/a.csv": Reply(body=b"code,n\nE02\n"), "/b.csv": Reply(body=CONTENT)}

    def check(path, record):
        if b"E02" in path.read_bytes():
            raise InputError("The codes are another kind's", found="“E02”")

    wanted = source(url=f"{host.url}/a.csv", also=(f"{host.url}/b.csv",))
    assert locate(wanted, cache=tmp_path, check=check).read_bytes() == CONTENT
    assert host.times("/a.csv") == 1
    with pytest.raises(ChangedError) as caught:
        locate(
            replace(wanted, path="b.csv", address=replace(wanted.address, also=())),
            cache=tmp_path,
            check=check,
        )
    assert "“E02”" in caught.value.found


def test_half_a_file_without_a_length_is_fetched_once_more(tmp_path, host):
    host.at["/a.csv"] = in_turn(
        Reply(body=CONTENT[:9], length=None), Reply(body=CONTENT, length=None)
    )

    def check(path, record):
        if path.read_bytes() != CONTENT:
            raise InputError("half a file")

    assert locate(source(url=f"{host.url}/a.csv"), cache=tmp_path, check=check).exists()
    assert host.times("/a.csv") == 2


def test_a_bomb_at_one_address_leaves_the_bytes_of_the_next(tmp_path, host):
    host.at |= {"/a.csv": Reply(body=b"x" * 5000), "/b.csv": Reply(body=CONTENT)}
    wanted = source(url=f"{host.url}/a.csv", also=(f"{host.url}/b.csv",))
    few = replace(QUICK, most_bytes=4000)
    assert locate(wanted, cache=tmp_path, patience=few).read_bytes() == CONTENT


def test_a_file_may_be_a_good_deal_larger_than_recorded_and_no_more(tmp_path, host):
    size = 17 << 20
    host.at["/a.csv"] = Reply(body=b"x" * size)
    small = source(url=f"{host.url}/a.csv", size_mb=0.01)
    with pytest.raises(SourceError, match="it takes more than 16,877,216 bytes"):
        locate(small, cache=tmp_path)
    assert locate(replace(small, size_mb=0.2), cache=tmp_path).stat().st_size == size


def test_when_time_is_up_no_further_way_is_tried(tmp_path, host):
    host.at |= {
        "/a.csv": Reply(raw=(b"HTTP/1.1 200 OK\r\n\r\n", b"x", 0.05)),
        "/b.csv": Reply(body=CONTENT),
    }
    wanted = source(url=f"{host.url}/a.csv", also=(f"{host.url}/b.csv",))
    with pytest.raises(SourceError, match=r"more than 0\.3 seconds"):
        locate(wanted, cache=tmp_path, patience=replace(QUICK, whole_s=0.3))
    assert host.times("/b.csv") == 0


def content_of(host, *attached):
    return said({"details": {"attachments": list(attached)}})


@pytest.mark.parametrize("kind", ["file", "govuk"])
def test_a_file_is_found_among_the_attachments_of_its_page(tmp_path, host, kind):
    """Where the recorded address is gone, and where there never was one."""
    told = {"url": f"{host.url}/media/2/people.csv", "title": "People"}
    host.at |= {
        f"/api/content/{SLUG}": content_of(host, told),
        "/media/2/people.csv": Reply(body=CONTENT),
    }
    url = f"{host.url}/gone.csv" if kind == "file" else ""
    wanted = source(url=url, kind=kind, slug=SLUG, attachment="people.csv")
    path = locate(wanted, cache=tmp_path)
    assert path.read_bytes() == CONTENT
    assert receipt_of(path).url == told["url"]
    assert receipt_of(path).how == "the attachment of the publisher's page"
    assert host.times("/gone.csv") == (kind == "file")


def test_an_address_is_not_tried_twice(tmp_path, host):
    told = {"url": f"{host.url}/people.csv", "title": "People"}
    host.at[f"/api/content/{SLUG}"] = content_of(host, told)
    wanted = source(url=f"{host.url}/people.csv", slug=SLUG, attachment="people.csv")
    with pytest.raises(SourceError):
        locate(wanted, cache=tmp_path)
    assert host.times("/people.csv") == 1


@pytest.mark.parametrize("member", ["people.csv", "PEOPLE.csv", "*.csv", "peo*"])
def test_a_member_of_an_archive_is_kept_alone(tmp_path, host, member):
    host.at["/a.zip"] = Reply(body=packed(notes__txt=b"notes", people__csv=CONTENT))
    wanted = source(url=f"{host.url}/a.zip", kind="zip-member", member=member)
    path = locate(wanted, cache=tmp_path)
    assert path.read_bytes() == CONTENT
    receipt = receipt_of(path)
    assert receipt.size == len(host.at["/a.zip"].body)
    assert receipt.sha256 == HASH
    assert left(tmp_path) == ["people.csv", "people.csv.receipt.json", "people.csv.sha256"]


def locked():
    """Return an archive whose list says that its member is locked."""
    raw = bytearray(packed(people__csv=CONTENT))
    place = raw.index(b"PK\x01\x02")
    raw[place + 8] |= 1
    return bytes(raw)


ARCHIVES = {
    "several": (packed(a__csv=CONTENT, b__csv=CONTENT), "2 files that may be meant: “a.csv”"),
    "none": (packed(a__txt=CONTENT), "no files that may be meant: “a.txt”"),
    "empty": (packed(), "no files that may be meant: nothing"),
    "locked": (locked(), "locked with a password"),
    "a bomb": (packed(people__csv=b"0" * 3_000_000), "3 MB when unpacked"),
    "cut": (packed(people__csv=CONTENT)[:-30], "damaged archive"),
    "spoilt": (packed(people__csv=CONTENT * 99).replace(b"\x00\x00\x00", b"\x00\x01\x00"), ""),
    "no archive": (CONTENT, "damaged archive"),
    "a web page": (b"<html>", "damaged archive"),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_without_the_one_member_is_refused(tmp_path, host, monkeypatch, kind):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 2_000_000)
    host.at["/a.zip"] = Reply(body=ARCHIVES[kind][0])
    wanted = source(url=f"{host.url}/a.zip", kind="zip-member", member="*.csv")
    with pytest.raises(SourceError) as caught:
        locate(wanted, cache=tmp_path)
    assert ARCHIVES[kind][1] in caught.value.found
    assert left(tmp_path) == []


def workbook(size, *, said=None):
    """Return an archive of zeros, whose list may say another size of them."""
    raw, true = packed(sheet__xml=b"0" * size), size.to_bytes(4, "little")
    return raw if said is None else raw.replace(true, said.to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (workbook(3_000_000), "a workbook of 3 MB when unpacked"),
        (workbook(3_000_000, said=1000), "a damaged archive"),
        (workbook(1000)[:-30], "a workbook that is cut short or damaged"),
        (workbook(1000).replace(b"sheet.xml", b"sheet.xmk", 1), "a damaged archive"),
    ],
    ids=["bomb", "lying bomb", "cut", "two names"],
)
def test_an_archive_that_is_a_bomb_or_broken_is_refused(tmp_path, host, monkeypatch, body, told):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 2_000_000)
    host.at["/a.xlsx"] = Reply(body=body)
    wanted = source(url=f"{host.url}/a.xlsx", path="a.xlsx", format="xlsx")
    with pytest.raises(SourceError, match=told):
        locate(wanted, cache=tmp_path)
    assert left(tmp_path) == []
    host.at["/a.xlsx"] = Reply(body=workbook(1000))
    assert locate(wanted, cache=tmp_path).read_bytes() == workbook(1000)


SERVICES = "/org/arcgis/rest/services"
ITEM = "/sharing/rest/content/items/0a1b"


def item(host, name, title="Areas of England (V2)"):
    return {"title": title, "url": f"{host.url}{SERVICES}/{name}/FeatureServer"}


@pytest.fixture
def moved(host):
    """Return the record of a layer whose service has another name now."""
    host.at |= Areas().at(f"{SERVICES}/Areas_V2/FeatureServer/0")
    gone = said({"error": {"code": 400, "message": "Invalid URL", "details": ["Invalid URL"]}})
    host.at[f"{SERVICES}/Areas/FeatureServer/0"] = gone
    return layer(host.url, called="Areas of England", item="0a1b")


def test_a_layer_that_has_gone_is_found_by_its_item(tmp_path, host, moved):
    host.at[ITEM] = said(item(host, "Areas_V2"))
    receipt = receipt_of(locate(moved, cache=tmp_path))
    assert receipt.url == f"{host.url}{SERVICES}/Areas_V2/FeatureServer/0"
    assert receipt.how == "the recorded item of the portal"
    assert receipt.rows == 5
    assert receipt.modified == "1700000000000"
    assert host.times(f"{SERVICES}/Areas/FeatureServer/0") == 1


def test_a_layer_whose_item_has_gone_is_found_by_its_title(tmp_path, host, moved):
    host.at["/sharing/rest/search"] = said(
        {
            "results": [
                item(host, "Areas_V1", "Areas of England (V1)"),
                item(host, "Areas_V2"),
                {**item(host, "Map"), "url": None},
                item(host, "Nowhere", "Areas of England in Nowhere (V9)"),
            ]
        }
    )
    receipt = receipt_of(locate(moved, cache=tmp_path))
    assert receipt.url == f"{host.url}{SERVICES}/Areas_V2/FeatureServer/0"
    assert receipt.how == "the portal's item of that title"
    query = next(asked.query for asked in host.asked if asked.path.endswith("/search"))
    assert query == {"f": "json", "num": "100", "q": 'orgid:org AND title:"Areas of England"'}


def test_where_a_layer_is_nowhere_near_names_are_told(tmp_path, host, moved):
    host.at[f"{SERVICES}"] = said(
        {"services": [{"name": "Areas_V3"}, {"name": "Wards"}, {"name": 7}, None]}
    )
    with pytest.raises(SourceError) as caught:
        locate(moved, cache=tmp_path)
    assert "Invalid URL" in caught.value.found
    assert "services with names near “Areas”: Areas_V3" in caught.value.found
    assert left(tmp_path) == []

"""The way to the hosts: real names over TLS, nothing else, and all of it written down."""

from __future__ import annotations

import threading

import pytest
import requests

NAMES = "https://houseofcommonslibrary.github.io/msoanames/MSOA-Names-1.16.csv"
FILE_7 = (
    "https://assets.publishing.service.gov.uk/media/5dc407b440f0b6379a7acc8d/"
    "File_7_-_All_IoD2019_Scores__Ranks__Deciles_and_Population_Denominators_3.csv"
)


def test_a_host_is_met_by_its_own_name_and_certificate(publishers):
    answer = requests.get(NAMES, headers={"User-Agent": "A test"}, timeout=10)
    assert answer.status_code == 200
    [seen] = publishers.requests
    assert seen.asked.url == NAMES
    assert (seen.asked.method, seen.asked.headers["user-agent"]) == ("GET", "A test")
    assert (seen.status, seen.connections, seen.at_once) == (200, 1, 1)
    assert seen.sent == len(answer.content)


def test_nobody_is_believed_who_is_not_vouched_for(publishers, monkeypatch):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name)
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(NAMES, timeout=10)
    assert publishers.requests == []


@pytest.mark.parametrize("host", ["example.org", "services2.arcgis.com", "localhost"])
def test_a_host_that_is_not_played_is_refused(publishers, host):
    with pytest.raises(requests.exceptions.ProxyError):
        requests.get(f"https://{host}/", timeout=10)
    assert publishers.record.refused == [f"{host}:443"]


def test_a_host_answers_at_one_port_alone(publishers):
    with pytest.raises(requests.exceptions.ProxyError):
        requests.get("https://www.ons.gov.uk:8443/", timeout=10)
    assert publishers.record.refused == ["www.ons.gov.uk:8443"]


def test_nothing_is_served_without_encryption(publishers):
    answer = requests.get(NAMES.replace("https", "http"), timeout=10)
    assert answer.status_code == 403
    assert publishers.record.plain == [NAMES.replace("https", "http")]
    assert publishers.requests == []


def test_one_connection_carries_many_requests(publishers):
    with requests.Session() as session:
        for _ in range(3):
            assert session.get(NAMES, timeout=10).status_code == 200
    assert publishers.record.opened == {"houseofcommonslibrary.github.io": 1}
    assert [seen.connections for seen in publishers.requests] == [1, 1, 1]


def test_connections_one_after_the_other_are_never_two_at_once(publishers):
    for _ in range(20):
        requests.get(NAMES, timeout=10)
    assert publishers.record.opened["houseofcommonslibrary.github.io"] == 20
    assert publishers.record.most_open["houseofcommonslibrary.github.io"] == 1


def test_connections_at_once_are_counted_for_each_host(publishers):
    from tests.publishers import behaviours

    publishers.misbehave(NAMES, behaviours.slowly(1.0))
    threads = [
        threading.Thread(target=requests.get, args=(url,), kwargs={"timeout": 10})
        for url in (NAMES, NAMES, NAMES, FILE_7)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert publishers.record.most_open["houseofcommonslibrary.github.io"] == 3
    assert publishers.record.most_open["assets.publishing.service.gov.uk"] == 1
    assert max(seen.at_once for seen in publishers.asked("houseofcommonslibrary.github.io")) == 3
    [alone] = publishers.asked(FILE_7)
    assert (alone.at_once, alone.connections) == (1, 1)


def test_a_form_that_is_posted_is_read_like_a_query(publishers):
    url = (
        "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services/"
        "LSOA_Dec_2011_Boundaries_Generalised_Clipped_BGC_EW_V3/FeatureServer/0/query"
    )
    form = {"where": "LSOA11CD LIKE 'E01%'", "returnCountOnly": "true", "f": "json"}
    assert requests.post(url, data=form, timeout=10).json() == {"count": 230}


def test_what_goes_wrong_in_a_host_itself_is_no_answer_of_a_publisher(tiny_mirror, tmp_path):
    from tests.publishers import serving

    def faulty(asked, true):
        raise KeyError("ours")

    def ask(publishers):
        ways = {"https": publishers.environment["https_proxy"]}
        trusted = publishers.environment["REQUESTS_CA_BUNDLE"]
        assert requests.get(NAMES, proxies=ways, verify=trusted, timeout=10).status_code == 500

    with pytest.raises(ExceptionGroup), serving(tiny_mirror, tmp_path) as publishers:  # noqa: PT012
        publishers.misbehave(NAMES, faulty)
        ask(publishers)

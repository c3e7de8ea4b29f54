# SPDX-License-Identifier: Apache-2.0
"""Files, sitemap, robots.txt and feed, as a harvester takes them."""

from __future__ import annotations

import gzip
import hashlib
import xml.etree.ElementTree as ET
from dataclasses import replace

import httpx
import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from cosigraph import Project
from cosigraph.errors import QueryTimeout
from cosigraph.limits import Limits
from cosigraph.workers import WorkerPool
from cosigraph_api import harvesting
from cosigraph_api.application import Application
from cosigraph_api.dump_making import make_dumps
from cosigraph_api.service import Service
from tests.api.asking import BROWSER, Asker

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"


def places(answer: httpx.Response, element: str = "url") -> list[str]:
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    tree = ET.fromstring(answer.content)
    return [loc.text or "" for loc in tree.findall(f"{SITEMAP}{element}/{SITEMAP}loc")]


def test_every_graph_can_be_had_as_a_file_of_the_told_digest(
    asker: Asker, orchard: Project
) -> None:
    listing = asker.get("/dumps").json()
    assert listing["version"] == orchard.version
    assert {each["graph"] for each in listing["dumps"]} == set(orchard.dataset.graphs)
    for each in listing["dumps"]:
        answer = asker.get(f"/{each['address']}")
        assert answer.headers["content-type"] == "application/gzip"
        assert "content-encoding" not in answer.headers
        assert hashlib.sha256(answer.content).hexdigest() == each["sha256"]
        assert len(answer.content) == each["bytes"]
        found = pyoxigraph.parse(gzip.decompress(answer.content), format=RdfFormat.N_TRIPLES)
        assert len(list(found)) == each["triples"] == len(orchard.dataset.graphs[each["graph"]])


def test_a_file_may_be_kept_for_ever(asker: Asker) -> None:
    address = f"/{asker.get('/dumps').json()['dumps'][0]['address']}"
    answer = asker.get(address)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    headers = {"If-None-Match": answer.headers["etag"]}
    assert asker.request("GET", address, headers=headers).status_code == 304


@pytest.mark.parametrize(
    "path", ["dumps/0.0.1/trees.nt.gz", "dumps/{version}/none.nt.gz", "dumps/{version}/trees.zip"]
)
def test_another_version_or_graph_is_404(asker: Asker, orchard: Project, path: str) -> None:
    answer = asker.get(f"/{path.format(version=orchard.version)}")
    assert answer.status_code == 404
    if "0.0.1" in path:
        assert orchard.version in answer.json()["advice"]


def test_the_files_are_made_within_the_limits_of_a_query(orchard: Project) -> None:
    pool = WorkerPool(orchard.dataset.snapshot(), size=1, timeout=20)
    service = Service(orchard, pool, limits=replace(Limits(), time=0.001))
    with Asker(Application(service), pool) as asker:
        with pytest.raises(QueryTimeout, match="dumps were not complete"):
            asker.wait(make_dumps(service))
        assert asker.get("/dumps").status_code == 504
        assert asker.get("/healthz").status_code == 200


def test_the_sitemap_has_every_page_and_each_answers(asker: Asker) -> None:
    found = places(asker.get("/sitemap.xml"))
    assert len(found) == len(set(found)) > 20
    base = "https://orchard.example/"
    assert {f"{base}id/tree/1", f"{base}queries/trees", base} <= set(found)
    assert {f"{base}pictures", f"{base}versions", f"{base}docs"} <= set(found)
    for place in found:
        assert place.startswith(base)
        answer = asker.request("GET", f"/{place.removeprefix(base)}", headers={"Accept": BROWSER})
        assert answer.status_code in {200, 303}, place


def test_a_large_sitemap_is_an_index_of_parts(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = places(asker.get("/sitemap.xml"))
    assert asker.get("/sitemap-1.xml").status_code == 404
    monkeypatch.setattr(harvesting, "MOST_ADDRESSES", 10)
    parts = places(asker.get("/sitemap.xml"), "sitemap")
    assert len(parts) == -(-len(whole) // 10)
    found = [
        place
        for part in parts
        for place in places(asker.get(part.removeprefix("https://orchard.example")))
    ]
    assert found == whole
    for number in ("0", "99", "x", "9" * 5000):
        assert asker.get(f"/sitemap-{number}.xml").status_code == 404


def test_robots_are_led_to_the_sitemap(asker: Asker) -> None:
    answer = asker.get("/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "Sitemap: https://orchard.example/sitemap.xml\n" in answer.text
    assert "Disallow: /sparql?\n" in answer.text


def test_the_feed_tells_the_version_that_is_served(asker: Asker, orchard: Project) -> None:
    answer = asker.get("/versions.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    tree = ET.fromstring(answer.content)
    for name in ("id", "title", "updated", "author", "entry"):
        assert tree.find(f"{ATOM}{name}") is not None, name
    (entry,) = tree.findall(f"{ATOM}entry")
    assert orchard.version in (entry.findtext(f"{ATOM}title") or "")
    assert entry.findtext(f"{ATOM}updated") == "0001-01-01T00:00:00Z"
    assert asker.get("/versions.atom").content == answer.content


def test_the_feed_tells_the_date_that_the_data_state(shipped: Project) -> None:
    pool = WorkerPool(shipped.dataset.snapshot(), size=1, timeout=20)
    with Asker(Application(Service(shipped, pool)), pool) as asker:
        tree = ET.fromstring(asker.get("/versions.atom").content)
    assert tree.findtext(f"{ATOM}updated") == "2026-11-23T00:00:00Z"

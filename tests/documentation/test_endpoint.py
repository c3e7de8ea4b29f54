# SPDX-License-Identifier: Apache-2.0
"""Every address, parameter, format and counter of the endpoint is documented."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx

from cosigraph import workbook
from cosigraph.command_line.querying import AnswerFormat
from cosigraph.command_line.reconciling import ADDED, EMPTY, TOO_LONG
from cosigraph.command_line.running import TableFormat
from cosigraph.emptiness import Kind
from cosigraph.formats import ResultFormat
from cosigraph.reconciliation.matching import Decision, How
from cosigraph_api.reconciliation_queries import FIELDS
from cosigraph_api.representations import bare


def test_every_status_that_the_description_tells_is_documented(root: Path, address: str) -> None:
    text = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    paths = httpx.get(f"{address}/openapi.json").json()["paths"]
    operations = [operation for methods in paths.values() for operation in methods.values()]
    statuses = {status for operation in operations for status in operation["responses"]}
    assert {"200", "400", "504"} <= statuses
    for status in statuses:
        assert re.search(rf"^\| .*\b{status}\b.* \|", text, re.MULTILINE), status


def test_every_format_is_documented(root: Path) -> None:
    endpoint = (root / "docs/endpoint.md").read_text(encoding="utf-8")
    commands = (root / "docs/command-line.md").read_text(encoding="utf-8")
    for form in ResultFormat:
        media_type = form.media_type.partition(";")[0]
        assert f"| `{form.label}` | `{media_type}`" in endpoint
    assert f"| `xlsx` | `{workbook.MEDIA_TYPE}`" in endpoint
    for name in {*AnswerFormat, *TableFormat}:
        assert f"`{name}`" in commands


def test_every_address_is_documented(root: Path, address: str) -> None:
    text = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    paths = httpx.get(f"{address}/openapi.json").json()["paths"]
    assert len(paths) >= 25
    for path in paths:
        general = re.sub(r"/queries/[a-z-]+\.{format}", "/queries/NAME.json", path)
        general = general.replace("{name}", "NAME").replace("{version}", "VERSION")
        general = general.replace(".{extension}", ".ttl").replace("{key}", "KEY")
        general = re.sub(r"/queries/[a-z-]+/(explain|receipt)", r"/queries/NAME/\1", general)
        assert f"`{general}`" in text, path


def test_every_format_is_documented_with_its_media_type(root: Path) -> None:
    text = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    for format_ in ResultFormat:
        row = rf"^\| `{format_.label}` \| `{re.escape(bare(format_.media_type))}`"
        assert re.search(row, text, re.MULTILINE), format_


def test_every_parameter_of_the_endpoint_is_documented(root: Path, address: str) -> None:
    text = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    operation = httpx.get(f"{address}/openapi.json").json()["paths"]["/sparql"]["get"]
    names = [parameter["name"] for parameter in operation["parameters"]]
    assert {"query", "format", "reading"} <= set(names)
    for name in names:
        assert f"`{name}`" in text, name


def test_every_parameter_feature_and_decision_of_reconciling_is_documented(
    root: Path, address: str
) -> None:
    endpoint = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    linking = (root / "docs" / "linking.md").read_text(encoding="utf-8")
    paths = httpx.get(f"{address}/openapi.json").json()["paths"]
    of_service = {path: methods for path, methods in paths.items() if "/reconcile" in path}
    assert len(of_service) == 6
    for methods in of_service.values():
        for parameter in methods["get"]["parameters"]:
            assert f"`{parameter['name']}`" in endpoint or parameter["in"] == "path", parameter
    for word in (*How, *Decision, TOO_LONG, EMPTY, *ADDED):
        assert f"`{word}`" in linking, word
    query = {"query": "THB", "type": ["cosi:Actor", "cosi:CrimeArea"], "type_strict": "should"}
    queries = json.dumps({"a": {"query": "THB"}, "b": query})
    found = httpx.get(f"{address}/reconcile", params={"queries": queries}).json()
    told = [each for result in found.values() for each in result["result"]]
    features = {feature["id"] for each in told for feature in each["features"]}
    assert {"name", "exact", "type", "namesakes"} <= features
    for feature in features:
        assert f"| `{feature}` |" in endpoint, feature
    for member in FIELDS:
        assert f"| `{member}` |" in endpoint, member


def test_every_kind_of_finding_and_member_of_an_explanation_is_documented(
    root: Path, address: str
) -> None:
    text = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    for kind in Kind:
        assert re.search(rf"^\| .*`{kind}`.* \|", text, re.MULTILINE), kind
    schema = httpx.get(f"{address}/openapi.json").json()["components"]["schemas"]["Explanation"]
    for member in (*schema["properties"], *schema["properties"]["findings"]["items"]["properties"]):
        assert f"`{member}`" in text, member
    told = httpx.get(f"{address}/sparql/explain?query=ASK+{{?x+cosi:letter+'a'}}").json()
    assert set(told) <= set(schema["properties"])


def test_every_counter_is_documented(root: Path, address: str) -> None:
    text = (root / "docs" / "operating.md").read_text(encoding="utf-8")
    metrics = httpx.get(f"{address}/metrics").text
    kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", metrics, re.MULTILINE))
    counters = [name for name in kinds if not name.endswith("_created")]
    assert len(counters) >= 12
    for counter in counters:
        assert f"`{counter}`" in text, counter

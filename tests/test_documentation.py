# SPDX-License-Identifier: Apache-2.0
"""The documentation is true: its examples run, and nothing that exists is undocumented."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
import yaml

from cosigraph import Project, errors, open_project, workbook
from cosigraph.check.engines import EngineChoice
from cosigraph.check.findings import Finding, Report, Severity
from cosigraph.check.reports import Setting
from cosigraph.check.reports.turtle import to_turtle
from cosigraph.check.rule import rules
from cosigraph.command_line.application import app
from cosigraph.command_line.comparing import DifferenceFormat, Failing
from cosigraph.command_line.querying import AnswerFormat
from cosigraph.command_line.reconciling import ADDED, EMPTY, TOO_LONG
from cosigraph.command_line.running import TableFormat
from cosigraph.configuration import (
    CATALOGUE_KEYS,
    CHECK_KEYS,
    EVIDENCE_KEYS,
    GRAPH_KEYS,
    PROJECT_KEYS,
    SERVER_KEYS,
    TABLES,
)
from cosigraph.declared_dataset import DATASET_KEYS
from cosigraph.difference import difference, read_version, to_json
from cosigraph.difference.breaking import BreakingKind
from cosigraph.emptiness import Kind
from cosigraph.errors import Position
from cosigraph.formats import ResultFormat
from cosigraph.page_settings import KEYS as PAGES_KEYS
from cosigraph.reconciliation.matching import Decision, How
from cosigraph.report_formats import MEDIA_TYPES
from cosigraph.terms import to_python
from cosigraph_api.problem_kinds import KINDS
from cosigraph_api.reconciliation_queries import FIELDS
from cosigraph_api.representations import bare
from tests.api.writing import Writable
from tests.api.writing import writable as serving_writable
from tests.programs import needed
from tests.serving import serving

BINARIES = Path(sys.executable).parent
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ROOT = Path(__file__).parent.parent
DOCUMENTS = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
LOCAL = "http://127.0.0.1:8000"
FIELD = re.compile(r"[A-Z][a-z]*(-[A-Z][a-z]+)+")  # of HTTP, by its name
NO_FIELDS = {
    "content-location",
    "n-quads",
    "n-triples",
    "no-cache",
}  # never sent, or something else
RAW_FIELD = re.compile(rb"[a-z]+(-[a-z]+)+")
PLAIN_FIELDS = {"connection", "content-length", "content-type", "date", "transfer-encoding"}


def blocks(root: Path, document: str, language: str) -> list[str]:
    text = (root / document).read_text(encoding="utf-8")
    return [body for name, body in FENCE.findall(text) if name == language]


def shell_lines(root: Path, document: str, program: str) -> list[str]:
    return [
        line.split("  #")[0].strip()
        for block in blocks(root, document, "sh")
        for line in block.splitlines()
        if line.startswith(f"{program} ")
    ]


def run(line: str, cwd: Path) -> str:
    environment = {**os.environ, "PATH": f"{BINARIES}:{os.environ['PATH']}"}
    result = subprocess.run(
        shlex.split(line), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"{line}\n{result.stderr}"
    return result.stdout


def constants(root: Path) -> Iterator[object]:
    """The strings, and the statuses, that the server's own code names."""
    for path in (root / "api" / "cosigraph_api").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant):
                yield node.value
            elif isinstance(node, ast.Attribute) and node.attr in HTTPStatus.__members__:
                yield HTTPStatus[node.attr]


def endpoint_and_operation(root: Path) -> str:
    documents = (root / "docs" / "endpoint.md", root / "docs" / "operating.md")
    return "\n".join(document.read_text(encoding="utf-8") for document in documents)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(ROOT, timeout=30) as server:
        yield server.address.rstrip("/")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_that_a_document_shows_run(document: str, root: Path, tmp_path: Path) -> None:
    for line in shell_lines(root, document, "cosigraph"):
        if not line.startswith("cosigraph serve"):
            run(line, tmp_path)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_requests_that_a_document_shows_are_answered(
    document: str, root: Path, tmp_path: Path, address: str
) -> None:
    needed("curl", "curl")
    for line in shell_lines(root, document, "curl"):
        assert run(line.replace(LOCAL, address).replace("curl", "curl -sSf", 1), tmp_path)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_python_that_a_document_shows_runs(document: str, root: Path) -> None:
    for block in blocks(root, document, "python"):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(block, document, "exec"), {})
        assert printed.getvalue()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_sparql_that_a_document_shows_has_an_answer(
    document: str, root: Path, shipped: Project
) -> None:
    for block in blocks(root, document, "sparql"):
        if not block.startswith("#+"):
            assert shipped.query(block).rows(), block


def test_the_five_ways_to_ask_give_the_same_answer(
    root: Path, tmp_path: Path, address: str, shipped: Project
) -> None:
    needed("curl", "curl")
    expected = shipped.run("goals-shared-across-priorities", minimum=7).to_csv()
    (command,) = (
        line for line in shell_lines(root, "README.md", "cosigraph") if "--minimum" in line
    )
    assert run(f"{command} --format csv", tmp_path).splitlines() == expected.splitlines()
    (request,) = shell_lines(root, "README.md", "curl")
    assert run(request.replace(LOCAL, address), tmp_path).splitlines() == expected.splitlines()
    sheet = next(iter(blocks(root, "README.md", "text"))).strip().replace(LOCAL, address)
    assert set(expected.splitlines()) < set(run(f"curl -sSf {sheet}", tmp_path).splitlines())
    (sparql,) = blocks(root, "README.md", "sparql")
    counts = {
        tuple(to_python(term) for term in row if term is not None)
        for row in shipped.query(sparql).rows()
    }
    told = {
        (row["sharedGoal"], row["priorityCount"])
        for row in shipped.run("goals-shared-across-priorities", minimum=7)
    }
    assert told == {pair for pair in counts if pair[1] in {7, 8}}


def test_make_targets_that_the_readme_names_exist(root: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(), re.MULTILINE)
    named = [line.split()[1] for line in shell_lines(root, "README.md", "make")]
    assert named
    assert set(named) <= set(targets)


def all_commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Yield the commands of a group and of the groups in it, by their names."""
    for short, each in getattr(command, "commands", {}).items():
        yield from all_commands(f"{name}{short} ", each)
    if not hasattr(command, "commands"):
        yield name.strip(), command


def test_every_command_and_option_is_documented(root: Path) -> None:
    text = (root / "docs" / "command-line.md").read_text(encoding="utf-8")
    commands = dict(all_commands("", typer.main.get_command(app)))
    assert len(commands) >= 12
    for name, command in commands.items():
        assert f"`cosigraph {name}" in text, name
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--"):
                    assert option in text, f"{name} {option}"


def test_every_engine_is_documented(root: Path) -> None:
    text = (root / "docs" / "checking.md").read_text(encoding="utf-8")
    for choice in EngineChoice:
        assert f"| `{choice}` |" in text, choice


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


def members(value: object) -> Iterator[str]:
    """Yield the names of all members of a JSON value, but for those of ``parameters``."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from members(inner) if name != "parameters" else ()
    elif isinstance(value, list):
        for inner in value:
            yield from members(inner)


def test_every_kind_of_breaking_change_format_and_member_of_a_difference_is_documented(
    root: Path, tmp_path: Path
) -> None:
    text = (root / "docs" / "differences.md").read_text(encoding="utf-8")
    commands = (root / "docs" / "command-line.md").read_text(encoding="utf-8")
    for kind in BreakingKind:
        assert f"| `{kind}` |" in text, kind
    for name in {*DifferenceFormat, *Failing}:
        assert re.search(rf"(`|--format |--fail-on ){name}`", commands), name
    orchard = root / "tests" / "projects" / "orchard"
    copy = shutil.copytree(orchard, tmp_path / "orchard")
    data = (copy / "data" / "trees.ttl").read_text(encoding="utf-8")
    changed = data.replace("7.25", "7.5").replace("tree:8", "tree:88")
    (copy / "data" / "trees.ttl").write_text(changed, encoding="utf-8")
    with read_version(str(orchard), copy) as old, read_version(str(copy), copy) as new:
        report = difference(old, new)
    found = set(members(json.loads(to_json(report))))
    assert {"oldPlace", "instead", "missingLeftOut"} <= found
    for member in found:
        assert f"`{member}`" in text, member


def test_every_exit_code_is_documented(root: Path) -> None:
    text = (root / "docs" / "command-line.md").read_text(encoding="utf-8")
    pending: list[type[errors.CosigraphError]] = [errors.CosigraphError]
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        assert f"| {kind.exit_code} |" in text


def test_every_configuration_key_is_documented(root: Path) -> None:
    text = (root / "docs" / "project-folder.md").read_text(encoding="utf-8")
    checked = (*CHECK_KEYS, *EVIDENCE_KEYS, *CATALOGUE_KEYS, *PAGES_KEYS)
    keys = (*PROJECT_KEYS, *GRAPH_KEYS, *DATASET_KEYS, *SERVER_KEYS, *checked)
    for key in keys:
        assert f"`{key}`" in text or f".{key}]`" in text, key
    for table in TABLES:
        assert re.search(rf"\[{table}[\].]", text), table


def test_every_query_is_documented(root: Path, shipped: Project) -> None:
    text = (root / "docs" / "queries.md").read_text(encoding="utf-8")
    for query in shipped.queries.values():
        assert f"| `{query.name}` | {query.summary} |" in text, query.name
        for parameter in query.parameters:
            assert f"`{parameter}`" in text


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


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory, shipped: Project) -> Iterator[Writable]:
    with serving_writable(tmp_path_factory.mktemp("documented") / "store", shipped) as served:
        yield served


def test_what_a_server_that_may_be_written_to_answers_is_documented(
    root: Path, writable: Writable
) -> None:
    text = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    paths = writable.asker.get("/openapi.json").json()["paths"]
    for method, operation in paths["/graphs"].items():
        assert re.search(rf"^\| .*\b{method.upper()}\b.* \|", text, re.MULTILINE), method
        for status in operation["responses"]:
            assert re.search(rf"^\| .*\b{status}\b.* \|", text, re.MULTILINE), status
    for media_type in paths["/graphs"]["post"]["requestBody"]["content"]:
        assert f"`{media_type}`" in text
    created = writable.graph("PUT", "/graphs/new", "<a:s> <a:p> 1 .")
    refused = writable.asker.request("DELETE", "/graphs/new")
    assert (created.status_code, refused.status_code) == (201, 401)
    for field in (*created.headers, *refused.headers):
        is_plain = field in {"content-type", "content-length"}
        assert is_plain or re.search(rf"`{field}`", text, re.IGNORECASE), field


def test_every_field_of_an_answer_is_documented(root: Path, address: str) -> None:
    text = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    for path in (
        "sparql?query=ASK+{}",
        "queries/priorities.csv",
        "nowhere",
        "",
        "static/style.css",
        "sparql?query=SELECT+*+{?s+a+<x:y>}",
    ):
        for method in ("GET", "POST", "OPTIONS"):
            for field in httpx.request(method, f"{address}/{path}").headers:
                is_told = re.search(rf"`{field}`", text, re.IGNORECASE)
                assert field in PLAIN_FIELDS or is_told, field


def test_every_field_that_the_server_knows_is_documented(root: Path) -> None:
    text = endpoint_and_operation(root)
    named = set(constants(root))
    fields = {name.lower() for name in named if isinstance(name, str) and FIELD.fullmatch(name)}
    raw = {name.decode() for name in named if isinstance(name, bytes) and RAW_FIELD.fullmatch(name)}
    assert {"cosigraph-truncated", "retry-after"} <= fields
    assert {"x-forwarded-for", "if-none-match"} <= raw
    for field in (fields | raw) - PLAIN_FIELDS - NO_FIELDS:
        assert re.search(rf"`{field}`", text, re.IGNORECASE), field


def test_every_status_of_a_problem_is_documented(root: Path) -> None:
    text = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    statuses = {status for kind in KINDS for status in kind.statuses}
    named = {status for status in constants(root) if isinstance(status, HTTPStatus)}
    assert {200, 408, 431, 503} <= statuses
    assert {304, 405, 500} <= named
    for status in statuses | named:
        assert re.search(rf"^\| (\d+, )*{int(status)}(, \d+)* \|", text, re.MULTILINE), status


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


def test_every_option_of_the_server_is_explained(root: Path) -> None:
    text = (root / "docs" / "operating.md").read_text(encoding="utf-8")
    command = getattr(typer.main.get_command(app), "commands", {})["serve"]
    options = [option for parameter in command.params for option in parameter.opts]
    assert len(options) >= 15
    for option in options:
        assert option in text, option


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


def test_every_limit_is_documented_with_its_default(root: Path) -> None:
    text = (root / "docs" / "operating.md").read_text(encoding="utf-8")
    panel = "Limits"
    command = getattr(typer.main.get_command(app), "commands", {})["serve"]
    limits = [each for each in command.params if getattr(each, "rich_help_panel", "") == panel]
    assert len(limits) == 11
    for limit in limits:
        default = "all workers but one" if limit.default is None else f"{limit.default:,}"
        row = rf"^\| `{limit.opts[0]} {limit.metavar}` \| {default} \|"
        assert re.search(row, text, re.MULTILINE), limit.opts[0]


def test_each_rule_of_the_check_is_in_the_table_with_its_page(root: Path) -> None:
    text = (root / "docs" / "checking.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| [`")]
    expected = [
        f"| [`{each.identifier}`](../cosigraph/check/rules/{each.identifier}.md) | "
        f"{each.severity} | {each.title} |"
        for each in rules().values()
    ]
    assert len(expected) >= 9
    assert rows == expected, "\n".join(expected)


def test_every_variable_of_the_environment_is_documented(root: Path) -> None:
    code = [path for room in ("api", "cosigraph") for path in (root / room).rglob("*.py")]
    found = {
        name
        for path in code
        for name in re.findall(r'"(COSIGRAPH_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert {"COSIGRAPH_DEBUG", "COSIGRAPH_LARGEST_FILE"} <= found
    text = "\n".join((root / document).read_text(encoding="utf-8") for document in DOCUMENTS)
    for name in found:
        assert f"`{name}" in text, name


def test_every_format_of_a_report_is_documented(root: Path) -> None:
    checking = (root / "docs" / "checking.md").read_text(encoding="utf-8")
    endpoint = (root / "docs" / "endpoint.md").read_text(encoding="utf-8")
    for name, media_type in MEDIA_TYPES.items():
        assert f"| `{name}` |" in checking
        assert f"| `{name}` | `{media_type}`" in endpoint


def test_every_term_of_a_report_in_turtle_is_documented(root: Path) -> None:
    text = (root / "docs" / "checking.md").read_text(encoding="utf-8")
    finding = Finding(
        "a/b",
        Severity.INFO,
        "m",
        Position("x", 1, 1, 1, 2),
        advice="a",
        detail="d",
        reading="r",
    )
    terms = set(re.findall(r"(?:check|ptr):\w+", to_turtle(Report((finding,)), Setting())))
    assert len(terms) >= 9
    for term in terms:
        assert f"`{term}`" in text, term


def test_what_the_action_and_the_template_take_is_documented(root: Path) -> None:
    text = (root / "docs" / "checking.md").read_text(encoding="utf-8")
    action = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
    template = (root / "ci-templates" / "gitlab.yml").read_text(encoding="utf-8")
    hooks = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    variables = set(re.findall(r"\bCOSIGRAPH_[A-Z_]+", template))
    for name in (*action["inputs"], *variables, *(hook["id"] for hook in hooks)):
        assert f"`{name}`" in text, name


def test_links_between_documents_lead_somewhere(root: Path) -> None:
    for document in DOCUMENTS:
        text = (root / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            if not target.startswith("http"):
                assert (root / document).parent.joinpath(target).exists(), f"{document}: {target}"


def test_tests_that_the_threat_model_names_exist(root: Path) -> None:
    text = (root / "docs" / "threat-model.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[^`:]+)::(\w+)`", text)
    assert len(named) >= 12
    for path, function in named:
        assert f"def {function}(" in (root / path).read_text(encoding="utf-8"), function


def test_each_row_of_the_threat_model_has_surface_threat_defence_and_test(root: Path) -> None:
    text = (root / "docs" / "threat-model.md").read_text(encoding="utf-8")
    head, _, *rows = [line for line in text.splitlines() if line.startswith("|")]
    assert head == "| surface | threat | what holds | test |"
    assert len(rows) >= 30
    for row in rows:
        surface, threat, holds, test = (cell.strip() for cell in row.strip("|").split(" | "))
        assert surface, row
        assert threat, row
        assert holds, row
        assert re.fullmatch(r"`tests/\S+::test_\w+`(, `tests/\S+::test_\w+`)*|none", test), row


def test_options_that_the_threat_model_names_exist(root: Path) -> None:
    text = (root / "docs" / "threat-model.md").read_text(encoding="utf-8")
    command = getattr(typer.main.get_command(app), "commands", {})["serve"]
    options = {option for parameter in command.params for option in parameter.opts}
    named = set(re.findall(r"`(--[a-z-]+)`", text))
    assert len(named) >= 8
    assert named <= options


def test_citation_and_changelog_tell_the_version(root: Path) -> None:
    version = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    assert yaml.safe_load((root / "CITATION.cff").read_text())["version"] == version
    assert f"## [{version}]" in (root / "CHANGELOG.md").read_text()


def test_the_published_agreement_is_that_of_the_readings(root: Path, tmp_path: Path) -> None:
    table = run("cosigraph agreement first second --format markdown", tmp_path)
    assert table in (root / "docs" / "agreement.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("reading", ["first", "second", "settled"])
def test_the_published_tables_are_those_of_the_readings(root: Path, reading: str) -> None:
    project = open_project(root, reading=None if reading == "settled" else reading)
    tables = {
        "shared-goals": project.run("shared-goal-evidence", strength="arguable"),
        "themes": project.run("goals-by-theme"),
        "mentions": project.run("mentions"),
    }
    for name, table in tables.items():
        published = (root / "docs" / "readings" / f"{reading}-{name}.csv").read_bytes().decode()
        assert published.splitlines() == table.to_csv().splitlines(), name

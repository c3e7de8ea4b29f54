# SPDX-License-Identifier: Apache-2.0
"""The configuration: what it says, what it may leave out, and every way to get it wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosigraph.configuration import DEFAULT_IDENTIFIERS, read_configuration
from cosigraph.errors import ConfigurationError, ProjectError
from cosigraph.evidence import DEFAULT_TEXTS
from cosigraph.publication import Publication

ORCHARD = Path(__file__).parents[1] / "projects" / "orchard"


def written(folder: Path, text: str) -> Path:
    (folder / "cosigraph.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_orchard_is_read_as_configured() -> None:
    configuration = read_configuration(ORCHARD)
    assert configuration.name == "orchard"
    assert configuration.base == "https://orchard.example/"
    assert configuration.prefixes.expand("tree:1") == "https://orchard.example/id/tree/1"
    second = configuration.graphs[-1]
    assert second.iri == "https://orchard.example/graph/reading/tasting/second"
    assert second.replaces == "https://orchard.example/graph/tasting"


def test_well_known_prefixes_need_no_configuration() -> None:
    prefixes = read_configuration(ORCHARD).prefixes
    assert prefixes.expand("skos:notation") == "http://www.w3.org/2004/02/skos/core#notation"


def test_a_folder_without_a_configuration_has_the_content_folders_as_graphs(
    tmp_path: Path,
) -> None:
    for name in ("ontology", "data", "shapes"):
        (tmp_path / name).mkdir()
    for name in ("ontology", "data"):  # an empty folder is no graph yet
        (tmp_path / name / "file.ttl").touch()
    configuration = read_configuration(tmp_path)
    assert [graph.name for graph in configuration.graphs] == ["ontology", "data"]
    assert configuration.base == "https://example.org/"
    assert configuration.names[0] == "http://www.w3.org/2004/02/skos/core#notation"


def test_a_missing_folder_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as caught:
        read_configuration(tmp_path / "nowhere")
    assert str(caught.value) == f"The project folder '{tmp_path}/nowhere' does not exist."


def test_a_file_is_no_project_folder() -> None:
    with pytest.raises(ProjectError, match="is a file, not a folder"):
        read_configuration(Path(__file__))


def test_an_empty_folder_is_told_what_a_project_looks_like(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as caught:
        read_configuration(tmp_path)
    assert "neither a cosigraph.toml nor a folder ontology/ or data/" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[project\n", "cosigraph.toml:1:9: The file is no TOML"),
        ("name = 'x'\n\n[project]\nname = ", "cosigraph.toml:4:8: The file is no TOML"),
        ("[projekt]\n", "cosigraph.toml:1: There is no table 'projekt'. Did you mean 'project'?"),
        (
            "[project]\nnames = []\nnaem = 'x'\n",
            "cosigraph.toml:3: There is no entry 'naem'. Did you mean 'name'?",
        ),
        ("project = 3\n", "cosigraph.toml:1: 'project' must be a table, written [project]."),
        ("[project]\ntitle = 3\n", "cosigraph.toml:2: 'title' must be a string in quotes"),
        ("[project]\nbase = 'here/'\n", "cosigraph.toml:2: 'base' must be an absolute IRI"),
        ("[project]\nbase = 'https://x.example'\n", "cosigraph.toml:2: 'base' must end with '/'"),
        ("[project]\nnames = 'x'\n", "cosigraph.toml:2: 'names' must be a list of strings"),
        ("[project]\nnames = ['nope:x']\n", "cosigraph.toml:2: 'names' holds 'nope:x'"),
        ("[project]\nservices = 'x'\n", "cosigraph.toml:2: 'services' must be a list of strings"),
        ("[project]\nservices = ['sparql']\n", "cosigraph.toml:2: 'sparql' is no absolute IRI"),
        (
            "[project]\nservices = ['ftp://x.example/']\n",
            "cosigraph.toml:2: 'ftp://x.example/' is no endpoint",
        ),
        (
            "[project]\nservices = ['http://169.254.169.254/']\n",
            "cosigraph.toml:2: 'http://169.254.169.254/' is not on the open network.",
        ),
        ("[project]\nservices = ['http://localhost/']\n", "is not on the open network."),
        ("[project]\nservices = ['http://[::1]/']\n", "is not on the open network."),
        ("[prefixes]\nex = 'a b'\n", "cosigraph.toml:2: 'ex' must be an absolute IRI"),
        (
            "[check]\nidentifier = 'x'\n",
            "cosigraph.toml:2: There is no entry 'identifier'. Did you mean 'identifiers'?",
        ),
        ("[check]\nidentifiers = '(x'\n", "cosigraph.toml:2: '(x' is no regular expression: "),
        ("[check.links]\nskos = '(x'\n", "cosigraph.toml:2: '(x' is no regular expression: "),
        ("[check.links]\nskso = 'x'\n", "'skso' is no prefix of [prefixes]. Did you mean 'skos'?"),
        ("[check]\nreleased = '../x'\n", "cosigraph.toml:2: '../x' must be a path within"),
        ("[check]\nreleased = 3\n", "cosigraph.toml:2: 'released' must be a string in quotes"),
        ("[check]\nevidense = 1\n", "cosigraph.toml:2: There is no entry 'evidense'. Did you mean"),
        ("[check.evidence]\nclas = []\n", "cosigraph.toml:2: There is no entry 'clas'. Did you"),
        (
            "[check.evidence]\ntext = ['x:y']\n",
            "cosigraph.toml:2: 'text' holds 'x:y', whose prefix",
        ),
        ("[check.evidence]\nclasses = ['skos:Concept']\n", "cosigraph.toml:2: 'classes' must have"),
        ("[pages]\nstrat = []\n", "cosigraph.toml:2: There is no entry 'strat'. Did you mean"),
        ("[pages]\nstart = 'x'\n", "cosigraph.toml:2: 'start' must be a list of strings"),
        ("[pages]\nsearch = []\n", "cosigraph.toml:2: 'search' must be a string in quotes"),
        ("[graph]\nname = 'x'\n", "Graphs are written [[graph]]"),
        ("[[graph]]\nfiles = []\n", "cosigraph.toml:1: A [[graph]] has no 'name'."),
        ("[[graph]]\nname = 'x'\n", "cosigraph.toml:1: A [[graph]] has no 'files'."),
        ("[[graph]]\nname = 'x'\nfile = []\n", "There is no entry 'file'. Did you mean 'files'?"),
        ("[[graph]]\nname = 'x'\nfiles = ['../y.ttl']\n", "must be a path within the project"),
        ("[[graph]]\nname = 'x'\nfiles = ['/y.ttl']\n", "must be a path within the project"),
        (
            "[[graph]]\nname = 'x'\nfiles = []\n" * 2,
            "There are two graphs 'x'.",
        ),
        (
            "[[graph]]\nname = 'x'\nfiles = []\n"
            "[[graph]]\nname = 'y'\nfiles = []\nreplaces = 'z'\n",
            "cosigraph.toml:7: Graph 'y' replaces 'z', which is no graph of its own. Known: x.",
        ),
        (
            "[catalogue]\npublsher = 'x'\n",
            "There is no entry 'publsher'. Did you mean",
        ),
        ("[catalogue]\ncontact = 'ftp://a.example/'\n", "'contact' must be a mailto: or https:"),
        ("[catalogue]\ndata-licence = 'CC BY'\n", "'data-licence' must be an absolute IRI"),
        ("[project]\nnotice = 'x'\n", "'notice' must be a list of strings in quotes."),
        *(
            (f"[catalogue]\naddress = '{address}'\n", "which '" + address + "' is not")
            for address in (
                "http://localhost/",
                "http://localhost.:8000/",
                "http://127.0.0.1:8000/",
                "http://10.1.2.3/",
                "http://[::1]/",
                "http://server/",
                "https://server.internal/",
                "https://a.example",
                "ftp://a.example/",
                "https://a.example/?x=/",
                "https://a.example:port/",
            )
        ),
    ],
)
def test_a_mistake_is_one_line_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(written(tmp_path, text))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_published_is_as_configured_and_nothing_is_assumed(tmp_path: Path) -> None:
    assert read_configuration(ORCHARD).publication == Publication()
    text = "[project]\nnotice = ['One.', 'Two.']\n[catalogue]\npublisher = 'P'\naddress = 'https://a.example/b/'\n"
    configuration = read_configuration(written(tmp_path, text + "[[graph]]\nname='a'\nfiles=[]\n"))
    assert configuration.notice == ("One.", "Two.")
    assert configuration.publication == Publication(publisher="P", address="https://a.example/b/")
    missing = list(configuration.publication.missing())
    assert [sentence.split(":")[0] for sentence in missing] == [
        "[catalogue] has no contact",
        "[catalogue] has no data-licence",
    ]


def test_a_configuration_that_is_not_utf8_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "cosigraph.toml").write_bytes(b"[project]\nname = '\xff'\n")
    with pytest.raises(ConfigurationError, match=r"cosigraph\.toml:2: The file is not UTF-8\."):
        read_configuration(tmp_path)


def test_services_are_endpoints_on_the_open_network(tmp_path: Path) -> None:
    folder = written(tmp_path, "[project]\nservices = ['https://x.example/sparql']\n")
    assert read_configuration(folder).services == ("https://x.example/sparql",)


def test_the_form_of_identifiers_and_their_list_may_be_left_out(tmp_path: Path) -> None:
    read = read_configuration(written(tmp_path, "[check]\n"))
    assert (read.identifiers, read.released) == (DEFAULT_IDENTIFIERS, None)
    read = read_configuration(
        written(tmp_path, "[check]\nidentifiers = '[a-z]+'\nreleased = 'ever.txt'\n")
    )
    assert (read.identifiers, read.released) == ("[a-z]+", "ever.txt")


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    folder = written(tmp_path, "\ufeff[project]\nname = 'marked'\n")
    assert read_configuration(folder).name == "marked"


def test_what_must_have_evidence_is_named_with_prefixes(tmp_path: Path) -> None:
    (tmp_path / "cosigraph.toml").write_text(
        "[check.evidence]\nproperty = ['prov:wasDerivedFrom']\nclasses = ['https://x.example/C']\n",
        encoding="utf-8",
    )
    evidence = read_configuration(tmp_path).evidence
    assert evidence.properties == ("http://www.w3.org/ns/prov#wasDerivedFrom",)
    assert evidence.classes == ("https://x.example/C",)
    assert evidence.texts == DEFAULT_TEXTS


def test_the_forms_of_links_are_read_by_prefix(tmp_path: Path) -> None:
    text = "[prefixes]\nreg = 'https://register.example/'\n[check.links]\nreg = '[0-9]+'\n"
    configuration = read_configuration(written(tmp_path, text))
    assert configuration.link_forms == {"reg": "[0-9]+"}

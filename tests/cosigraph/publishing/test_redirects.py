# SPDX-License-Identifier: Apache-2.0
"""The rules for the base's registration, and what Apache makes of them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from cosigraph.configuration import read_configuration
from cosigraph.errors import UsageError
from cosigraph.publishing.redirects import redirect_rules
from tests.programs import missing

MODULES = Path("/usr/lib/apache2/modules")
CONFIGURATION = """\
ServerRoot "{folder}"
ServerName localhost
PidFile "{folder}/pid"
ErrorLog "{folder}/errors"
Listen 127.0.0.1:{port}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule rewrite_module {modules}/mod_rewrite.so
User nobody
Group nogroup
DocumentRoot "{folder}/www"
<Directory "{folder}/www">
  AllowOverride All
  Options FollowSymLinks
  Require all granted
</Directory>
"""
PROJECT = """\
[project]
title = "Fruit"
base = "https://w3id.example/fruit.trees/"
[catalogue]
address = "https://data.example/at%20last/"
contact = "mailto:orchard@data.example"
"""


def rules_of(folder: Path, project: str) -> str:
    (folder / "data").mkdir()
    (folder / "cosigraph.toml").write_text(project, encoding="utf-8")
    return redirect_rules(read_configuration(folder))


def test_the_rules_tell_what_they_are_for(tmp_path: Path) -> None:
    rules = rules_of(tmp_path, PROJECT)
    assert "# Base: https://w3id.example/fruit.trees/" in rules
    assert "# Contact: mailto:orchard@data.example" in rules
    assert r"/fruit\.trees/" in rules


def test_without_a_public_address_there_are_no_rules(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no public address") as raised:
        rules_of(tmp_path, "[project]\nbase = 'https://w3id.example/fruit/'\n")
    assert "[catalogue]" in str(raised.value.advice)


@pytest.fixture
def apache(tmp_path: Path) -> Iterator[str]:
    """Debian's Apache with the rules, in a process of ours; its address below the base."""
    program = shutil.which("apache2", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        missing("apache2", "apache2")
    assert program is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Not below pytest's folder, which is for its own user only.
    with TemporaryDirectory() as name:
        folder = Path(name)
        place = folder / "www" / "fruit.trees"
        place.mkdir(parents=True)
        (place / ".htaccess").write_text(rules_of(tmp_path, PROJECT), encoding="utf-8")
        for path in (folder, folder / "www", place):
            path.chmod(0o755)
        settings = CONFIGURATION.format(folder=folder, port=port, modules=MODULES)
        (folder / "apache.conf").write_text(settings, encoding="utf-8")
        process = subprocess.Popen([program, "-X", "-f", str(folder / "apache.conf")])
        try:
            wait_for(port, process, folder)
            yield f"http://127.0.0.1:{port}/fruit.trees/"
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with socket.socket() as connection:
            connection.settimeout(1)
            if connection.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)  # there is no event to wait for in another program
    pytest.fail((folder / "errors").read_text() if (folder / "errors").exists() else "no start")


@pytest.mark.long
def test_apache_leads_every_identifier_to_the_same_path_of_the_server(apache: str) -> None:
    for path in (
        "",
        "id/tree/1",
        "id/tree/1.ttl",
        "ontology",
        "id/tree/gr%C3%B6%C3%9Fe",
        "id/tree/a%20b%25c",
        "graph/reading/second",
        "sparql?query=ASK%20%7B%7D&format=json",
        "dumps/0.3.0+sha256.50/trees.nt.gz",
        ".well-known/void",
        "id/$1/%251",
    ):
        answer = httpx.get(f"{apache}{path}", follow_redirects=False)
        assert answer.status_code == 303, path
        assert answer.headers["location"] == f"https://data.example/at%20last/{path}"

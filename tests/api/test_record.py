# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
import uuid

import pytest

from tests.api.asking import Asker


@pytest.mark.parametrize("path", ["/sparql?query=ASK+{}", "/nowhere", "/healthz", "/sparql"])
def test_every_answer_has_an_identifier_and_its_time(asker: Asker, path: str) -> None:
    answer = asker.get(path)
    assert uuid.UUID(answer.headers["request-id"]).version == 4
    assert re.search(r"total;dur=\d+\.\d$", answer.headers["server-timing"])


def test_the_time_of_a_query_stands_apart(asker: Asker) -> None:
    timing = asker.sparql("ASK {}").headers["server-timing"]
    assert re.fullmatch(r"wait;dur=\d+\.\d, query;dur=\d+\.\d, total;dur=\d+\.\d", timing)


@pytest.mark.parametrize("given", ["a", "0af7651916cd43dd8448eb21", "shop:7/b+c=", "x" * 64])
def test_a_client_may_name_its_request(asker: Asker, given: str) -> None:
    answer = asker.request("GET", "/healthz", headers={"Request-Id": given})
    assert answer.headers["request-id"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", 'a"b', "<b>", "é".encode()])
def test_a_name_that_may_do_harm_is_not_taken(asker: Asker, given: str | bytes) -> None:
    answer = asker.request("GET", "/healthz", headers={"Request-Id": given})
    assert uuid.UUID(answer.headers["request-id"])

# SPDX-License-Identifier: Apache-2.0
"""Whatever comes, it is not the server's fault."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.asking import Asker, http_scope

TEXT = st.text(max_size=60)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    method=st.sampled_from(["GET", "POST", "HEAD"]),
    query_string=st.one_of(st.binary(max_size=60), TEXT.map(lambda text: text.encode())),
    headers=st.dictionaries(
        st.sampled_from(["accept", "content-type", "content-length", "if-none-match"]),
        st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=40),
    ),
    body=st.binary(max_size=60),
)
def test_no_request_is_the_servers_fault(
    asker: Asker, method: str, query_string: bytes, headers: dict[str, str], body: bytes
) -> None:
    scope = http_scope(method, "/sparql", query_string)
    scope["headers"] = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    sent = asker.exchange(scope, [{"type": "http.request", "body": body, "more_body": False}])
    assert 200 <= sent[0]["status"] < 500
    assert not sent[-1].get("more_body")


@settings(max_examples=60, deadline=None)
@given(query=st.text(alphabet=st.sampled_from('SELECTAKWHR*?{}()<>"\\:.;# \nu'), max_size=40))
def test_no_query_is_the_servers_fault(asker: Asker, query: str) -> None:
    answer: Any = asker.sparql(query)
    assert answer.status_code in {200, 400, 403}

# SPDX-License-Identifier: Apache-2.0
"""Run the suites and write ``docs/conformance.md``, unless something fails without a reason."""

from __future__ import annotations

import sys

from tests.w3c.manifests import VARIABLE, suites_folder
from tests.w3c.page import DOCUMENT, page
from tests.w3c.running import KNOWN, all_groups, iris_of, known, run_group, running_servers
from tests.w3c.shacl import shacl_surprises


def main() -> str | None:
    """Return what is wrong, or None when the page is written."""
    folder = suites_folder()
    if folder is None:
        return f"{VARIABLE} does not name the folder of the suites."
    reviewed = known()
    failed: dict[str, str] = {}
    with running_servers(folder) as servers:
        for name in all_groups(folder):
            if iris_of(folder, name):
                failed |= run_group(folder, name, servers)
    for test in sorted(set(failed).difference(reviewed.failures)):
        sys.stderr.write(f"{test}\n    {failed[test]}\n")
    wrong = shacl_surprises(folder)
    for test, why in wrong.items():
        sys.stderr.write(f"{test}\n    {why}\n")
    if wrong or not set(failed) <= set(reviewed.failures):
        return f"Mend what fails, or write the reason into {KNOWN.name}."
    DOCUMENT.write_text(page(folder, failed, reviewed), encoding="utf-8")
    return None


sys.exit(main())

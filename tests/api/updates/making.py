# SPDX-License-Identifier: Apache-2.0
"""What the tests of updates send."""

from __future__ import annotations

TURTLE = "text/turtle"
UPDATE = "application/sparql-update"
FORM = "application/x-www-form-urlencoded"
CROSS = "GRAPH ?w { ?a ?b ?c } GRAPH ?x { ?d ?e ?f } GRAPH ?y { ?g ?h ?i }"
NEVER = "FILTER(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j)) = '')"
RUNAWAY = f"INSERT {{ ?a <a:p> 1 }} WHERE {{ {CROSS} GRAPH ?z {{ ?j ?k ?l }} {NEVER} }}"

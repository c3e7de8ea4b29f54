# SPDX-License-Identifier: Apache-2.0
"""Whatever is stated, in whatever order, the check of it ends and raises nothing."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from cosigraph.check.checking import CHECKS
from cosigraph.check.term_index import DEFINING
from tests.cosigraph.check.rules_of import project

OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
NAMES = {
    OWL: "Thing Nothing Restriction AllDisjointClasses AllDisjointProperties AllDifferent members "
    "distinctMembers disjointWith complementOf unionOf intersectionOf oneOf onProperty "
    "someValuesFrom allValuesFrom hasValue maxCardinality minCardinality hasSelf inverseOf sameAs "
    "differentFrom imports deprecated equivalentClass disjointUnionOf propertyDisjointWith "
    "Ontology onDatatype real",
    RDF: "type first rest nil",
    RDFS: "subClassOf subPropertyOf domain range isDefinedBy label",
    SKOS: "Concept ConceptScheme broader narrower inScheme topConceptOf hasTopConcept prefLabel",
}
IRIS = sorted(
    {f"<{space}{name}>" for space, names in NAMES.items() for name in names.split()}
    | {f"<{iri}>" for iri in DEFINING}
)
THINGS = [":A", ":B", ":p", "tree:1", "<skos:x>", "<urn:x>", "<http://www.w3.org/2004/02/skos/x>"]
BLANKS = ["_:x", "_:y"]
LITERALS = ['"x"@en', '"x"', "1", "true", '"z"^^xsd:integer', '"1"^^:d', "<<( :A :p :B )>>"]
NODES = st.sampled_from([*IRIS, *THINGS, *BLANKS])
STATEMENTS = st.lists(
    st.tuples(
        st.sampled_from([*THINGS, *BLANKS]) | NODES,
        st.sampled_from(IRIS) | st.sampled_from([":p", ":q"]),
        NODES | st.sampled_from(LITERALS),
    ).map(lambda terms: f"{' '.join(terms)} ."),
    max_size=12,
)


@settings(deadline=None, max_examples=150)
@given(ontology=STATEMENTS, data=STATEMENTS)
def test_no_statements_stop_the_check(ontology: list[str], data: list[str]) -> None:
    with TemporaryDirectory() as folder:
        sources = project(Path(folder), "\n".join(ontology), "\n".join(data))
        for _, check in CHECKS:
            for finding in check(sources):
                assert finding.position.line is not None

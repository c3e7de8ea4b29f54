# SPDX-License-Identifier: Apache-2.0
"""The data as an rdflib dataset, for programs that work with rdflib."""

from __future__ import annotations

from typing import Any, NoReturn

import rdflib
from oxrdflib import OxigraphStore
from pyoxigraph import Store
from rdflib.plugins import sparql

from cosigraph.answers import Surroundings
from cosigraph.errors import QueryRefused
from cosigraph.sparql import DatasetClause, refuse_egress

# rdflib would read the files and addresses that a query names after FROM.
sparql.SPARQL_LOAD_GRAPHS = False


class View(rdflib.Dataset):
    """A copy of a project's data, whose queries reach nothing else.

    The default graph is the union that queries see. What is added to the copy is neither in the
    project's answers nor in its files.
    """

    def __init__(self, store: Store, surroundings: Surroundings) -> None:
        super().__init__(store=OxigraphStore(store=store))
        self._surroundings = surroundings
        for prefix, namespace in surroundings.prefixes.items():
            self.bind(prefix, namespace)

    def query(self, query_object: Any, *arguments: Any, **options: Any) -> rdflib.query.Result:
        """Answer a query's text, or one that rdflib has prepared.

        Raises:
            QueryRefused: it asks for another machine, a file, or by ``FROM`` for other graphs
                than the union, which rdflib over Oxigraph would pass over.
        """
        if isinstance(query_object, str):
            clause = refuse_egress(
                query_object, self._surroundings.graphs, self._surroundings.prefixes
            )
            if clause != DatasetClause():
                raise QueryRefused(
                    "The rdflib view does not follow FROM.", advice="Use GRAPH, or project.query()."
                )
        return super().query(query_object, *arguments, **options)

    def update(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: the files are the truth."""
        raise QueryRefused("The rdflib view takes no updates.", advice="Change the files.")

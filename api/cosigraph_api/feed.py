# SPDX-License-Identifier: Apache-2.0
"""The versions of the data as a feed (Atom, RFC 4287).

A version is told with its date: the one that the data state of the dataset, or for a store that of
the version itself. Without either there is no date to tell, and the feed has the beginning of time
as RFC 3339 writes it, rather than the time of the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import Literal, NamedNode

from cosigraph.configuration import Configuration
from cosigraph.publishing.record import Row
from cosigraph.publishing.statements import term

from .editions import Edition

_NO_DATE = "0001-01-01T00:00:00Z"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FEED = """\
<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>{feed}</id>
  <title>{title}</title>
  <subtitle>{notice}</subtitle>
  <updated>{updated}</updated>
  <author><name>{author}</name></author>
  <link rel="self" href={self}/>
  <entry>
    <id>{entry}</id>
    <title>{title}: version {version}</title>
    <updated>{updated}</updated>
    <summary>{summary}</summary>
    <link rel="alternate" href={files}/>
    <link rel="related" type="text/turtle" href={catalogue}/>
  </entry>
</feed>
"""


def feed(
    configuration: Configuration,
    root: str,
    edition: Edition,
    dataset: NamedNode,
    stated: Iterable[Row],
) -> str:
    """The feed.

    Args:
        configuration: the project's
        root: what addresses begin with
        edition: the version that is served
        dataset: what the data are as a whole
        stated: what the data state of that
    """
    version = edition.project.version
    return _FEED.format(
        feed=escape(f"{configuration.base}versions.atom"),
        entry=escape(f"{configuration.base}versions.atom#{version}"),
        title=escape(configuration.title),
        notice=escape(" ".join(configuration.notice)),
        updated=_date(edition, dataset, stated),
        author=escape(configuration.publication.publisher or configuration.name),
        version=escape(version),
        summary=escape(f"{len(edition.project.dataset.graphs)} graphs, as files with digests."),
        self=quoteattr(f"{root}versions.atom"),
        files=quoteattr(f"{root}dumps"),
        catalogue=quoteattr(f"{root}catalogue.ttl"),
    )


def _date(edition: Edition, dataset: NamedNode, stated: Iterable[Row]) -> str:
    if edition.stored is not None:
        return edition.stored.created
    dates = [
        value.value[:10]
        for subject, property_, value in stated
        if subject == dataset
        and property_ in {term("dcterms:issued"), term("dcterms:modified")}
        and isinstance(value, Literal)
        and _DATE.match(value.value)
    ]
    return f"{max(dates)}T00:00:00Z" if dates else _NO_DATE

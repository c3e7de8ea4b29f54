# SPDX-License-Identifier: Apache-2.0
"""The text of RDF files: tokens, lines, and where each statement stands.

A reader of Turtle, TriG, N-Triples and N-Quads that loses nothing. It judges nothing either: it is
for text that pyoxigraph has accepted, and where it cannot follow, it stops without an error.
"""

# SPDX-License-Identifier: Apache-2.0
"""A project folder over HTTP: the SPARQL endpoint, its canned queries and its pages.

This package translates between HTTP and the library ``cosigraph``; it holds nothing that the
command line would also need.
"""

# SPDX-License-Identifier: Apache-2.0
"""Keeping libraries quiet about what findings tell."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_LOGGERS = ("rdflib.term", "pyshacl.validate", "pyshacl-validate")


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib and pySHACL from writing of ill-typed literals and of shapes."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled

# SPDX-License-Identifier: Apache-2.0
"""SHACL engines behind one small interface, and the choice between them."""

from __future__ import annotations

from cosigraph.check.engines.choosing import EngineChoice, choose
from cosigraph.check.engines.engine import Engine, Result

__all__ = ["Engine", "EngineChoice", "Result", "choose"]

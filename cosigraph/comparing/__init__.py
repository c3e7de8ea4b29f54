# SPDX-License-Identifier: Apache-2.0
"""Things side by side: an answer whose chart is a comparison, and the document made of it."""

from cosigraph.comparing.comparison import Aspect, Comparison, Line, Sentence, Source, Thing
from cosigraph.comparing.document import comparison_document

__all__ = ["Aspect", "Comparison", "Line", "Sentence", "Source", "Thing", "comparison_document"]

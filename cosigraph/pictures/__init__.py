# SPDX-License-Identifier: Apache-2.0
"""Pictures of answers, drawn as SVG from what a canned query's front matter hints at.

A picture is told apart by shapes and words, never by colour alone, so it can be read in greyscale.
``svg(width)`` lays it out anew for each width, with letters that keep their size.
"""

from cosigraph.pictures.choosing import Picture, has_picture, picture
from cosigraph.pictures.matrix import Matrix

__all__ = ["Matrix", "Picture", "has_picture", "picture"]

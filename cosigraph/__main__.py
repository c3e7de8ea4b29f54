# SPDX-License-Identifier: Apache-2.0
"""``python -m cosigraph``."""

import sys

from cosigraph.command_line import main

sys.exit(main())

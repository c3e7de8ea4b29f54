# SPDX-License-Identifier: Apache-2.0
"""What differs between two versions of a graph."""

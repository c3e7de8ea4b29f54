# SPDX-License-Identifier: Apache-2.0
"""What a project tells of itself to catalogues, harvesters and programs, made from its data."""

# SPDX-License-Identifier: Apache-2.0
"""The server beside others that speak SPARQL: ``make bench``."""

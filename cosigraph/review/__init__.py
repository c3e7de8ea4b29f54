# SPDX-License-Identifier: Apache-2.0
"""What a reviewer of a change wants to know, as one comment that is kept up to date."""

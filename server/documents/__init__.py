"""Everything that leaves on paper: labels, lists, demo sheets, receipts.

Pure functions from plain data to bytes. The same input gives the same bytes on every machine:
fonts come from pinned packages, never from the system, and no document reads a clock.
"""

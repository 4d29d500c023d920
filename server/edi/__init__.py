"""UN/EDIFACT as text: segments in, segments out. It knows no message and no database."""

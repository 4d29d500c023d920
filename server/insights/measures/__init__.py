"""Figures of the site, kept by day and dimension as its log is written."""

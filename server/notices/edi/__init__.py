"""Notices for the software of a customer: UN/EDIFACT ORDRSP, DESADV and IFTSTA."""

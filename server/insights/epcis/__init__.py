"""The event log as EPCIS 2.0 JSON-LD, for partners whose systems speak GS1."""

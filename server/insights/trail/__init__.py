"""The audit log as it is looked up: who did what, when, from what device, and why."""

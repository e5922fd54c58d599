"""Probes of tables, a file each; each is found by being here."""

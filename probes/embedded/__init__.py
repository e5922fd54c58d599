"""The embedded pack, and what makes it; nothing that measures imports this."""

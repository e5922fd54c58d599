"""Evidence that is kept: what it is, what it is known by, where it lies, how it is sent."""

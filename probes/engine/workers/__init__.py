"""The processes that measure, on this machine or on many."""

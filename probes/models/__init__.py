"""The models of a pack, loaded safely and run with no pass twice."""

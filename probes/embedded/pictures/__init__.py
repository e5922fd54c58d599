"""The embedded pack: drawn scenes of the course's eleven classes and a classifier of them."""

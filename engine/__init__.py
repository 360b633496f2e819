"""The mathematics of gradient descent, and the runs; no widget anywhere."""

__version__ = "0.1.0"

"""The panels on the left, built from the specifications of the engine."""

"""The thread that descends and its ends in the window's thread. QtCore only."""

"""Cuts through the loss against the figures of tutorial 2 and against differences."""

from __future__ import annotations

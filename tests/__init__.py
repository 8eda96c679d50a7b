"""Tests of Peluit."""

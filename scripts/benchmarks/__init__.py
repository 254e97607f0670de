"""Measurements, each against a named peer in the same run. Nothing of it is part of the product."""

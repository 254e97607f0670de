"""Everything that builds, checks, measures and trains; the product imports none of it."""

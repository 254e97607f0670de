"""Where recognition models lie: a package of data, found alike in a wheel and in a checkout."""

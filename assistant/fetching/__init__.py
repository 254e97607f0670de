"""Download, unpack, receipt: the only code that connects to the outside."""

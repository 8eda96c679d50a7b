"""The command line, the demo and the installer, as a person meets them."""

"""tor as Peluit runs it: the text of its torrc, its clients' files, and what it says of a torrc."""

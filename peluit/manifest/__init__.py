"""`peluit manifest`: the list of what a site serves, signed by several and compared with the site."""

"""What the site serves, as a list that several people sign and anybody can check (docs/supply-chain.md).

The form is that of WEBCAT's manifests (Freedom of the Press Foundation, docs.webcat.tech).
"""

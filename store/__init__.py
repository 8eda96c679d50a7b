"""What the server keeps: sealed items, sealed evidence, and the public files."""

"""The air-gapped reading station: vault, key ceremony, import, casework, replies and outbound bundles."""

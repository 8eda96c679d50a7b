"""The protocol as pure functions on bytes and small types (docs/protocol.md)."""

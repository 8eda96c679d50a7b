"""The inbox on a PostgreSQL server, for several hosts (docs/scale-out.md). Needs the extra "postgres"."""

"""What makes a running server quieter: headers, logs, limits, the process itself."""

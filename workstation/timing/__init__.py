"""Working days, presets of deadlines, what is due in a case and when."""

"""tor on the office's server: where it lies, its set-up, its addresses, and who may reach the reviewers."""

"""What becomes of a report: stages, deadlines, review, disposition and the accounts that are given of it."""

"""What is passed on to other offices and to law enforcement, blacked out, and what comes back."""

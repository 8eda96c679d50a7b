"""The reporter's pages for everyone: axe-core, keyboard, reading order, small screens, weight."""

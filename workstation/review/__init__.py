"""What a case is about, whether it holds, who may see to it, and what was learned from it."""

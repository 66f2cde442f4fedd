"""What one of our people agreed with a debtor, written down as the dialogue would have: pure."""

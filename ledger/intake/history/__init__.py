"""The history of a company that moves in: contacts, agreements, holds, wishes, payments and letters, as lists."""

"""Lists become debtors and invoices: a file is read, every row is checked, and only then the first is written.

reading ─► row ─► whose ─► (all rows good) ─► staged slices ─► posting
 text      cells   human                       crash-safe       the books
"""

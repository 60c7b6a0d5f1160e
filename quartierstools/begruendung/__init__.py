"""Wie begründen wir es? Belege, Sätze, Begründung."""

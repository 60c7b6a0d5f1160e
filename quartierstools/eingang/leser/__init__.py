"""Wie wird aus einer Datei eine Tabelle aus Text? Ein Modul je Format."""

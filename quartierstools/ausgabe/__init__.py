"""Wie kommt es in den Rat? HTML, PDF, Word und Excel aus demselben Dokument.

Jedes Format hat ein Modul, alle lesen Farben und Größen aus `gestalt`, und alle
Bytes gehen durch `packen`: gleiche Eingabe, gleiche Datei.
"""

"""Steht in der fertigen Datei noch, was belegt ist? Zahlen finden und beweisen."""

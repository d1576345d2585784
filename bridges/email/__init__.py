"""E-mail: letters to departments, and their answers."""

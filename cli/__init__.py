"""The `linzhang` command."""

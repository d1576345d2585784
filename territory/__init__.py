"""The territory as files: reading divisions, drawing what lies below them, loading units and rosters."""

"""Tables on paper: as PDF to print and as XLSX to reckon with. It knows nothing of the programme."""

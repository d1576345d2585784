"""What the figures' page, its files and the printed report share: which weeks, which figures, of whom.

| module | what |
|---|---|
| `periods`  | which weeks are asked for, and what their name is |
| `measures` | which figures there are, and how each is read and written |
| `reading`  | reads them for a unit, its weeks and the units right below it |
| `cards`, `plots`, `lines` | the page's parts |
| `sheets`, `report` | as CSV and XLSX, and as the printed report of a month |
"""

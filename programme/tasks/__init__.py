"""Tasks: a department or a unit asks leaders for help, and pays them for the time that they lose.

    writing ──► a draft, with what it comes to ──► let go, or called off
        ──► offering: said in the rooms below, room by room, and to those without chat by text
        ──► helping: who says yes, as many as are needed; who cannot after all; who has done it, with proof
        ──► settling: whoever asked says that it is so ──► one row in the ledger, or that it is not
        ──► ledger: what each leader is due and each payer owes, and what has been paid out

Nothing is ever paid twice: a person helps with a task once, one piece of help has one row in the ledger, and
a row is paid out once. Each of the three is a unique key or a condition of the very statement that writes it.
"""

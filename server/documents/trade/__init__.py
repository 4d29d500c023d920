"""The papers of trade, from what was really picked and packed.

One paper is one template (`templates/<paper>.typ`) and one pure function of `kinds.py` that takes
its facts out of an order's dossier. What is issued is kept with the order, and never drawn again.
"""

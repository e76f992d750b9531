"""How a rule decides: editions and facts in, an answer with its grounds out.

Pure: the standard library and nothing else, so that it can be read, tested and argued about alone, and used without the
house. `documents` reads plain data strictly · `vocabulary` the facts and terms · `conditions` one cell over one fact ·
`editions` the dated texts · `deciding` the answer.
"""

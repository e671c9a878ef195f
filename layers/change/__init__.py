"""How an edition stands to the ones before it: what has lasted, what became of pockets."""

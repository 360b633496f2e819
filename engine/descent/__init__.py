"""How it is learned: optimizers, runs and their histories. No Qt here."""

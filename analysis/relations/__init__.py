"""Who does what to whom: directed relations between the actors of a sentence, read by rules and a list of verbs."""

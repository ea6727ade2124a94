"""What recurs: articles that are copies of one text, and boilerplate of an outlet."""

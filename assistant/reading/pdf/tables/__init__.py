"""Tables of a page: where they stand, by their rules or by their white, and the rows and cells of each."""

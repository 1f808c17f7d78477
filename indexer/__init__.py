"""Library -> index -> search results; every engine lives behind one seam."""

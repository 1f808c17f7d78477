"""The web page: HTML over the two services of the indexer."""

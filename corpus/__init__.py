"""Raw pages and files -> reports made of sections -> the library, the source of truth."""

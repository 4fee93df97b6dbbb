"""The words on the pages: German for codes, sentences, numbers, days."""

"""The rules of catalog: offers, price list files, what is in force. Pure."""

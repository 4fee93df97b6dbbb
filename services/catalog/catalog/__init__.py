"""What can be bought: suppliers' price lists in versions, the articles they name, search."""

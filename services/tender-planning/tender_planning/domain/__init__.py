"""The rules of planning: demand, core assortments, proposals, tenders, corrections. Pure."""

"""Demand -> core assortment -> specification -> tender calendar."""

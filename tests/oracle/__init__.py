"""A second reading of the rules of permission, written from the texts alone and sharing no clause with the product.

Simple and slow on purpose: it asks every rule at every minute. Where the texts leave a choice it says so, and accepts
each reading.
"""

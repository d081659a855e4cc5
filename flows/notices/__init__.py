"""Telling people of what runs come to: causes from what the warehouse holds, words for them, and the ways out."""

"""Carries out what was planned: pages, links and slots."""

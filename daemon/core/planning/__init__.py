"""What should be done, as plain actions: pages, links and slots to make, to change and to take back."""

"""Independent engines that judge what is read and written: how they are installed, started and asked.

Each runs in a process of its own and is never imported; the product does not depend on any of them.
"""

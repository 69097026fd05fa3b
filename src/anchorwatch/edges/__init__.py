"""The only code that touches sockets, disks, databases and clocks."""

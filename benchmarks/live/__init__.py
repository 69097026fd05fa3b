"""The live watch measured: the real program over real sockets."""

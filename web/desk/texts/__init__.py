"""Every text of the desk: a module for each of its pages, and `frame` for what stands around all of them."""

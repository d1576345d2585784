"""The desk's pages: a module with its `routes` for each. `web.desk.app` lists them."""

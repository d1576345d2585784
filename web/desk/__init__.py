"""The desk: the web pages of leaders, township offices and the city. `web.desk.app` puts them together."""

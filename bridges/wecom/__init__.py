"""WeCom (企业微信): messages of one application, both ways."""

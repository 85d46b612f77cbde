"""The commands, by subject: the `app` of each module of this package has some of them."""

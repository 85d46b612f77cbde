"""Facts that the rules use: algorithms, accounts and regions, instance families, and the analysis of regexes."""

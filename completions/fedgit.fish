complete --keep-order --exclusive --command fedgit --arguments "(FEDGIT_COMPLETE=fish fedgit -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"

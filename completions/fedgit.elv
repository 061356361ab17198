
set edit:completion:arg-completer[fedgit] = { |@words|
    var index = (count $words)
    set index = (- $index 1)

    put (env _CLAP_IFS="\n" _CLAP_COMPLETE_INDEX=(to-string $index) FEDGIT_COMPLETE="elvish" fedgit -- $@words) | to-lines
}


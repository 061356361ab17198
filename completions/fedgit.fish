# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_fedgit_global_optspecs
    string join \n config= user= project= no-input q/quiet v/verbose color= h/help V/version
end

function __fish_fedgit_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_fedgit_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_fedgit_using_subcommand
    set -l cmd (__fish_fedgit_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c fedgit -n "__fish_fedgit_needs_command" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_needs_command" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_needs_command" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_needs_command" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_needs_command" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_needs_command" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_needs_command" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_needs_command" -s V -l version -d 'Print version'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "init" -d 'Ask a few questions, or take them as flags, and write a commented fedgit.toml'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "check" -d 'Read every layer and report every mistake'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "plan" -d 'Show what `apply` would change; exit code 3 where changes are pending'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "apply" -d 'Make ~/.aws/config agree with fedgit.toml'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "credential-process" -d 'Print a profile\'s credentials as JSON: the `credential_process` entry of a profile'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "login" -d 'Log in, and fetch the credentials of every role of the identity provider'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "logout" -d 'Forget cached credentials'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "roles" -d 'Show the roles that an identity provider offers, and which of them fedgit.toml declares'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "status" -d 'Show every profile: its identity provider, when its credentials expire, what to do next'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "exec" -d 'Run a command with a role\'s credentials in its environment'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "env" -d 'Print a role\'s credentials as assignments for a shell'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "whoami" -d 'Ask STS who a role\'s credentials are'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "console" -d 'Open the AWS console in the browser, signed in as a role'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "clone" -d 'Clone a declared repository; plain git works in the clone from then on'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "git" -d 'Run git with CodeCommit credentials wired in'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "git-credential" -d 'Answer git\'s credential-helper protocol'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "repo" -d 'Declared repositories'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "import" -d 'Write a fedgit.toml from what other tools are configured with'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "config" -d 'Look at the configuration and change it'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "schema" -d 'Print the JSON Schema of fedgit.toml'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "completions" -d 'Print a completion script'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "trust" -d 'Trust a project\'s fedgit.toml as it is now'
complete -c fedgit -n "__fish_fedgit_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l kind -d 'Kind of identity provider: adfs, okta, identity-center, saml, browser or command' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l name -d 'What to call the identity provider in the file' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l url -d 'Its sign-on page, or AWS application (okta); for adfs the host alone is enough' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l command -d 'command: the program that prints the base64 SAMLResponse, with its arguments' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l start-url -d 'identity-center: the start URL of the access portal' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l idp-region -d 'identity-center: the region of the instance' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l username -d 'Who signs in; "" to be asked at each login' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l role-arn -d 'The role that the login gives' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l account -d 'identity-center: the account, twelve digits' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l permission-set -d 'identity-center: the permission set' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l profile -d 'The profile\'s name in ~/.aws/config; the role\'s where left out' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l region -d 'The region; the main one of the role\'s partition where left out' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l repo -d 'A repository in CodeCommit; "" for none' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -s o -l output -d 'Write this file; --config\'s, else the user\'s own where left out' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l here -d 'Write ./fedgit.toml, for this project'
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand check" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand check" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand check" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand check" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand check" -l json -d 'Print the mistakes as JSON, for editors'
complete -c fedgit -n "__fish_fedgit_using_subcommand check" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand check" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand check" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand plan" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand plan" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand plan" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand plan" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand plan" -l adopt -d 'Plan to take over profiles that are not fedgit\'s, or were edited by hand'
complete -c fedgit -n "__fish_fedgit_using_subcommand plan" -l prune-missing -d 'Plan to remove what belongs to a fedgit.toml that is gone'
complete -c fedgit -n "__fish_fedgit_using_subcommand plan" -l json -d 'Print JSON'
complete -c fedgit -n "__fish_fedgit_using_subcommand plan" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand plan" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand plan" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand apply" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand apply" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand apply" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand apply" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand apply" -l check -d 'Write nothing; exit code 3 where changes are pending'
complete -c fedgit -n "__fish_fedgit_using_subcommand apply" -l adopt -d 'Take over profiles that are not fedgit\'s, or were edited by hand'
complete -c fedgit -n "__fish_fedgit_using_subcommand apply" -l prune-missing -d 'Remove what belongs to a fedgit.toml that is gone'
complete -c fedgit -n "__fish_fedgit_using_subcommand apply" -s y -l yes -d 'Do not ask'
complete -c fedgit -n "__fish_fedgit_using_subcommand apply" -l json -d 'Print the plan as JSON'
complete -c fedgit -n "__fish_fedgit_using_subcommand apply" -l restore -d 'Bring back the version of the file before the last apply'
complete -c fedgit -n "__fish_fedgit_using_subcommand apply" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand apply" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand apply" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand credential-process" -l profile -d 'The profile' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand credential-process" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand credential-process" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand credential-process" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand credential-process" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand credential-process" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand credential-process" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand credential-process" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand credential-process" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand login" -l capture -d 'Save what the sign-in pages are made of in this new file, for a bug report: no value, password, code, token or query is in it' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand login" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand login" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand login" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand login" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand login" -l save-password -d 'Ask for the password, and save it in the operating system\'s keychain once it worked'
complete -c fedgit -n "__fish_fedgit_using_subcommand login" -l device-code -d 'Sign in to IAM Identity Center by a code, on any device'
complete -c fedgit -n "__fish_fedgit_using_subcommand login" -l no-browser -d 'Print the page to sign in on, and open no browser'
complete -c fedgit -n "__fish_fedgit_using_subcommand login" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand login" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand login" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand logout" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand logout" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand logout" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand logout" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand logout" -l password -d 'Forget saved passwords too'
complete -c fedgit -n "__fish_fedgit_using_subcommand logout" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand logout" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand logout" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand roles" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand roles" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand roles" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand roles" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand roles" -l json -d 'Print JSON'
complete -c fedgit -n "__fish_fedgit_using_subcommand roles" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand roles" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand roles" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand roles" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand status" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand status" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand status" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand status" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand status" -l json -d 'Print JSON'
complete -c fedgit -n "__fish_fedgit_using_subcommand status" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand status" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand status" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand exec" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand exec" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand exec" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand exec" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand exec" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand exec" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand exec" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand exec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand env" -l shell -d 'For whom; by $SHELL where left out' -r -f -a "bash\t'And every other shell that descends from Bourne\'s'
zsh\t''
fish\t''
powershell\t''
dotenv\t'Lines of a .env file'
json\t'One JSON object'"
complete -c fedgit -n "__fish_fedgit_using_subcommand env" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand env" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand env" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand env" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand env" -l unset -d 'Print what takes the variables away again'
complete -c fedgit -n "__fish_fedgit_using_subcommand env" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand env" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand env" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand env" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand whoami" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand whoami" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand whoami" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand whoami" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand whoami" -l json -d 'Print JSON'
complete -c fedgit -n "__fish_fedgit_using_subcommand whoami" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand whoami" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand whoami" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand console" -l service -d 'The console of this service, such as s3 or codecommit' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand console" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand console" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand console" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand console" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand console" -l print -d 'Print the address instead; whoever has it is signed in'
complete -c fedgit -n "__fish_fedgit_using_subcommand console" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand console" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand console" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand console" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand clone" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand clone" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand clone" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand clone" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand clone" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand clone" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand clone" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand clone" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand git" -l repo -d 'Wire in this repository only' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand git" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand git" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand git" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand git" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand git" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand git" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand git" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand git" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand git-credential" -l profile -d 'Sign with this profile\'s credentials; by the declared repositories where left out' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand git-credential" -l region -d 'Sign for this region, where the host does not tell it' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand git-credential" -l host -d 'Answer for this host too, which is not one of CodeCommit\'s own' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand git-credential" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand git-credential" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand git-credential" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand git-credential" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand git-credential" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand git-credential" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand git-credential" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand git-credential" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and not __fish_seen_subcommand_from list help" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and not __fish_seen_subcommand_from list help" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and not __fish_seen_subcommand_from list help" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and not __fish_seen_subcommand_from list help" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and not __fish_seen_subcommand_from list help" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and not __fish_seen_subcommand_from list help" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and not __fish_seen_subcommand_from list help" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and not __fish_seen_subcommand_from list help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and not __fish_seen_subcommand_from list help" -f -a "list" -d 'List them'
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and not __fish_seen_subcommand_from list help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and __fish_seen_subcommand_from list" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and __fish_seen_subcommand_from list" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and __fish_seen_subcommand_from list" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and __fish_seen_subcommand_from list" -l json -d 'Print JSON'
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and __fish_seen_subcommand_from help" -f -a "list" -d 'List them'
complete -c fedgit -n "__fish_fedgit_using_subcommand repo; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l output -d 'The file to write, where nothing is yet; --config\'s, else the user\'s own where left out' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l under -d 'Look for clones of CodeCommit repositories in this folder; may be given several times' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l saml2aws -d 'saml2aws\'s file, where it is not ~/.saml2aws' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l gimme-aws-creds -d 'gimme-aws-creds\'s file, where it is not ~/.okta_aws_login_config' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l from -d 'Declare what an Identity Center offers instead of what other tools are configured with' -r -f -a "identity-center\t'AWS IAM Identity Center'"
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l idp -d '--from: the Identity Center, where fedgit.toml declares several' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l accounts -d '--from: only accounts whose name or id fits this pattern' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l permission-sets -d '--from: only permission sets whose name fits this pattern' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l name-template -d '--from: names of the profiles; may hold {account}, {permission_set} and {region}' -r
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l print -d 'Print the file instead of writing it'
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and not __fish_seen_subcommand_from show get set unset help" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and not __fish_seen_subcommand_from show get set unset help" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and not __fish_seen_subcommand_from show get set unset help" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and not __fish_seen_subcommand_from show get set unset help" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and not __fish_seen_subcommand_from show get set unset help" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and not __fish_seen_subcommand_from show get set unset help" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and not __fish_seen_subcommand_from show get set unset help" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and not __fish_seen_subcommand_from show get set unset help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and not __fish_seen_subcommand_from show get set unset help" -f -a "show" -d 'Print the merged whole'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and not __fish_seen_subcommand_from show get set unset help" -f -a "get" -d 'Print one value'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and not __fish_seen_subcommand_from show get set unset help" -f -a "set" -d 'Set a key in a file, comments kept'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and not __fish_seen_subcommand_from show get set unset help" -f -a "unset" -d 'Take a key out of a file, comments kept'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and not __fish_seen_subcommand_from show get set unset help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from show" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from show" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from show" -l origin -d 'With the file and line, or the variable, that each value came from'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'Print JSON, with the origins'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from get" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from get" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from get" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from get" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from get" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from set" -l file -d 'The file to change; --config\'s, else the user\'s own where left out' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from set" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from set" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from set" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from set" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from unset" -l file -d 'The file to change; --config\'s, else the user\'s own where left out' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from unset" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from unset" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from unset" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from unset" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from unset" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from unset" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from unset" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from unset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Print the merged whole'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "get" -d 'Print one value'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "set" -d 'Set a key in a file, comments kept'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "unset" -d 'Take a key out of a file, comments kept'
complete -c fedgit -n "__fish_fedgit_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c fedgit -n "__fish_fedgit_using_subcommand schema" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand schema" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand schema" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand schema" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand schema" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand schema" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand schema" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand completions" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand completions" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand completions" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand completions" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand completions" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand completions" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand completions" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand trust" -l config -d 'Read this file instead of all the others (FEDGIT_CONFIG)' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand trust" -l user -d 'Read this file as the user\'s own; written by `apply` where XDG_CONFIG_HOME is set' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand trust" -l project -d 'Read this file as the project\'s; written by `apply` into a project\'s profiles' -r -F
complete -c fedgit -n "__fish_fedgit_using_subcommand trust" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c fedgit -n "__fish_fedgit_using_subcommand trust" -l no-input -d 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
complete -c fedgit -n "__fish_fedgit_using_subcommand trust" -s q -l quiet -d 'Say less'
complete -c fedgit -n "__fish_fedgit_using_subcommand trust" -s v -l verbose -d 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
complete -c fedgit -n "__fish_fedgit_using_subcommand trust" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "init" -d 'Ask a few questions, or take them as flags, and write a commented fedgit.toml'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "check" -d 'Read every layer and report every mistake'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "plan" -d 'Show what `apply` would change; exit code 3 where changes are pending'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "apply" -d 'Make ~/.aws/config agree with fedgit.toml'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "credential-process" -d 'Print a profile\'s credentials as JSON: the `credential_process` entry of a profile'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "login" -d 'Log in, and fetch the credentials of every role of the identity provider'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "logout" -d 'Forget cached credentials'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "roles" -d 'Show the roles that an identity provider offers, and which of them fedgit.toml declares'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "status" -d 'Show every profile: its identity provider, when its credentials expire, what to do next'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "exec" -d 'Run a command with a role\'s credentials in its environment'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "env" -d 'Print a role\'s credentials as assignments for a shell'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "whoami" -d 'Ask STS who a role\'s credentials are'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "console" -d 'Open the AWS console in the browser, signed in as a role'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "clone" -d 'Clone a declared repository; plain git works in the clone from then on'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "git" -d 'Run git with CodeCommit credentials wired in'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "git-credential" -d 'Answer git\'s credential-helper protocol'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "repo" -d 'Declared repositories'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "import" -d 'Write a fedgit.toml from what other tools are configured with'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "config" -d 'Look at the configuration and change it'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "schema" -d 'Print the JSON Schema of fedgit.toml'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "completions" -d 'Print a completion script'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "trust" -d 'Trust a project\'s fedgit.toml as it is now'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and not __fish_seen_subcommand_from init check plan apply credential-process login logout roles status exec env whoami console clone git git-credential repo import config schema completions trust help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and __fish_seen_subcommand_from repo" -f -a "list" -d 'List them'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Print the merged whole'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "get" -d 'Print one value'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "set" -d 'Set a key in a file, comments kept'
complete -c fedgit -n "__fish_fedgit_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "unset" -d 'Take a key out of a file, comments kept'

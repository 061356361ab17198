
use builtin;
use str;

set edit:completion:arg-completer[fedgit] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'fedgit'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'fedgit'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand init 'Ask a few questions, or take them as flags, and write a commented fedgit.toml'
            cand check 'Read every layer and report every mistake'
            cand plan 'Show what `apply` would change; exit code 3 where changes are pending'
            cand apply 'Make ~/.aws/config agree with fedgit.toml'
            cand credential-process 'Print a profile''s credentials as JSON: the `credential_process` entry of a profile'
            cand login 'Log in, and fetch the credentials of every role of the identity provider'
            cand logout 'Forget cached credentials'
            cand roles 'Show the roles that an identity provider offers, and which of them fedgit.toml declares'
            cand status 'Show every profile: its identity provider, when its credentials expire, what to do next'
            cand exec 'Run a command with a role''s credentials in its environment'
            cand env 'Print a role''s credentials as assignments for a shell'
            cand whoami 'Ask STS who a role''s credentials are'
            cand console 'Open the AWS console in the browser, signed in as a role'
            cand clone 'Clone a declared repository; plain git works in the clone from then on'
            cand git 'Run git with CodeCommit credentials wired in'
            cand git-credential 'Answer git''s credential-helper protocol'
            cand repo 'Declared repositories'
            cand import 'Write a fedgit.toml from what other tools are configured with'
            cand config 'Look at the configuration and change it'
            cand schema 'Print the JSON Schema of fedgit.toml'
            cand completions 'Print a completion script'
            cand trust 'Trust a project''s fedgit.toml as it is now'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'fedgit;init'= {
            cand --kind 'Kind of identity provider: adfs, okta, identity-center, saml, browser or command'
            cand --name 'What to call the identity provider in the file'
            cand --url 'Its sign-on page, or AWS application (okta); for adfs the host alone is enough'
            cand --command 'command: the program that prints the base64 SAMLResponse, with its arguments'
            cand --start-url 'identity-center: the start URL of the access portal'
            cand --idp-region 'identity-center: the region of the instance'
            cand --username 'Who signs in; "" to be asked at each login'
            cand --role-arn 'The role that the login gives'
            cand --account 'identity-center: the account, twelve digits'
            cand --permission-set 'identity-center: the permission set'
            cand --profile 'The profile''s name in ~/.aws/config; the role''s where left out'
            cand --region 'The region; the main one of the role''s partition where left out'
            cand --repo 'A repository in CodeCommit; "" for none'
            cand -o 'Write this file; --config''s, else the user''s own where left out'
            cand --output 'Write this file; --config''s, else the user''s own where left out'
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --here 'Write ./fedgit.toml, for this project'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;check'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --json 'Print the mistakes as JSON, for editors'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;plan'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --adopt 'Plan to take over profiles that are not fedgit''s, or were edited by hand'
            cand --prune-missing 'Plan to remove what belongs to a fedgit.toml that is gone'
            cand --json 'Print JSON'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;apply'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --check 'Write nothing; exit code 3 where changes are pending'
            cand --adopt 'Take over profiles that are not fedgit''s, or were edited by hand'
            cand --prune-missing 'Remove what belongs to a fedgit.toml that is gone'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --json 'Print the plan as JSON'
            cand --restore 'Bring back the version of the file before the last apply'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;credential-process'= {
            cand --profile 'The profile'
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;login'= {
            cand --capture 'Save what the sign-in pages are made of in this new file, for a bug report: no value, password, code, token or query is in it'
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --save-password 'Ask for the password, and save it in the operating system''s keychain once it worked'
            cand --device-code 'Sign in to IAM Identity Center by a code, on any device'
            cand --no-browser 'Print the page to sign in on, and open no browser'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;logout'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --password 'Forget saved passwords too'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;roles'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --json 'Print JSON'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;status'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --json 'Print JSON'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;exec'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;env'= {
            cand --shell 'For whom; by $SHELL where left out'
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --unset 'Print what takes the variables away again'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;whoami'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --json 'Print JSON'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;console'= {
            cand --service 'The console of this service, such as s3 or codecommit'
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --print 'Print the address instead; whoever has it is signed in'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;clone'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;git'= {
            cand --repo 'Wire in this repository only'
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;git-credential'= {
            cand --profile 'Sign with this profile''s credentials; by the declared repositories where left out'
            cand --region 'Sign for this region, where the host does not tell it'
            cand --host 'Answer for this host too, which is not one of CodeCommit''s own'
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;repo'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'fedgit;repo;list'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --json 'Print JSON'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;repo;help'= {
            cand list 'List them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'fedgit;repo;help;list'= {
        }
        &'fedgit;repo;help;help'= {
        }
        &'fedgit;import'= {
            cand --output 'The file to write, where nothing is yet; --config''s, else the user''s own where left out'
            cand --under 'Look for clones of CodeCommit repositories in this folder; may be given several times'
            cand --saml2aws 'saml2aws''s file, where it is not ~/.saml2aws'
            cand --gimme-aws-creds 'gimme-aws-creds''s file, where it is not ~/.okta_aws_login_config'
            cand --from 'Declare what an Identity Center offers instead of what other tools are configured with'
            cand --idp '--from: the Identity Center, where fedgit.toml declares several'
            cand --accounts '--from: only accounts whose name or id fits this pattern'
            cand --permission-sets '--from: only permission sets whose name fits this pattern'
            cand --name-template '--from: names of the profiles; may hold {account}, {permission_set} and {region}'
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --print 'Print the file instead of writing it'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;config'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Print the merged whole'
            cand get 'Print one value'
            cand set 'Set a key in a file, comments kept'
            cand unset 'Take a key out of a file, comments kept'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'fedgit;config;show'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --origin 'With the file and line, or the variable, that each value came from'
            cand --json 'Print JSON, with the origins'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;config;get'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;config;set'= {
            cand --file 'The file to change; --config''s, else the user''s own where left out'
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;config;unset'= {
            cand --file 'The file to change; --config''s, else the user''s own where left out'
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;config;help'= {
            cand show 'Print the merged whole'
            cand get 'Print one value'
            cand set 'Set a key in a file, comments kept'
            cand unset 'Take a key out of a file, comments kept'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'fedgit;config;help;show'= {
        }
        &'fedgit;config;help;get'= {
        }
        &'fedgit;config;help;set'= {
        }
        &'fedgit;config;help;unset'= {
        }
        &'fedgit;config;help;help'= {
        }
        &'fedgit;schema'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;completions'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;trust'= {
            cand --config 'Read this file instead of all the others (FEDGIT_CONFIG)'
            cand --user 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set'
            cand --project 'Read this file as the project''s; written by `apply` into a project''s profiles'
            cand --color 'When to colour'
            cand --no-input 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)'
            cand -q 'Say less'
            cand --quiet 'Say less'
            cand -v 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand --verbose 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'fedgit;help'= {
            cand init 'Ask a few questions, or take them as flags, and write a commented fedgit.toml'
            cand check 'Read every layer and report every mistake'
            cand plan 'Show what `apply` would change; exit code 3 where changes are pending'
            cand apply 'Make ~/.aws/config agree with fedgit.toml'
            cand credential-process 'Print a profile''s credentials as JSON: the `credential_process` entry of a profile'
            cand login 'Log in, and fetch the credentials of every role of the identity provider'
            cand logout 'Forget cached credentials'
            cand roles 'Show the roles that an identity provider offers, and which of them fedgit.toml declares'
            cand status 'Show every profile: its identity provider, when its credentials expire, what to do next'
            cand exec 'Run a command with a role''s credentials in its environment'
            cand env 'Print a role''s credentials as assignments for a shell'
            cand whoami 'Ask STS who a role''s credentials are'
            cand console 'Open the AWS console in the browser, signed in as a role'
            cand clone 'Clone a declared repository; plain git works in the clone from then on'
            cand git 'Run git with CodeCommit credentials wired in'
            cand git-credential 'Answer git''s credential-helper protocol'
            cand repo 'Declared repositories'
            cand import 'Write a fedgit.toml from what other tools are configured with'
            cand config 'Look at the configuration and change it'
            cand schema 'Print the JSON Schema of fedgit.toml'
            cand completions 'Print a completion script'
            cand trust 'Trust a project''s fedgit.toml as it is now'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'fedgit;help;init'= {
        }
        &'fedgit;help;check'= {
        }
        &'fedgit;help;plan'= {
        }
        &'fedgit;help;apply'= {
        }
        &'fedgit;help;credential-process'= {
        }
        &'fedgit;help;login'= {
        }
        &'fedgit;help;logout'= {
        }
        &'fedgit;help;roles'= {
        }
        &'fedgit;help;status'= {
        }
        &'fedgit;help;exec'= {
        }
        &'fedgit;help;env'= {
        }
        &'fedgit;help;whoami'= {
        }
        &'fedgit;help;console'= {
        }
        &'fedgit;help;clone'= {
        }
        &'fedgit;help;git'= {
        }
        &'fedgit;help;git-credential'= {
        }
        &'fedgit;help;repo'= {
            cand list 'List them'
        }
        &'fedgit;help;repo;list'= {
        }
        &'fedgit;help;import'= {
        }
        &'fedgit;help;config'= {
            cand show 'Print the merged whole'
            cand get 'Print one value'
            cand set 'Set a key in a file, comments kept'
            cand unset 'Take a key out of a file, comments kept'
        }
        &'fedgit;help;config;show'= {
        }
        &'fedgit;help;config;get'= {
        }
        &'fedgit;help;config;set'= {
        }
        &'fedgit;help;config;unset'= {
        }
        &'fedgit;help;schema'= {
        }
        &'fedgit;help;completions'= {
        }
        &'fedgit;help;trust'= {
        }
        &'fedgit;help;help'= {
        }
    ]
    $completions[$command]
}

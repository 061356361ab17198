
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'fedgit' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'fedgit'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'fedgit' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Ask a few questions, or take them as flags, and write a commented fedgit.toml')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Read every layer and report every mistake')
            [CompletionResult]::new('plan', 'plan', [CompletionResultType]::ParameterValue, 'Show what `apply` would change; exit code 3 where changes are pending')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Make ~/.aws/config agree with fedgit.toml')
            [CompletionResult]::new('credential-process', 'credential-process', [CompletionResultType]::ParameterValue, 'Print a profile''s credentials as JSON: the `credential_process` entry of a profile')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Log in, and fetch the credentials of every role of the identity provider')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget cached credentials')
            [CompletionResult]::new('roles', 'roles', [CompletionResultType]::ParameterValue, 'Show the roles that an identity provider offers, and which of them fedgit.toml declares')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show every profile: its identity provider, when its credentials expire, what to do next')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run a command with a role''s credentials in its environment')
            [CompletionResult]::new('env', 'env', [CompletionResultType]::ParameterValue, 'Print a role''s credentials as assignments for a shell')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'Ask STS who a role''s credentials are')
            [CompletionResult]::new('console', 'console', [CompletionResultType]::ParameterValue, 'Open the AWS console in the browser, signed in as a role')
            [CompletionResult]::new('clone', 'clone', [CompletionResultType]::ParameterValue, 'Clone a declared repository; plain git works in the clone from then on')
            [CompletionResult]::new('git', 'git', [CompletionResultType]::ParameterValue, 'Run git with CodeCommit credentials wired in')
            [CompletionResult]::new('git-credential', 'git-credential', [CompletionResultType]::ParameterValue, 'Answer git''s credential-helper protocol')
            [CompletionResult]::new('repo', 'repo', [CompletionResultType]::ParameterValue, 'Declared repositories')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Write a fedgit.toml from what other tools are configured with')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Look at the configuration and change it')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of fedgit.toml')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'Trust a project''s fedgit.toml as it is now')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'fedgit;init' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Kind of identity provider: adfs, okta, identity-center, saml, browser or command')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'What to call the identity provider in the file')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'Its sign-on page, or AWS application (okta); for adfs the host alone is enough')
            [CompletionResult]::new('--command', '--command', [CompletionResultType]::ParameterName, 'command: the program that prints the base64 SAMLResponse, with its arguments')
            [CompletionResult]::new('--start-url', '--start-url', [CompletionResultType]::ParameterName, 'identity-center: the start URL of the access portal')
            [CompletionResult]::new('--idp-region', '--idp-region', [CompletionResultType]::ParameterName, 'identity-center: the region of the instance')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Who signs in; "" to be asked at each login')
            [CompletionResult]::new('--role-arn', '--role-arn', [CompletionResultType]::ParameterName, 'The role that the login gives')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'identity-center: the account, twelve digits')
            [CompletionResult]::new('--permission-set', '--permission-set', [CompletionResultType]::ParameterName, 'identity-center: the permission set')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile''s name in ~/.aws/config; the role''s where left out')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The region; the main one of the role''s partition where left out')
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'A repository in CodeCommit; "" for none')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write this file; --config''s, else the user''s own where left out')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write this file; --config''s, else the user''s own where left out')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--here', '--here', [CompletionResultType]::ParameterName, 'Write ./fedgit.toml, for this project')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;check' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the mistakes as JSON, for editors')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;plan' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Plan to take over profiles that are not fedgit''s, or were edited by hand')
            [CompletionResult]::new('--prune-missing', '--prune-missing', [CompletionResultType]::ParameterName, 'Plan to remove what belongs to a fedgit.toml that is gone')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;apply' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Write nothing; exit code 3 where changes are pending')
            [CompletionResult]::new('--adopt', '--adopt', [CompletionResultType]::ParameterName, 'Take over profiles that are not fedgit''s, or were edited by hand')
            [CompletionResult]::new('--prune-missing', '--prune-missing', [CompletionResultType]::ParameterName, 'Remove what belongs to a fedgit.toml that is gone')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the plan as JSON')
            [CompletionResult]::new('--restore', '--restore', [CompletionResultType]::ParameterName, 'Bring back the version of the file before the last apply')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;credential-process' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;login' {
            [CompletionResult]::new('--capture', '--capture', [CompletionResultType]::ParameterName, 'Save what the sign-in pages are made of in this new file, for a bug report: no value, password, code, token or query is in it')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--save-password', '--save-password', [CompletionResultType]::ParameterName, 'Ask for the password, and save it in the operating system''s keychain once it worked')
            [CompletionResult]::new('--device-code', '--device-code', [CompletionResultType]::ParameterName, 'Sign in to IAM Identity Center by a code, on any device')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'Print the page to sign in on, and open no browser')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;logout' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'Forget saved passwords too')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;roles' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;status' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;exec' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;env' {
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'For whom; by $SHELL where left out')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Print what takes the variables away again')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;whoami' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;console' {
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The console of this service, such as s3 or codecommit')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the address instead; whoever has it is signed in')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;clone' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;git' {
            [CompletionResult]::new('--repo', '--repo', [CompletionResultType]::ParameterName, 'Wire in this repository only')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;git-credential' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Sign with this profile''s credentials; by the declared repositories where left out')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Sign for this region, where the host does not tell it')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Answer for this host too, which is not one of CodeCommit''s own')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;repo' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'fedgit;repo;list' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;repo;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'fedgit;repo;help;list' {
            break
        }
        'fedgit;repo;help;help' {
            break
        }
        'fedgit;import' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The file to write, where nothing is yet; --config''s, else the user''s own where left out')
            [CompletionResult]::new('--under', '--under', [CompletionResultType]::ParameterName, 'Look for clones of CodeCommit repositories in this folder; may be given several times')
            [CompletionResult]::new('--saml2aws', '--saml2aws', [CompletionResultType]::ParameterName, 'saml2aws''s file, where it is not ~/.saml2aws')
            [CompletionResult]::new('--gimme-aws-creds', '--gimme-aws-creds', [CompletionResultType]::ParameterName, 'gimme-aws-creds''s file, where it is not ~/.okta_aws_login_config')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Declare what an Identity Center offers instead of what other tools are configured with')
            [CompletionResult]::new('--idp', '--idp', [CompletionResultType]::ParameterName, '--from: the Identity Center, where fedgit.toml declares several')
            [CompletionResult]::new('--accounts', '--accounts', [CompletionResultType]::ParameterName, '--from: only accounts whose name or id fits this pattern')
            [CompletionResult]::new('--permission-sets', '--permission-sets', [CompletionResultType]::ParameterName, '--from: only permission sets whose name fits this pattern')
            [CompletionResult]::new('--name-template', '--name-template', [CompletionResultType]::ParameterName, '--from: names of the profiles; may hold {account}, {permission_set} and {region}')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the file instead of writing it')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;config' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print the merged whole')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Print one value')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set a key in a file, comments kept')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Take a key out of a file, comments kept')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'fedgit;config;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--origin', '--origin', [CompletionResultType]::ParameterName, 'With the file and line, or the variable, that each value came from')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON, with the origins')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;config;get' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;config;set' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The file to change; --config''s, else the user''s own where left out')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;config;unset' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The file to change; --config''s, else the user''s own where left out')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;config;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print the merged whole')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Print one value')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set a key in a file, comments kept')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Take a key out of a file, comments kept')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'fedgit;config;help;show' {
            break
        }
        'fedgit;config;help;get' {
            break
        }
        'fedgit;config;help;set' {
            break
        }
        'fedgit;config;help;unset' {
            break
        }
        'fedgit;config;help;help' {
            break
        }
        'fedgit;schema' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;completions' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;trust' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of all the others (FEDGIT_CONFIG)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Read this file as the user''s own; written by `apply` where XDG_CONFIG_HOME is set')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'Read this file as the project''s; written by `apply` into a project''s profiles')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say less')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fedgit;help' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Ask a few questions, or take them as flags, and write a commented fedgit.toml')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Read every layer and report every mistake')
            [CompletionResult]::new('plan', 'plan', [CompletionResultType]::ParameterValue, 'Show what `apply` would change; exit code 3 where changes are pending')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Make ~/.aws/config agree with fedgit.toml')
            [CompletionResult]::new('credential-process', 'credential-process', [CompletionResultType]::ParameterValue, 'Print a profile''s credentials as JSON: the `credential_process` entry of a profile')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Log in, and fetch the credentials of every role of the identity provider')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget cached credentials')
            [CompletionResult]::new('roles', 'roles', [CompletionResultType]::ParameterValue, 'Show the roles that an identity provider offers, and which of them fedgit.toml declares')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show every profile: its identity provider, when its credentials expire, what to do next')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run a command with a role''s credentials in its environment')
            [CompletionResult]::new('env', 'env', [CompletionResultType]::ParameterValue, 'Print a role''s credentials as assignments for a shell')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'Ask STS who a role''s credentials are')
            [CompletionResult]::new('console', 'console', [CompletionResultType]::ParameterValue, 'Open the AWS console in the browser, signed in as a role')
            [CompletionResult]::new('clone', 'clone', [CompletionResultType]::ParameterValue, 'Clone a declared repository; plain git works in the clone from then on')
            [CompletionResult]::new('git', 'git', [CompletionResultType]::ParameterValue, 'Run git with CodeCommit credentials wired in')
            [CompletionResult]::new('git-credential', 'git-credential', [CompletionResultType]::ParameterValue, 'Answer git''s credential-helper protocol')
            [CompletionResult]::new('repo', 'repo', [CompletionResultType]::ParameterValue, 'Declared repositories')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Write a fedgit.toml from what other tools are configured with')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Look at the configuration and change it')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of fedgit.toml')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'Trust a project''s fedgit.toml as it is now')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'fedgit;help;init' {
            break
        }
        'fedgit;help;check' {
            break
        }
        'fedgit;help;plan' {
            break
        }
        'fedgit;help;apply' {
            break
        }
        'fedgit;help;credential-process' {
            break
        }
        'fedgit;help;login' {
            break
        }
        'fedgit;help;logout' {
            break
        }
        'fedgit;help;roles' {
            break
        }
        'fedgit;help;status' {
            break
        }
        'fedgit;help;exec' {
            break
        }
        'fedgit;help;env' {
            break
        }
        'fedgit;help;whoami' {
            break
        }
        'fedgit;help;console' {
            break
        }
        'fedgit;help;clone' {
            break
        }
        'fedgit;help;git' {
            break
        }
        'fedgit;help;git-credential' {
            break
        }
        'fedgit;help;repo' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List them')
            break
        }
        'fedgit;help;repo;list' {
            break
        }
        'fedgit;help;import' {
            break
        }
        'fedgit;help;config' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print the merged whole')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Print one value')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set a key in a file, comments kept')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Take a key out of a file, comments kept')
            break
        }
        'fedgit;help;config;show' {
            break
        }
        'fedgit;help;config;get' {
            break
        }
        'fedgit;help;config;set' {
            break
        }
        'fedgit;help;config;unset' {
            break
        }
        'fedgit;help;schema' {
            break
        }
        'fedgit;help;completions' {
            break
        }
        'fedgit;help;trust' {
            break
        }
        'fedgit;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
